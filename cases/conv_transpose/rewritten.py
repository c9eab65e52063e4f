"""What changes when a transposed convolution is written in another framework; see `cases.rewriting`.

Both calls are read by common names and through their geometry, so that no pair of frameworks has a table of its own.
"""

from collections.abc import Iterator
from typing import Any

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.formulas import per_axis
from cases.conv_transpose.rewritten_inputs import input_shapes, operands, with_operands, work
from cases.conv_transpose.understood import differentiated
from cases.documentation import REQUIRED, Text
from cases.rewriting import Became, Explicit, Held, Renamed, Rewriting
from cases.steps import Add, Crop, Expand, Pad, Squeeze, show
from cases.values import Tensor, Value
from cases.values import show as said
from reference.conv_transpose.geometry import Operands

__all__ = ["differentiated", "input_shapes", "rewritten", "with_operands", "work"]

COMMON = ("in_channels", "out_channels", "kernel_size", "stride", "dilation", "groups", "bias")
CROPPED = ("pad_mode", "padding", "output_padding")


def rewritten(ours: Case, theirs: Case) -> Rewriting:
    """What changed between a call and its counterpart."""
    here, there = _Call(ours), _Call(theirs)
    mine, other = ({item.role: item for item in (*c.call.tensors(), *c.parameters)} for c in (ours, theirs))
    other |= {item.role: item for item in theirs.around.tensors}
    return Rewriting(
        tuple(
            Renamed(here.dialect.own(name), there.dialect.own(name))
            for name in (*COMMON, *CROPPED)
            if here.dialect.offers(name) and there.dialect.offers(name)
            if here.dialect.own(name) != there.dialect.own(name) and (name in here.given or there.says(name))
        ),
        tuple(_explicit(here, there)),
        (*_cropped(here, there), *_spread(here, there), *_steps(theirs), *_dropped(here, there)),
        tuple(
            Held(role, tensor.shape, other[role].shape)
            for role, tensor in mine.items()
            if role != "input" and role in other and other[role].shape != tensor.shape
        ),
        tuple(_kept(here, there)),
    )


class _Call:
    """A call by common names: what is given, and what holds with the documented defaults."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.api = apis()[case.api]
        self.dialect = DIALECTS[case.api]
        self.defaults: dict[str, Any] = {self.common(item.name): item.default for item in self.api.signature}
        given = (case.construct or case.call).bind(self.api.names)
        self.given: dict[str, Value] = {
            self.common(name): value for name, value in given.items() if not isinstance(value, Tensor)
        }
        options = dict(case.call.keyword) if case.construct is not None else {}
        self.options = {name: value for name, value in options.items() if not isinstance(value, Tensor)}
        self.bound: dict[str, Any] = self.defaults | self.given

    def common(self, own: str) -> str:
        """The name that all APIs share for an argument."""
        names = (*COMMON, *CROPPED)
        return next((name for name in names if self.dialect.offers(name) and self.dialect.own(name) == own), own)

    def says(self, name: str) -> bool:
        """Whether an argument is given, and is not what it is by default."""
        return name in self.given and self.given[name] != self.defaults.get(name, REQUIRED)

    def text(self, names: tuple[str, ...]) -> str:
        """These arguments as they are written in the call; a pad_mode that is left out is named all the same."""
        kept = [name for name in names if name in self.given and (name == "pad_mode" or self.says(name))]
        parts = [f"{self.dialect.own(name)}={said(self.given[name])}" for name in kept]
        if "pad_mode" in names and self.dialect.pad_modes and "pad_mode" not in self.given:
            parts.insert(0, f"pad_mode={said(self.defaults['pad_mode'])}")
        return ", ".join([*parts, *(f"{name}={said(value)}" for name, value in self.options.items())])


def _explicit(here: _Call, there: _Call) -> Iterator[Explicit]:
    """What is written there though it was not written here, since its default is another one."""
    for name, value in there.given.items():
        default = there.defaults.get(name, REQUIRED)
        if default is REQUIRED or name in here.given or value == default or name in ("padding", "output_padding"):
            continue
        own = there.dialect.own(name)
        there_en = f"{own} is {said(default)} by default in {there.dialect.framework}"
        there_zh = f"{there.dialect.framework} 中 {own} 的默认值是 {said(default)}"
        if name in here.defaults and here.defaults[name] is not REQUIRED:
            mine, left_out = here.dialect.own(name), said(here.defaults[name])
            reason = Text(
                f"{there_en}, {mine} is {left_out} in {here.dialect.framework}",
                f"{there_zh}，{here.dialect.framework} 中 {mine} 的默认值是 {left_out}",
            )
        else:
            reason = Text(
                f"{there_en}; {here.dialect.framework} has no such argument",
                f"{there_zh}；{here.dialect.framework} 没有这个参数",
            )
        yield Explicit(own, value, default, reason)


def _kept(here: _Call, there: _Call) -> Iterator[str]:
    """Arguments that say what the other side's default says, which is not what a reader from here expects."""
    for name, value in there.given.items():
        default = there.defaults.get(name, REQUIRED)
        here_default = here.defaults.get(name, default if name != "pad_mode" else REQUIRED)
        if value == default and here_default != default:
            yield there.dialect.own(name)


