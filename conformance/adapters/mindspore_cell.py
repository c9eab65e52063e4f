"""Calls of MindSpore as cells: what is compiled to a graph, or differentiated, must be a cell that takes tensors only.

It lies in a file of its own because it needs MindSpore when it is imported, and because the graph compiler reads its
source. In go a function, a primitive or a cell with its arguments; out comes its result, or its gradients.
"""

from collections.abc import Callable
from typing import Any

import mindspore
from mindspore import nn, ops


class Call(nn.Cell):  # type: ignore[misc]
    """A call with all of its arguments but the tensors: these stand at `places`, or have `names`, in this order."""

    def __init__(
        self,
        target: Any,
        places: tuple[int, ...],
        names: tuple[str, ...],
        fixed: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        super().__init__(auto_prefix=False)
        self.target = target
        self.places = places
        self.names = names
        self.fixed = fixed
        self.named = named

    def construct(self, *tensors: Any) -> Any:
        """Put the tensors where they belong, and call."""
        arguments = list(self.fixed)
        keyword = dict(self.named)
        count = 0
        for place in self.places:
            arguments[place] = tensors[count]
            count += 1
        for name in self.names:
            keyword[name] = tensors[count]
            count += 1
        return self.target(*arguments, **keyword)


def split(target: Any, positional: list[Any], keyword: dict[str, Any]) -> tuple[Call, list[Any]]:
    """The call as a cell, and the tensors that it takes."""
    places = tuple(place for place, item in enumerate(positional) if isinstance(item, mindspore.Tensor))
    names = tuple(name for name, item in keyword.items() if isinstance(item, mindspore.Tensor))
    fixed = tuple(None if place in places else item for place, item in enumerate(positional))
    named = {name: item for name, item in keyword.items() if name not in names}
    tensors = [*(positional[place] for place in places), *(keyword[name] for name in names)]
    return Call(target, places, names, fixed, named), tensors


class Compiled:
    """A target as it is called in graph mode: compiled at the first call, and run from the same graph afterwards."""

    def __init__(self, target: Any) -> None:
        self.target = target
        self._cell: Call | None = None

    def __call__(self, *positional: Any, **keyword: Any) -> Any:
        """Call it; the arguments other than tensors must be those of the first call."""
        cell, tensors = split(self.target, list(positional), keyword)
        self._cell = self._cell or cell
        return self._cell(*tensors)


def gradients(
    call: Callable[..., Any],
    arguments: tuple[list[Any], dict[str, Any]],
    wanted: tuple[list[Any], list[Any]],
    upstream: Any,
) -> list[Any]:
    """The gradients of sum(upstream * call) with respect to the wanted tensors, then the wanted parameters."""
    cell, tensors = split(call.target if isinstance(call, Compiled) else call, *arguments)
    held = mindspore.ParameterTuple(wanted[1])
    if wanted[0] and wanted[1]:
        found, of_held = ops.GradOperation(get_all=True, get_by_list=True, sens_param=True)(cell, held)(
            *tensors, upstream
        )
    elif wanted[0]:
        found, of_held = ops.GradOperation(get_all=True, sens_param=True)(cell)(*tensors, upstream), ()
    else:
        found, of_held = (), ops.GradOperation(get_by_list=True, sens_param=True)(cell, held)(*tensors, upstream)
    return [*(found[_index(tensors, item)] for item in wanted[0]), *of_held]


def _index(tensors: list[Any], wanted: Any) -> int:
    return next(index for index, item in enumerate(tensors) if item is wanted)
