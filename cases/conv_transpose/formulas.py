"""The formulas that the documents print, each as it stands there, right or wrong, and the conditions of claims."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from cases.documentation import Bound
from cases.values import Tensor
from reference.initializers import Distribution, Uniform

AxisFormula = Callable[[int, int, int, int, tuple[int, int], int], int]
Condition = Callable[[Bound], bool]
Answer = TypeVar("Answer")


def per_axis(value: Any, axes: int) -> tuple[int, ...]:
    """An int for each axis, or the tuple itself."""
    return tuple(value) if isinstance(value, tuple | list) else (value,) * axes


def sizes(bound: Bound) -> dict[str, Any]:
    """The arguments as a layer has them: what a function or a lazy layer is not told is read off its tensors."""
    given = dict(bound.arguments)
    weight = given.get("weight")
    if "out_channels" in given and "in_channels" not in given and len(bound.input_shape) > 1:
        given["in_channels"] = bound.input_shape[1]
    if isinstance(weight, Tensor):
        incoming, outgoing, *kernel = weight.shape
        given |= {"in_channels": incoming, "out_channels": outgoing * given["groups"], "kernel_size": tuple(kernel)}
    return given


def pads(value: Any, axes: int) -> tuple[tuple[int, int], ...]:
    """(begin, end) of each axis, from an int, one int per axis or two ints per axis."""
    if isinstance(value, tuple) and len(value) == 2 * axes and axes > 1:
        return tuple(zip(value[::2], value[1::2], strict=True))
    return tuple((pad, pad) for pad in per_axis(value, axes))


def shape(axes: int, formula: AxisFormula) -> Callable[[Bound], tuple[int, ...] | None]:
    """The output's shape from a formula for one axis: of length, kernel, stride, dilation, (begin, end), output_padding."""

    def whole(bound: Bound) -> tuple[int, ...] | None:
        given = sizes(bound)
        leading = bound.input_shape[: len(bound.input_shape) - axes - 1]
        lengths = (
            formula(*axis)
            for axis in zip(
                bound.input_shape[-axes:],
                per_axis(given["kernel_size"], axes),
                per_axis(given["stride"], axes),
                per_axis(given["dilation"], axes),
                pads(given["padding"], axes),
                per_axis(given.get("output_padding", 0), axes),
                strict=True,
            )
        )
        return (*leading, given["out_channels"], *lengths)

    return whole


def where(condition: Condition, formula: Callable[[Bound], Answer | None]) -> Callable[[Bound], Answer | None]:
    """A formula that speaks of some calls only."""
    return lambda bound: formula(bound) if condition(bound) else None


