"""Any documented-valid call of a transposed convolution, with every requirement built in: nothing is drawn in vain.

Who chooses is passed in: Hypothesis, so that what fails shrinks, or chance. The simplest choice always comes first.
Numbers are small: what the law does shows in few elements.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from cases.conv_transpose import formulas as f
from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.exactness import largest
from cases.conv_transpose.inputs import COMPLEX, FLOATS, LAYOUTS, WHOLE
from cases.conv_transpose.points import Point, setup, written
from cases.conv_transpose.standing import standing
from cases.values import Value

if TYPE_CHECKING:
    from cases.case import DataKind

MOST = {"kernel_size": (7, 5, 3), "stride": (6, 5, 4), "padding": (5, 4, 3), "dilation": (5, 4, 3), "size": (9, 6, 4)}
CHANNELS, GROUPS, BATCH = 4, 4, 3
INITIAL: tuple[Value, ...] = ("ones", "zeros", "HeUniform", "normal", 0.5, 2)

T = TypeVar("T")


class Chooser(Protocol):
    """What decides: one of the values, the first being the simplest, or a number of a range."""

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""


def point(dialect: Dialect, chooser: Chooser) -> Point:
    """A valid call, forward and plain: element type, data, layouts and gradients come with `dressed`."""
    axes, given = dialect.axes, dict[str, Value]()
    largest_size = MOST["size"][axes - 1]
    if dialect.grouped and (groups := chooser.pick((0, *range(1, GROUPS + 1)))):
        given["groups"] = groups
    if dialect.pad_modes and (mode := chooser.pick(("", "pad", "same", "valid"))):
        given["pad_mode"] = mode
    padded = given.get("pad_mode") == "pad" or not dialect.pad_modes
    size = tuple(chooser.number(1, largest_size) for _ in range(axes))
    kernel = _sized(dialect, chooser, "kernel_size", [(1, MOST["kernel_size"][axes - 1])] * axes, required=True)
    stride = _sized(dialect, chooser, "stride", [(1, MOST["stride"][axes - 1])] * axes)
    # Only the layers' documents bound the dilation, by the length of the input.
    deep = MOST["dilation"][axes - 1]
    bounds = [(1, min(deep, length) if dialect.initialisers else deep) for length in size]
    dilation = _sized(dialect, chooser, "dilation", bounds)
    steps, gaps = _axes(stride, 1, axes), _axes(dilation, 1, axes)
    # An output without any padding has one element more than this, of which one must stay.
    spare = [(n - 1) * s + d * (k - 1) for n, k, s, d in zip(size, _axes(kernel, 1, axes), steps, gaps, strict=True)]
    room = [(0, min(MOST["padding"][axes - 1], length // 2) if padded else 0) for length in spare]
    longer = [(0, max(s, d) - 1 if padded else 0) for s, d in zip(steps, gaps, strict=True)]
    given |= {
        name: value
        for name, value in (
            ("stride", stride),
            ("dilation", dilation),
            ("padding", _sized(dialect, chooser, "padding", room)),
            ("output_padding", _sized(dialect, chooser, "output_padding", longer) if dialect.longer else None),
        )
        if value is not None
    }
    if dialect.offers("bias"):
        bias = chooser.pick(("", True, False) if dialect.loads else ("", True, None))
        given |= {} if bias == "" else {"bias": bias}
    return Point(
        chooser.number(1, CHANNELS),
        chooser.number(1, CHANNELS),
        kernel if dialect.kind != "function" else _axes(kernel, 1, axes),
        size,
        batch=chooser.pick((1, 2, BATCH, *((None,) if dialect.unbatched else ()))),
        given=given,
        own=_own(dialect, chooser),
        positional=chooser.pick((None, len(dialect.signature))),
        **_asked(dialect, chooser, given, steps, padded=padded),
    )


def dressed(dialect: Dialect, chooser: Chooser, plain: Point) -> Point:
    """The call with an element type, layouts, data, gradients and repeats."""
    dtype = chooser.pick(_types(dialect))
    typed = dialect.typed and (dtype != "float32" or chooser.pick((False, True)))
    found = replace(plain, dtype=dtype, typed=typed, layout=chooser.pick(("contiguous", *LAYOUTS)))
    if not dialect.loads:
        found = replace(found, weight_layout=chooser.pick(("contiguous", *LAYOUTS[:2])))
    # The gradients of special values and of whole numbers are nobody's claim.
    differentiable = [role for role in ("input", "weight", "bias") if dtype in FLOATS]
    roles = _roles(dialect, found, chooser) if differentiable else ()
    amplitude = largest(dialect, setup(dialect, found))
    kinds: list[DataKind] = ["ones", "integers"] if amplitude else []
    kinds += ["normal"] if dtype not in WHOLE else []
    kinds += ["special"] if dtype in FLOATS and not roles else []
    return replace(
        found,
        differentiate=roles,
        repeats=chooser.pick((1, 1, 1, 2)),
        data=chooser.pick(kinds or ("ones",)),
        amplitude=max(1, amplitude),
    )


@cache
def _types(dialect: Dialect) -> tuple[str, ...]:
    """The element types that no document of the API excludes; float32 first."""

    def is_open(dtype: str) -> bool:
        plain = Point(1, 1, (1,) * dialect.axes, (1,) * dialect.axes, batch=1, given={}, own={}, positional=None)
        made = written(dialect, replace(plain, dtype=dtype, typed=dialect.typed))
        return made is not None and standing(made).valid

    return ("float32", *(dtype for dtype in (*FLOATS[1:], *COMPLEX, *WHOLE) if is_open(dtype)))


def _roles(dialect: Dialect, found: Point, chooser: Chooser) -> tuple[str, ...]:
    made = written(dialect, found)
    assert made is not None
    held = {tensor.role for tensor in (*made.call.tensors(), *made.parameters)}
    roles = tuple(role for role in ("input", "weight", "bias") if role in held)
    wanted = chooser.pick(((), *((role,) for role in roles), roles))
    return wanted if written(dialect, replace(found, differentiate=wanted)) is not None else ()


def _sized(
    dialect: Dialect, chooser: Chooser, name: str, bounds: Sequence[tuple[int, int]], *, required: bool = False
) -> Value:
    """A number for all axes, or a tuple or list with one per axis (per side), each within its bounds; None left out."""
    forms = [*([] if required else [""]), "number", *(["tuple"] if dialect.tuples else [])]
    forms += ["list"] if dialect.lists and not required else []
    form = chooser.pick(forms)
    if not form:
        return None
    if form == "number":
        return chooser.number(max(low for low, _ in bounds), min(high for _, high in bounds))
    sides = 2 if name == "padding" and dialect.sides else 1
    numbers = [chooser.number(low, high) for low, high in bounds for _ in range(sides)]
    return list(numbers) if form == "list" else tuple(numbers)


def _axes(value: Value, default: int, axes: int) -> tuple[int, ...]:
    return f.per_axis(default if value is None else value, axes)


def _own(dialect: Dialect, chooser: Chooser) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, values in (
        ("weight_init", INITIAL if dialect.initialisers else ()),
        ("padding_mode", ("zeros",)),
        ("data_format", ("NCDHW" if dialect.axes == 3 else "NCHW",)),
    ):
        if values and name in dialect.signature and (value := chooser.pick(("", *values))) != "":
            found[name] = value
    return found


def _asked(
    dialect: Dialect, chooser: Chooser, given: dict[str, Value], steps: Sequence[int], *, padded: bool
) -> dict[str, Any]:
    """A size of the output that the call asks for, where nothing else makes the output longer."""
    if not dialect.sized or "output_padding" in given or not padded:
        return {}
    # A primitive is always told, and the whole shape.
    form = chooser.pick(("", "entire") if dialect.kind == "primitive" else ("", "lengths", "entire"))
    if not form:
        return {}
    return {"asked": tuple(chooser.number(0, step - 1) for step in steps), "entire": form == "entire"}
