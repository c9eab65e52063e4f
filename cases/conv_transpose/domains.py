"""The documented domains of the transposed convolutions: classes of valid values, and the conditions across them.

A factor's levels are classes (left out, 1, larger, a tuple …), each with one representative that the seed picks, so
that several seeds visit different members of the same classes. Names are the common ones of `dialects`.
"""

import random
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.covering import Requirement

__all__ = ["DIALECTS", "LEFT_OUT", "Dialect", "factors", "given", "requirements"]


class _LeftOut:
    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Any = _LeftOut()


def given(value: Any, default: Any) -> Any:
    """The value that a level means: the documented default where the argument is left out."""
    return default if value is LEFT_OUT else value


def factors(dialect: Dialect, seed: int) -> dict[str, tuple[Any, ...]]:
    """Factor → levels, with the representatives of this seed."""
    chance, axes = random.Random(f"{dialect.api}/{seed}"), dialect.axes

    def mixed(low: int, high: int) -> tuple[int, ...]:
        """A tuple whose elements differ where there is more than one."""
        first = chance.randint(low, high)
        rest = [chance.choice([value for value in range(low, high + 1) if value != first]) for _ in range(axes - 1)]
        return (first, *rest)

    tuples = dialect.tuples
    padding = tuple(chance.randint(0, 2) for _ in range(2 * axes)) if dialect.sides else mixed(0, 2)
    largest = {1: 9, 2: 6, 3: 4}[axes]
    levels: dict[str, tuple[Any, ...]] = {
        "channels": (
            (1, 1, 1),
            (chance.choice([2, 3]), chance.choice([1, 4]), 1),
            *(((4, chance.choice([2, 6]), 2), (3, chance.choice([3, 6]), 3)) if dialect.grouped else ()),
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
        "style": ("keyword", "positional"),
    }
    if dialect.offers("bias"):
        levels["bias"] = (LEFT_OUT, True, False) if dialect.loads else (LEFT_OUT, True, None)
    if dialect.longer:
        levels["output_padding"] = (LEFT_OUT, 0, 1, mixed(0, 2))
    if dialect.pad_modes:
        levels["pad_mode"] = (LEFT_OUT, "same", "valid", "pad")
    if dialect.initialisers:
        levels["init"] = (
            LEFT_OUT,
            None,
            chance.choice(["ones", "HeUniform", "XAVIER_UNIFORM", "Zero"]),
            chance.choice([0.5, 2, "normal"]),
        )
    if dialect.offers("padding_mode"):
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

    def inside(dilation: Any, size: Any) -> bool:
        return all(d <= n for d, n in zip(f.per_axis(given(dilation, 1), axes), size, strict=True))

    def zero(value: Any, mode: Any) -> bool:
        return mode == "pad" or not any(f.per_axis(given(value, 0), 1))

    found = [Requirement(("size", "kernel_size", "stride", "dilation", "padding"), visible)]
    if dialect.longer:
        found.append(Requirement(("output_padding", "stride", "dilation"), below))
    if dialect.initialisers:  # only the layers' documents bound the dilation
        found.append(Requirement(("dilation", "size"), inside))
    if dialect.pad_modes:
        found.append(Requirement(("padding", "pad_mode"), zero))
        if dialect.longer:
            found.append(Requirement(("output_padding", "pad_mode"), zero))
    return tuple(found)
