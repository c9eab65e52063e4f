"""The documented domains of the transposed convolutions: classes of valid values, and values just outside.

A factor's levels are classes (left out, 1, larger, a tuple …), each with one representative that the seed picks, so
that several seeds visit different members of the same classes.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.conv_transpose import formulas as f
from cases.covering import Requirement
from cases.values import Scalar, Value


class _LeftOut:
    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Any = _LeftOut()


def given(value: Any, default: Any) -> Any:
    """The value that a level means: the documented default where the argument is left out."""
    return default if value is LEFT_OUT else value


@dataclass(frozen=True)
class Dialect:
    """How a framework's classes spell what they share."""

    framework: str
    axes: int
    group: str
    bias: str
    bias_default: bool
    tuples: bool
    longer: bool
    pad_modes: bool
    unbatched: bool

    @property
    def modes(self) -> tuple[Any, ...]:
        """Levels of pad_mode, where there is one."""
        return (LEFT_OUT, "same", "valid", "pad") if self.pad_modes else (LEFT_OUT,)


DIALECTS = {
    f"{framework}.nn.{name.format(axes)}": Dialect(
        framework,
        axes,
        group="group" if framework == "mindspore" else "groups",
        bias="has_bias" if framework == "mindspore" else "bias",
        bias_default=framework != "mindspore",
        tuples=(framework, axes) != ("mindspore", 1),
        longer=(framework, axes) != ("mindspore", 1),
        pad_modes=framework == "mindspore",
        unbatched=framework == "torch",
    )
    for framework, name in (
        ("torch", "ConvTranspose{}d"),
        ("mindspore", "Conv{}dTranspose"),
        ("oneflow", "ConvTranspose{}d"),
    )
    for axes in (1, 2, 3)
}


def factors(dialect: Dialect, seed: int) -> dict[str, tuple[Any, ...]]:
    """Factor → levels, with the representatives of this seed."""
    chance, axes = random.Random(f"{dialect}/{seed}"), dialect.axes

    def mixed(low: int, high: int) -> tuple[int, ...]:
        """A tuple whose elements differ where there is more than one."""
        first = chance.randint(low, high)
        rest = [chance.choice([value for value in range(low, high + 1) if value != first]) for _ in range(axes - 1)]
        return (first, *rest)

    tuples = dialect.tuples
    padding = tuple(chance.randint(0, 2) for _ in range(2 * axes)) if dialect.pad_modes else mixed(0, 2)
    largest = {1: 9, 2: 6, 3: 4}[axes]
    levels: dict[str, tuple[Any, ...]] = {
        "channels": (
            (1, 1, 1),
            (chance.choice([2, 3]), chance.choice([1, 4]), 1),
            (4, chance.choice([2, 6]), 2),
            (3, chance.choice([3, 6]), 3),
        ),
        "batch": (1, chance.choice([2, 3]), *((LEFT_OUT,) if dialect.unbatched else ())),
        "size": (
            (1,) * axes,
            mixed(2, 4 if axes < 3 else 3),
            (largest, *(chance.randint(3, largest - 1) for _ in range(axes - 1))),
        ),
        "kernel_size": (
            1,
            chance.choice([2, 4] if axes < 3 else [2]),
            3,
            *((mixed(1, 5 if axes < 3 else 3),) if tuples else (5,)),
        ),
        "stride": (LEFT_OUT, 1, chance.choice([2, 3]), *((mixed(1, 4 if axes < 3 else 3),) if tuples else (4,))),
        "padding": (LEFT_OUT, 0, chance.choice([1, 2]), *((padding,) if tuples else (3,))),
        "dilation": (LEFT_OUT, 1, chance.choice([2, 3]), *((mixed(1, 3),) if tuples else ())),
        dialect.bias: (LEFT_OUT, True, False),
        "style": ("keyword", "positional"),
    }
    if dialect.longer:
        levels["output_padding"] = (LEFT_OUT, 0, 1, mixed(0, 2))
    if dialect.pad_modes:
        levels["pad_mode"] = dialect.modes
        levels["init"] = (
            LEFT_OUT,
            None,
            chance.choice(["ones", "HeUniform", "XAVIER_UNIFORM", "Zero"]),
            chance.choice([0.5, 2, "normal"]),
        )
    else:
        levels["padding_mode"] = (LEFT_OUT, "zeros")
    return levels


