"""The examples of a comparison page: one small call for each main region, and the pairs that mislead a porter."""

from collections.abc import Iterator
from typing import Any

from cases.case import Case
from cases.compared import Illustration
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.setups import Setup
from cases.conv_transpose.setups import case as spelled
from cases.documentation import Api, Text

_SIZES = {1: (3,), 2: (2, 2), 3: (1, 2, 2)}
_PLAIN = {"in_channels": 1, "out_channels": 1, "kernel_size": 3}

_DEFAULTS = Text("the same three arguments, everything else by default", "三个参数相同，其余全用默认值")
_PAGE = Text(
    "example 2 of the documents' comparison page: equal shapes, and are the values equal?",
    "文档对比页的示例 2：形状相同，数值是否相同？",
)
_TITLES = {
    "alike": Text("cropped alike on both sides", "两端裁剪相同"),
    "less": Text(
        "`output_padding` up to `padding`: less cropped at the end", "`output_padding` 不超过 `padding`：末端裁剪得少"
    ),
    "beyond": Text(
        "`output_padding` above `padding`: beyond the full result", "`output_padding` 大于 `padding`：超出完整结果"
    ),
    "unbatched": Text("input without batch", "输入没有批量轴"),
    "groups": Text("groups, dilation and bias", "分组、膨胀与偏置"),
    "same-even": Text("`pad_mode='same'`, even excess", "`pad_mode='same'`，多余量为偶数"),
    "same-odd": Text("`pad_mode='same'`, odd excess", "`pad_mode='same'`，多余量为奇数"),
    "valid": Text("`pad_mode='valid'`", "`pad_mode='valid'`"),
    "sides": Text("`padding` of other amounts at begin and end", "首端与末端的 `padding` 不同"),
}


def illustrations(left: Api, right: Api) -> tuple[Illustration, ...]:
    """The examples for two APIs, calls of the left first."""
    ours, theirs = DIALECTS[left.name], DIALECTS[right.name]
    found = [*_defaults(ours, theirs), *_settings(ours), *_page(ours, theirs)]
    found += _settings(theirs) if theirs.pad_modes and not ours.pad_modes else ()
    return tuple({item.key: item for item in reversed(found)}.values())[::-1]


def _defaults(ours: Dialect, theirs: Dialect) -> Iterator[Illustration]:
    """Nothing but what has no default: where defaults differ, so do the results."""
    if ours.loads and theirs.loads:
        left, right = (spelled(dialect, Setup({**_PLAIN}, _SIZES[dialect.axes], batch=1)) for dialect in (ours, theirs))
        yield Illustration("defaults", _DEFAULTS, left, right)


def _settings(dialect: Dialect) -> Iterator[Illustration]:
    """Calls of one API, one for each region that it reaches."""
    mode = {"pad_mode": "pad"} if dialect.pad_modes else {}
    settings: dict[str, dict[str, Any]] = {"alike": {"stride": 2, "padding": 1, **mode}}
    if dialect.longer:
        settings["less"] = {"stride": 2, "padding": 1, "output_padding": 1, **mode}
        settings["beyond"] = {"stride": 2, "output_padding": 1, "bias": True, **mode}
    dilation = 2 if dialect.axes < 3 else (1, 2, 2)
    settings["groups"] = {
        "in_channels": 2,
        "out_channels": 2,
        "kernel_size": 2,
        "dilation": dilation,
        "groups": 2,
        "bias": True,
        **mode,
    }
    if dialect.pad_modes:
        settings["same-even"] = {"pad_mode": "same", "stride": 1}
        # In 3-D no document says at which end of the depth axis an odd excess goes.
        settings["same-odd"] = {"pad_mode": "same", "stride": 2 if dialect.axes < 3 else (1, 2, 2)}
        settings["valid"] = {"pad_mode": "valid", "stride": 2}
    if dialect.sides:
        settings["sides"] = {"padding": (0, 1) * dialect.axes, **mode}
    for key, setting in settings.items():
        if key == "beyond" and dialect.kind == "function":
            setting = {**setting, "bias": True}
        yield Illustration(key, _TITLES[key], _case(dialect, setting))
    if dialect.unbatched:
        yield Illustration("unbatched", _TITLES["unbatched"], _case(dialect, {"stride": 2}, batch=None))


def _case(dialect: Dialect, setting: dict[str, Any], batch: int | None = 1) -> Case:
    silent = {"bias": False} if dialect.loads and "bias" not in setting else {}
    return spelled(dialect, Setup({**_PLAIN, **silent, **setting}, _SIZES[dialect.axes], batch=batch))


def _page(ours: Dialect, theirs: Dialect) -> Iterator[Illustration]:
    """The second example of the documents' page, with fewer channels and a shorter input."""
    if (ours.api, theirs.api) == ("torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"):
        left = _case(ours, {"kernel_size": 5, "stride": 3, "padding": 2, "output_padding": 2})
        right = _case(theirs, {"kernel_size": 5, "stride": 3, "pad_mode": "same"})
        yield Illustration("page-example-2", _PAGE, left, right)