def _cropped(here: _Call, there: _Call) -> Iterator[Became]:
    """Padding in all its spellings, which comes down to what is left out of the full result."""
    axes = here.dialect.axes
    plain = not (here.dialect.pad_modes or there.dialect.pad_modes or here.options or there.options)
    around = there.case.around
    alike = plain and not around.after and here.dialect.axes == there.dialect.axes
    same = all(
        per_axis(here.bound.get(name, 0), axes) == per_axis(there.bound.get(name, 0), axes) for name in CROPPED[1:]
    )
    found = operands(here.case)
    if found is None or (alike and same):
        return
    # A pad_mode that this side has not is told apart, with its default.
    ours, theirs = here.text(CROPPED), there.text(CROPPED if here.dialect.pad_modes else CROPPED[1:])
    if there.given.get("pad_mode") == "same":
        theirs = there.text(CROPPED)
    sides = (("before", around.before), ("after", around.after))
    steps = [f"{show(step)} {side}" for side, held in sides for step in held if isinstance(step, Pad | Crop)]
    written = ", ".join(filter(None, [theirs, *steps]))
    if ours == written:
        return
    yield Became(ours or "-", written or "-", _crop_words(found, there))


def _crop_words(found: Operands, there: _Call) -> Text:
    """What the documents leave out of the full result, and what they add to it."""
    geometry = found.geometry
    ends = [
        (begin, end - longer - more)
        for (begin, end), longer, more in zip(geometry.crop, geometry.longer, found.longer, strict=True)
    ]
    alike = len(set(ends)) == 1
    en, zh = [], []
    for axis, (begin, end) in enumerate(ends[:1] if alike else ends):
        on = ("", "") if alike else (f" of spatial axis {axis}", f"（空间轴 {axis}）")
        first, second = _end_words(begin, end)
        en.append(f"{first}{on[0]}")
        zh.append(f"{second}{on[1]}")
    each = alike and len(ends) > 1
    if any(n < d for n, d in zip(found.x.shape[2:], geometry.dilation, strict=True)) and there.dialect.initialisers:
        en.append(f"{there.dialect.framework} documents no input shorter than the dilation, so zeros are appended")
        zh.append(f"{there.dialect.framework} 的文档不允许输入短于 dilation，因此在末尾补零")
    return Text(
        f"of the full result, {'; '.join(en)}{', on each spatial axis' if each else ''}",
        f"对完整结果：{'；'.join(zh)}{'（每个空间轴）' if each else ''}",
    )


def _end_words(begin: int, end: int) -> tuple[str, str]:
    """How many elements are left out or added at the two ends of an axis, in both languages."""
    if begin == end:
        return (
            (f"{_elements(begin)} left out at each end", f"两端各去掉 {begin} 个元素")
            if begin
            else ("nothing is left out", "不去掉任何元素")
        )
    en = [f"{_elements(begin)} left out at the begin"] if begin else []
    zh = [f"开头去掉 {begin} 个元素"] if begin else []
    if end:
        en.append(f"{_elements(abs(end))} {'left out' if end > 0 else 'added'} at the end")
        zh.append(f"末尾{'去掉' if end > 0 else '加长'} {abs(end)} 个元素")
    return " and ".join(en), "、".join(zh)


def _elements(count: int) -> str:
    return f"{count} element is" if count == 1 else f"{count} elements are"


def _spread(here: _Call, there: _Call) -> Iterator[Became]:
    """Sizes that are written with other numbers, as they are where the other API has an axis more."""
    for name in ("kernel_size", "stride", "dilation"):
        if name not in here.given or name not in there.given:
            continue
        ours, theirs = here.given[name], there.given[name]
        axes = max(here.dialect.axes, there.dialect.axes)
        if ours != theirs and per_axis(ours, axes) != per_axis(theirs, axes):
            yield Became(
                f"{here.dialect.own(name)}={said(ours)}",
                f"{there.dialect.own(name)}={said(theirs)}",
                Text("the same numbers, on the axes of the other API", "数值相同，按对方的轴书写"),
            )


def _steps(theirs: Case) -> Iterator[Became]:
    """Steps that stand for what the other API lacks."""
    around = (*theirs.around.before, *theirs.around.after)
    moved = [step for step in around if isinstance(step, Expand | Squeeze)]
    batch = [show(step) for step in moved if step.axis == 0]
    axes = [show(step) for step in moved if step.axis != 0]
    if batch:
        yield Became(
            "-",
            ", ".join(batch),
            Text(
                "the other API takes a batch only: one of 1 is put around it", "对方只接受批量输入：包成大小为 1 的批"
            ),
        )
    if axes:
        yield Became(
            "-",
            ", ".join(axes),
            Text(
                "the other API has more axes: of length 1, they are put in and taken out",
                "对方的轴更多：加入长度为 1 的轴，之后去掉",
            ),
        )
    if any(isinstance(step, Add) for step in around):
        yield Became(
            "bias",
            "add(bias)",
            Text("the other API takes no bias, so it is added after the call", "对方不接受偏置，因此在调用之后相加"),
        )


def _dropped(here: _Call, there: _Call) -> Iterator[Became]:
    """Arguments that the other API does not have and does not need."""
    for name, value in here.given.items():
        if name in there.defaults or name in CROPPED or name in COMMON or there.dialect.offers(name):
            continue
        if name.endswith("_init"):
            reason = Text(
                "initial values are no arguments there: load the parameters", "那里没有初始值参数：请载入参数"
            )
        elif value == here.defaults.get(name):
            reason = Text("left out: it says what holds there anyway", "省略：那里本来就是如此")
        else:
            reason = Text("no argument of the other API", "对方没有这个参数")
        yield Became(f"{here.dialect.own(name)}={said(value)}", "-", reason)
