"""Calls of MindSpore's and PyTorch's class that MindSpore's comparison page calls equal, in values or in shapes.

Each pair has the same numbers on both sides, small integers: MindSpore's weight is PyTorch's with one axis more. The
pairs of a parameter take it through several values and hold everything else, so that a side on which the parameter
means something else, or nothing, gives another result.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose.comparison_sources import MINDSPORE_API, TORCH_API
from cases.documentation import Pair
from cases.values import Tensor, Value

_CHANNELS, _KERNEL, _LENGTH = (3, 2), 3, 5
# The values that each parameter takes, by its name on both sides.
VALUES: dict[str, tuple[int, ...]] = {
    "in_channels": (1, 2, 5),
    "out_channels": (1, 3, 4),
    "kernel_size": (1, 2, 3, 4, 5),
    "stride": (1, 2, 3, 4),
    "padding": (0, 1, 2, 3),
    "dilation": (1, 2, 3),
}
# Beside the parameter, so that another one does not hide what it does.
_BESIDE: dict[str, tuple[dict[str, int], ...]] = {"stride": ({}, {"kernel_size": 2}), "padding": ({"kernel_size": 4},)}


def pad_pairs() -> Iterator[Pair]:
    """The same arguments by the names of each side, MindSpore's with pad_mode pad."""
    for kernel, stride, padding, dilation, group, bias in itertools.product(
        (1, 3, 4), (1, 2, 3), (0, 1), (1, 2), (1, 2), (False, True)
    ):
        if 4 * stride - 2 * padding + dilation * (kernel - 1) + 1 < 1:
            continue
        alike = {"stride": stride, "padding": padding, "dilation": dilation}
        left = alike | {"pad_mode": "pad", "group": group, "has_bias": bias}
        right = alike | {"groups": group, "bias": bias}
        yield _pair(kernel, left, right, group, 5)


def same_pairs() -> Iterator[Pair]:
    """pad_mode same, and the arguments that example 2 sets on PyTorch's side."""
    for kernel, stride, length in itertools.product((3, 5, 7), (1, 2, 3), (1, 4, 7)):
        left = {"stride": stride, "pad_mode": "same", "padding": 0}
        right = {"stride": stride, "padding": (kernel - 1) // 2, "output_padding": stride - 1, "bias": False}
        yield _pair(kernel, left, right, 1, length)


def valid_pairs() -> Iterator[Pair]:
    """pad_mode valid, and the arguments that example 3 sets on PyTorch's side."""
    for kernel, stride, dilation, length in itertools.product((1, 2, 3, 5), (1, 2, 3), (1, 2), (2, 5)):
        alike = {"stride": stride, "dilation": dilation}
        right = alike | {"padding": 0, "output_padding": 0, "bias": False}
        yield _pair(kernel, alike | {"pad_mode": "valid"}, right, 1, length)


def parameter_pairs(name: str) -> Iterator[Pair]:
    """A parameter of both classes with the same value on both sides, in calls that are otherwise equal."""
    for beside, value in itertools.product(_BESIDE.get(name, ({},)), VALUES[name]):
        given = dict(beside) | {name: value}
        channels = given.pop("in_channels", _CHANNELS[0]), given.pop("out_channels", _CHANNELS[1])
        kernel = given.pop("kernel_size", _KERNEL)
        yield _pair(kernel, given | {"pad_mode": "pad"}, given | {"bias": False}, 1, _LENGTH, channels)


def input_pair() -> Pair:
    """The input by its name on each side."""
    return _pair(_KERNEL, {"pad_mode": "pad"}, {"bias": False}, 1, _LENGTH, names=("x", "input"))


def _pair(
    kernel: int,
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    group: int,
    length: int,
    channels: tuple[int, int] | None = None,
    names: tuple[str, str] | None = None,
) -> Pair:
    """Two calls on the same data; `names` passes the input by its name on each side."""
    channels = channels or ((4, 6) if group > 1 else _CHANNELS)
    x = Tensor("input", (2, channels[0], length), "float32")
    bias = (Tensor("bias", (channels[1],), "float32"),)
    shape = (channels[0], channels[1] // group)
    ours = Case(
        MINDSPORE_API,
        Arguments((*channels, kernel), tuple(left.items())),
        _input(x, names[0] if names else ""),
        (Tensor("weight", (*shape, 1, kernel), "float32"), *(bias if left.get("has_bias") else ())),
    )
    theirs = Case(
        TORCH_API,
        Arguments((*channels, kernel), tuple(right.items())),
        _input(x, names[1] if names else ""),
        (Tensor("weight", (*shape, kernel), "float32"), *(bias if right["bias"] else ())),
        origin=ours.id,
    )
    return Pair(ours, theirs)


def _input(x: Value, name: str) -> Arguments:
    return Arguments((), ((name, x),)) if name else Arguments((x,))
