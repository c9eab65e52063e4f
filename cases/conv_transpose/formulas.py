"""The formulas that the documents print, each as it stands there, right or wrong, and the conditions of claims."""

from collections.abc import Callable
from typing import Any

from cases.documentation import Bound

AxisFormula = Callable[[int, int, int, int, tuple[int, int], int], int]


def per_axis(value: Any, axes: int) -> tuple[int, ...]:
    """An int for each axis, or the tuple itself."""
    return value if isinstance(value, tuple) else (value,) * axes


def pads(value: Any, axes: int) -> tuple[tuple[int, int], ...]:
    """(begin, end) of each axis, from an int, one int per axis or two ints per axis."""
    if isinstance(value, tuple) and len(value) == 2 * axes and axes > 1:
        return tuple(zip(value[::2], value[1::2], strict=True))
    return tuple((pad, pad) for pad in per_axis(value, axes))


def shape(axes: int, formula: AxisFormula) -> Callable[[Bound], tuple[int, ...] | None]:
    """The output's shape from a formula for one axis: of length, kernel, stride, dilation, (begin, end), output_padding."""

    def whole(bound: Bound) -> tuple[int, ...] | None:
        given = bound.arguments
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


def where(
    condition: Callable[[Bound], bool], formula: Callable[[Bound], tuple[int, ...] | None]
) -> Callable[[Bound], tuple[int, ...] | None]:
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
    """(in_channels, out_channels / groups, *kernel_size)."""

    def whole(bound: Bound) -> tuple[int, ...]:
        given = bound.arguments
        kernel = per_axis(given["kernel_size"], axes)
        return (given["in_channels"], given["out_channels"] // given[groups], *kernel)

    return whole


def _items(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
