"""What the claims on MindSpore's APIs share: where a statement stands, what a plain call is, words, and platforms.

The primitives and functions learn channels and kernel from their tensors. `layered` turns such a call into the one of a
layer, so that the formulas of the layers serve them too.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.documents import (
    MINDSPORE,
    MINDSPORE_1D,
    MINDSPORE_2D,
    MINDSPORE_MINT,
    MINDSPORE_OPS,
)
from cases.documentation import Bound, Claim, Kind, Rejects, Runs, Source, Text
from cases.statements import Statements
from cases.values import Tensor
from reference.initializers import Distribution

PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "group": 1, "dilation": 1, "has_bias": False}
AN_INT = Text("an int", "整数")
COUNT = {1: "one int", 2: "two ints", 3: "three ints", 4: "four ints", 6: "six ints"}
COUNT_ZH = {1: "一个整数", 2: "两个整数", 3: "三个整数", 4: "四个整数", 6: "六个整数"}
LISTED = ("ascend", "cuda", "cpu")
_LARGE = 2**31
SHOWN_MODES = ("same", "valid", "pad")
SHOWN = {"ascend": "Ascend", "cuda": "GPU", "cpu": "CPU"}

Law = Callable[[Bound], Distribution | None]
Formula = Callable[[Bound], tuple[int, ...] | None]


def sources(axes: int, place: str) -> tuple[Source, ...]:
    """The docstring's place, and the same place of the page about the same class."""
    pages = {1: (Source(MINDSPORE_1D, place),), 2: (Source(MINDSPORE_2D, place),), 3: ()}
    return (Source(MINDSPORE, place), *pages[axes])


def docstring(api: str, place: str) -> Source:
    """The place in the docstring of a primitive or a function, or of an API of `mindspore.mint`."""
    return Source(MINDSPORE_MINT if ".mint." in api else MINDSPORE_OPS, place)


def tensor(bound: Bound, role: str) -> Tensor | None:
    """The tensor of a call that plays this role."""
    return next((item for item in bound.case.call.tensors() if item.role == role), None)


def layered(bound: Bound) -> Bound:
    """The same call with what its tensors say among the arguments: channels and kernel_size; `pad` as `padding`."""
    given = {name: value for name, value in bound.arguments.items() if not isinstance(value, Tensor)}
    weight = tensor(bound, "weight")
    if weight is not None and len(weight.shape) > 2:
        groups = given.get("groups", given.get("group", 1))
        given |= {
            "in_channels": weight.shape[0],
            "out_channels": weight.shape[1] * groups,
            "kernel_size": weight.shape[2:],
        }
    given.setdefault("padding", given.get("pad", 0))
    return Bound(given, bound.input_shape, bound.case)


def layers(formula: Formula) -> Formula:
    """A formula of a layer, held against a primitive or a function."""
    return lambda bound: formula(layered(bound))


def modest(name: str) -> Callable[[Bound], bool]:
    """Calls in which no other argument than this is so large that it may be what is refused."""

    def others(bound: Bound) -> bool:
        return all(
            abs(item) < _LARGE
            for other, value in bound.arguments.items()
            if other != name
            for item in (value if isinstance(value, tuple) else (value,))
            if isinstance(item, int)
        )

    return others


def any_of(*modes: str) -> Callable[[Bound], bool]:
    """Calls in one of these pad modes."""
    return lambda bound: bound.arguments["pad_mode"] in modes


def has_dtype(name: str) -> Callable[[Bound], bool]:
    """Calls whose tensors have this element type."""
    return lambda bound: bound.dtype == name


def platforms(say: Statements, listed: tuple[str, ...], *where: Source) -> Iterator[Claim]:
    """The platforms that a document lists, and the common ones that it does not list."""
    for device in LISTED:
        name = SHOWN[device]
        if device in listed:
            yield say.claim(
                f"platform-{name.lower()}",
                Kind.PLATFORM,
                f"{name} is supported.",
                f"支持 {name}。",
                Runs(device),
                sources=where,
                device="" if len(listed) > 1 else device,
            )
        else:
            yield say.claim(
                f"platform-{name.lower()}-not-listed",
                Kind.PLATFORM,
                f"{name} is not among the supported platforms: a call does not work there.",
                f"支持的平台中没有 {name}：在其上调用不能工作。",
                Rejects(f.anything),
                sources=where,
                device=device,
            )


def experimental(say: Statements, *where: Source) -> Claim:
    """The warning that an API may change."""
    return say.unchecked(
        "experimental",
        Kind.PLATFORM,
        "The API is experimental: it may change or be removed.",
        "该接口是实验性的：可能变更或删除。",
        "says only what may happen in a later version",
        *where,
    )
