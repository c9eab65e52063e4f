"""Every call of an API within bounds that gives what a call of another API gives: found by trying, not by geometry.

It shares nothing with the solver but the documented APIs in NumPy: the arguments are enumerated, and a call counts if
its documented numbers are those of the other call, for the input as it is and for a longer one. Slow, and small.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.setups import Setup
from cases.conv_transpose.setups import case as spelled
from cases.conv_transpose.understood import output_shape, understood
from cases.values import Value
from conformance.expected import ExpectedValue, prepare
from reference.documented import NotDocumented, Refusal, Unsupported

STRIDES, DILATIONS, PADDINGS, LONGER = range(1, 6), range(1, 6), range(8), range(5)


def longer_by(case: Case, more: int) -> Case:
    """The same call on an input that is longer on each axis."""
    x = case.call.tensors()[0]
    axes = DIALECTS[case.api].axes
    shape = (*x.shape[:-axes], *(length + more for length in x.shape[-axes:]))
    tensors = tuple(replace(value, shape=shape) if value is x else value for value in case.call.positional)
    return replace(case, call=replace(case.call, positional=tensors), differentiate=(), upstream=None)


def searched(case: Case, framework: str, kinds: tuple[str, ...]) -> Iterator[Case]:
    """The calls of the framework's APIs of these kinds, of as many axes, that give the same without anything around.

    `case` is a call of one or two axes whose data are whole numbers, and whose length no argument of the call asks for.
    """
    ours = [prepare(item).expected for item in (case, longer_by(case, 3))]
    for dialect in DIALECTS.values():
        same = (framework, DIALECTS[case.api].axes)
        if (dialect.framework, dialect.axes) != same or dialect.kind not in kinds or dialect.few:
            continue
        for arguments in enumerated(case, dialect):
            theirs = [_other(item, dialect, arguments) for item in (case, longer_by(case, 3))]
            if all(
                isinstance(one, ExpectedValue) and two is not None and _shape(two) == one.output.array.shape
                for one, two in zip(ours, theirs, strict=True)
            ) and all(map(_same, ours, theirs)):
                assert theirs[0] is not None
                yield theirs[0]


def enumerated(case: Case, dialect: Dialect) -> Iterator[dict[str, Value]]:
    """The arguments to try: of one axis all of them, of two axes those with the call's own stride and dilation."""
    geometry = understood(case).geometry
    plain: dict[str, Value] = {
        "in_channels": geometry.in_channels,
        "out_channels": geometry.out_channels,
        "kernel_size": geometry.kernel if dialect.tuples else geometry.kernel[0],
        "groups": geometry.groups,
        "bias": geometry.bias,
    }
    alone = dialect.axes == 1
    spread = itertools.product(
        STRIDES if alone else [geometry.stride], DILATIONS if alone else [geometry.dilation], _cropped(dialect)
    )
    for stride, dilation, cropped in spread:
        yield {**plain, "stride": stride, "dilation": dilation, **cropped}


def _cropped(dialect: Dialect) -> Iterator[dict[str, Value]]:
    """Paddings, output_paddings and pad modes, of each axis and side on its own."""
    alone = dialect.axes == 1
    sides = dialect.axes * (2 if dialect.sides else 1)
    paddings: list[Value] = [*PADDINGS] if alone else [*itertools.product(range(4), repeat=sides)]
    longer: list[Value] = [*LONGER] if alone else [*itertools.product(range(3), repeat=dialect.axes)]
    modes: dict[str, Value] = {"pad_mode": "pad"} if dialect.pad_modes else {}
    if dialect.pad_modes:
        yield from ({"pad_mode": mode} for mode in ("same", "valid"))
    for padding, more in itertools.product(paddings, longer if dialect.longer else [0]):
        yield {**modes, "padding": padding, **({"output_padding": more} if dialect.longer else {})}


def _other(case: Case, dialect: Dialect, arguments: dict[str, Value]) -> Case | None:
    x = case.call.tensors()[0]
    setup = Setup(arguments, x.shape[-dialect.axes :], batch=x.shape[0], dtype=x.dtype)
    try:
        made = spelled(dialect, setup)
        understood(made)
    except (Refusal, NotDocumented, Unsupported):
        return None
    return replace(made, data=case.data, amplitude=case.amplitude, origin=case.origin or case.id)


def _shape(case: Case) -> tuple[int, ...]:
    return output_shape(understood(case))


def _same(expected: object, other: Case | None) -> bool:
    assert isinstance(expected, ExpectedValue)
    assert other is not None
    theirs = prepare(other).expected
    return isinstance(theirs, ExpectedValue) and np.array_equal(expected.output.array, theirs.output.array)