def transposed(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """The formula of PyTorch, OneFlow, the article, and MindSpore's pad mode."""
    return (length - 1) * s - sum(pad) + d * (k - 1) + o + 1


def valid_1d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 1-D, valid."""
    return (length - 1) * s + d * (k - 1) + 1


def pad_2d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 2-D, pad."""
    return length * s - sum(pad) + k + (d - 1) * (k - 1) - s + o


def valid_2d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 2-D, valid."""
    return length * s + max((d - 1) * (k - 1) - s, 0)


def same_2d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 2-D, same."""
    return length * s


def same_1d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 1-D, same; a quotient, taken as the whole number that a length must be."""
    return (length + s - 1) // s


def same_3d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 3-D, same."""
    return length // s + 1


def valid_3d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 3-D, valid."""
    return (length - d * (k - 1)) // s + 1


def pad_3d(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """MindSpore 3-D, pad."""
    return (length + sum(pad) - (d - 1) * k - 1) // s + 1


def input_padded(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """What the article's words on padding would give: zeros around the input."""
    return transposed(length + sum(pad), k, s, d, (0, 0), o)


def output_padded(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """What the article's words on output_padding would give: zeros at both edges of the output."""
    return transposed(length, k, s, d, pad, 2 * o)


def shorter(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    """What the comparison page's ratio of input to output would give: the input divided by the stride."""
    return length // s


def mode(name: str) -> Callable[[Bound], bool]:
    """Calls with this pad_mode."""
    return lambda bound: bool(bound.arguments["pad_mode"] == name)


def anything(bound: Bound) -> bool:
    """Every call."""
    return True


def only(name: str, plain: dict[str, Any], *allowed: str) -> Callable[[Bound], bool]:
    """Calls in which `name`, and of the others only `allowed`, differ from their plain value.

    Claims on one feature are held against calls that use no other feature, so that no claim is blamed for another's
    failure.
    """

    def alone(bound: Bound) -> bool:
        given = bound.arguments
        if name in plain and all(item == plain[name] for item in _items(given.get(name, plain[name]))):
            return False
        return all(
            all(item == value for item in _items(given.get(other, value)))
            for other, value in plain.items()
            if other not in (name, *allowed)
        )

    return alone


def plain(values: dict[str, Any]) -> Callable[[Bound], bool]:
    """Calls in which none of these arguments differs from its plain value."""
    return lambda bound: all(
        all(item == value for item in _items(bound.arguments.get(name, value))) for name, value in values.items()
    )


def is_int(name: str) -> Callable[[Bound], bool]:
    """Calls that give `name` as an int."""
    return lambda bound: type(bound.arguments[name]) is int


def is_tuple(name: str) -> Callable[[Bound], bool]:
    """Calls that give `name` as a tuple."""
    return lambda bound: isinstance(bound.arguments[name], tuple)


def equals(name: str, value: Any) -> Callable[[Bound], bool]:
    """Calls that give `name` this value."""
    return lambda bound: bool(bound.arguments[name] == value)


def weight_shape(axes: int, groups: str) -> Callable[[Bound], tuple[int, ...] | None]:
    """(in_channels, out_channels / groups, *kernel_size); the input has the channels where no argument gives them."""

    def whole(bound: Bound) -> tuple[int, ...] | None:
        given = bound.arguments
        if "in_channels" not in given and len(bound.input_shape) <= axes:
            return None
        incoming = given["in_channels"] if "in_channels" in given else bound.input_shape[-axes - 1]
        return (incoming, given["out_channels"] // given[groups], *per_axis(given["kernel_size"], axes))

    return whole


def uniform(axes: int) -> Callable[[Bound], Distribution | None]:
    """U(−√k, √k) with k = groups / (out_channels · ∏ kernel_size), the law of PyTorch's and OneFlow's parameters."""

    def law(bound: Bound) -> Distribution | None:
        given = bound.arguments
        k = given["groups"] / (given["out_channels"] * math.prod(per_axis(given["kernel_size"], axes)))
        return Uniform(-math.sqrt(k), math.sqrt(k))

    return law


# Conditions on how a call is written, beside the ones on its arguments.


def both(*conditions: Condition) -> Condition:
    """Calls that meet every one of these."""
    return lambda bound: all(condition(bound) for condition in conditions)


def unequal(name: str) -> Condition:
    """Calls that give `name` as a tuple whose numbers are not all the same."""
    return lambda bound: isinstance(bound.arguments[name], tuple) and len(set(bound.arguments[name])) > 1


def above(name: str, least: int) -> Condition:
    """Calls whose `name` is, on each axis, larger than this."""
    return lambda bound: all(item > least for item in _items(sizes(bound)[name]))


def unbatched(axes: int) -> Condition:
    """Calls whose input has no batch axis."""
    return lambda bound: len(bound.input_shape) == axes + 1


def setting(name: str, value: Any) -> Condition:
    """Calls with a switch of the backend in this position, in float32."""
    return lambda bound: bound.dtype == "float32" and (name, value) in bound.case.settings


def repeated(bound: Bound) -> bool:
    """Calls that are made more than once."""
    return bound.case.repeats > 1


def option(name: str, kind: type = object) -> Condition:
    """Calls of a layer that pass this keyword, with a value of this type."""

    def passed(bound: Bound) -> bool:
        given = dict(bound.case.call.keyword)
        return bound.case.construct is not None and name in given and isinstance(given[name], kind)

    return passed


def by_position(names: tuple[str, ...]) -> Condition:
    """Calls of a function that give every parameter by position."""
    return lambda bound: len(bound.case.call.positional) == len(names)


def by_name(name: str, names: tuple[str, ...]) -> Condition:
    """Calls of a function that give what stands before this parameter by position, and it by its name, as the last."""
    index = names.index(name)
    last = names[index : max(2, index + 1)]

    def given(bound: Bound) -> bool:
        call = bound.case.call
        return len(call.positional) == index and tuple(item for item, _ in call.keyword) == last

    return given


def only_left_out(name: str, names: tuple[str, ...]) -> Condition:
    """Calls of a function that give every parameter but this one."""
    return lambda bound: set(bound.case.call.bind(names)) == set(names) - {name}


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)