def requirements(dialect: Dialect) -> tuple[Requirement, ...]:
    """The documented conditions across parameters, and that an output has at least one element."""
    axes = dialect.axes

    def below(longer: Any, stride: Any, dilation: Any) -> bool:
        triples = zip(
            *(f.per_axis(given(value, default), axes) for value, default in ((longer, 0), (stride, 1), (dilation, 1))),
            strict=True,
        )
        return all(o < max(s, d) for o, s, d in triples)

    def visible(size: Any, kernel: Any, stride: Any, dilation: Any, padding: Any) -> bool:
        values = zip(
            size,
            f.per_axis(kernel, axes),
            f.per_axis(given(stride, 1), axes),
            f.per_axis(given(dilation, 1), axes),
            f.pads(given(padding, 0), axes),
            strict=True,
        )
        return all(f.transposed(n, k, s, d, pad, 0) >= 1 for n, k, s, d, pad in values)

    found = [Requirement(("size", "kernel_size", "stride", "dilation", "padding"), visible)]
    if dialect.longer:
        found.append(Requirement(("output_padding", "stride", "dilation"), below))
    if dialect.pad_modes:

        def inside(dilation: Any, size: Any) -> bool:
            return all(d <= n for d, n in zip(f.per_axis(given(dilation, 1), axes), size, strict=True))

        def zero(value: Any, mode: Any) -> bool:
            return mode == "pad" or not any(f.per_axis(given(value, 0), 1))

        found.append(Requirement(("dilation", "size"), inside))
        found.append(Requirement(("padding", "pad_mode"), zero))
        if dialect.longer:
            found.append(Requirement(("output_padding", "pad_mode"), zero))
    return tuple(found)


NOT_INT: tuple[Value, ...] = (1.5, "1", None, (1,), True, Scalar("int64", 1))
NOT_BOOL: tuple[Value, ...] = ("yes", None, 1, 0.5)


def invalid(dialect: Dialect) -> Mapping[str, tuple[Value, ...]]:
    """Per parameter: values just outside of the documented range, of other types, and of wrong lengths.

    What the documents leave open is among them: such cases are recorded, not judged.
    """
    axes = dialect.axes
    wrong: list[Value] = [1.5, "1", None, [1] * axes, True, Scalar("int64", 1)]
    wrong += [(1,) * (axes + 1), (1.5,) * axes] if dialect.tuples else [(1, 1), (1,)]
    if axes > 1:
        wrong += [(1,) * (axes - 1)]
    size = tuple(wrong)
    zero: tuple[Value, ...] = (0, -1, *(((1,) * (axes - 1) + (0,),) if dialect.tuples else ()))
    negative: tuple[Value, ...] = (-1,)
    found: dict[str, tuple[Value, ...]] = {
        "in_channels": (*NOT_INT, 0, -2),
        "out_channels": (*NOT_INT, 0, -2),
        "kernel_size": (*size, *zero),
        "stride": (*size, *zero),
        "padding": (
            *(item for item in size if not (dialect.pad_modes and item == (1,) * 2 * axes)),
            *negative,
            *((((1,) * (2 * axes - 1) + (-1,)),) if dialect.pad_modes and axes > 1 else ()),
        ),
        "dilation": (*size, *zero, 50),
        dialect.group: (*NOT_INT, 0, 3),
        dialect.bias: NOT_BOOL,
    }
    if dialect.longer:
        found["output_padding"] = (*size, *negative, 2, 5)
    if dialect.pad_modes:
        found["pad_mode"] = ("bogus", "SAME", "", 1, None)
        found["weight_init"] = ("no_such_initializer", (1,), [1.0])
        found["bias_init"] = ("no_such_initializer", (1,), [1.0])
        found["dtype"] = ("float32", 32, None)
        if axes == 3:
            found["data_format"] = ("NDHWC", 1)
    else:
        found["padding_mode"] = ("reflect", "bogus", 1, None)
    return found


def initials(dialect: Dialect) -> tuple[Value, ...]:
    """Values of weight_init and bias_init that every spelling and type of the documents is among."""
    named = ("TruncatedNormal", "Normal", "Uniform", "HeUniform", "XavierUniform", "One", "Zero")
    alias = ("xavier_uniform", "he_uniform", "ones", "zeros", "ONES", "zERO")
    return (None, *named, *alias, 0.25, 3) if dialect.pad_modes else ()
