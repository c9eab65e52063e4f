"""The steps around a call, done with a framework's own operations: a recipe as its user would write it.

In go a callable and the steps of a request, out comes a callable that does them too. What the steps add is passed to
it after the call's own arguments, so that a framework which differentiates functions of their arguments sees it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from conformance.adapters.wire import CannotRun


def surrounded(
    call: Callable[..., Any],
    around: dict[str, Any],
    roles: Sequence[str],
    pad: Callable[[Any, tuple[int, ...]], Any],
) -> Callable[..., Any]:
    """The call with its steps. `roles` are those of the tensors that come last; `pad` is the framework's padding.

    `pad` takes a tensor and (begin, end) of its last axis, then of the one before it, and so on.
    """

    def stepped(*arguments: Any, **keyword: Any) -> Any:
        count = len(arguments) - len(roles)
        own, added = list(arguments[:count]), dict(zip(roles, arguments[count:], strict=True))
        for step in around["before"]:
            own[0] = _done(step, own[0], added, pad)
        result = call(*own, **keyword)
        for step in around["after"]:
            result = _done(step, result, added, pad)
        return result

    return stepped


def _done(step: list[Any], tensor: Any, added: dict[str, Any], pad: Callable[[Any, tuple[int, ...]], Any]) -> Any:
    name, *numbers = step
    rank = len(tensor.shape)
    if name == "expand":
        return tensor.unsqueeze(numbers[0])
    if name == "squeeze":
        return tensor.squeeze(numbers[0])
    if name == "crop":
        axis, begin, end = numbers
        return tensor[(slice(None),) * axis + (slice(begin, tensor.shape[axis] - end),)]
    if name == "pad":
        axis, begin, end = numbers
        return pad(tensor, (0, 0) * (rank - 1 - axis) + (begin, end))
    if name == "add":
        return tensor + added[numbers[0]].reshape((1, -1) + (1,) * (rank - 2))
    raise CannotRun(f"this adapter knows no step {name!r}")
