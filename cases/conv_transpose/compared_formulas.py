"""Output lengths side by side: the documented formulas in closed form, and lengths by the reference."""

from typing import Any

from cases.compared import Formula, Lengths
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.setups import Setup
from cases.conv_transpose.setups import case as spelled
from cases.conv_transpose.understood import output_shape, understood
from cases.documentation import Api, Text
from reference.documented import NotDocumented, Refusal, Unsupported

_ALWAYS = Text("every call", "任何调用")
_FULL = "(L − 1)·stride + dilation·(kernel_size − 1) + 1"
# length, kernel, stride, dilation, padding, output_padding
SETTINGS = (
    (5, 3, 1, 1, 0, 0),
    (5, 3, 2, 1, 1, 0),
    (5, 3, 2, 1, 1, 1),
    (50, 5, 3, 1, 2, 2),
    (50, 5, 3, 1, 0, 0),
    (5, 4, 1, 1, 0, 0),
    (5, 4, 2, 1, 1, 0),
    (5, 3, 2, 2, 0, 1),
    (5, 2, 3, 1, 0, 0),
)
_NAMES = ("L", "kernel_size", "stride", "dilation", "padding", "output_padding")
_MODES = ("pad", "same", "valid")
_LACKS = Text("no such argument", "无此参数")
_OPEN = Text("not documented", "文档未说明")
_REFUSED = Text("no documented call", "不是文档允许的调用")


def formulas(api: Api) -> tuple[Formula, ...]:
    """The length along one axis, L being the input's, with the rulings where an API's documents disagree."""
    dialect = DIALECTS[api.name]
    longer = " + output_padding" if dialect.longer else ""
    if not dialect.pad_modes:
        return (Formula(_ALWAYS, f"{_FULL} − 2·padding{longer}"),)
    crop = "(begin + end)" if dialect.sides else "2·padding"
    return (
        Formula(Text("`pad_mode='pad'`", "`pad_mode='pad'`"), f"{_FULL} − {crop}{longer}"),
        Formula(Text("`pad_mode='same'`", "`pad_mode='same'`"), "L·stride"),
        Formula(Text("`pad_mode='valid'`", "`pad_mode='valid'`"), _FULL),
    )


def lengths(left: Api, right: Api) -> Lengths:
    """The length along the last axis for a few settings; padding counts with pad_mode 'pad' alone."""
    columns: list[tuple[Dialect, str]] = []
    for dialect in (DIALECTS[left.name], DIALECTS[right.name]):
        columns += [(dialect, mode) for mode in (_MODES if dialect.pad_modes else ("",))]
    return Lengths(
        tuple((item.api, f"pad_mode={mode!r}" if mode else "") for item, mode in columns),
        tuple(", ".join(f"{name}={value}" for name, value in _given(setting).items()) for setting in SETTINGS),
        tuple(tuple(_length(item, mode, setting) for item, mode in columns) for setting in SETTINGS),
    )


def _given(setting: tuple[int, ...]) -> dict[str, int]:
    """A setting by names, without what is 0."""
    named = dict(zip(_NAMES, setting, strict=True))
    return {name: value for name, value in named.items() if value or name not in ("padding", "output_padding")}


def _length(dialect: Dialect, mode: str, setting: tuple[int, ...]) -> int | Text:
    length, kernel, stride, dilation, padding, longer = setting
    if longer and mode in ("", "pad") and not dialect.longer:
        return _LACKS
    arguments: dict[str, Any] = {"in_channels": 1, "out_channels": 1, "kernel_size": kernel, "stride": stride}
    arguments |= {"dilation": dilation}
    if mode in ("", "pad"):
        arguments |= {"padding": padding} | ({"output_padding": longer} if dialect.longer else {})
    if mode:
        arguments["pad_mode"] = mode
    size = (1,) * (dialect.axes - 1) + (length,)
    if dialect.axes > 1:  # along the other axes nothing is to matter
        whole = ("kernel_size", "stride", "dilation", "padding", "output_padding")
        plain = {"kernel_size": 1, "stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}
        for name in whole:
            if name in arguments:
                many = 2 if name == "padding" and dialect.sides else 1
                arguments[name] = (plain[name],) * (many * (dialect.axes - 1)) + (arguments[name],) * many
    try:
        return output_shape(understood(spelled(dialect, Setup(arguments, size, batch=1))))[-1]
    except NotDocumented:
        return _OPEN
    except (Refusal, Unsupported):
        return _REFUSED
