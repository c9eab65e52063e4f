"""Two APIs of the transposed convolution side by side: what their comparison page needs beside claims and a run.

The engine finds this module by its name (`cases.compared.Comparer`): which APIs have a page, which parameters
correspond, and, from the modules beside this one, formulas, regions of the argument space, reasons and examples.
"""

from cases.compared import Meaning, Row
from cases.conv_transpose.compared_examples import illustrations
from cases.conv_transpose.compared_formulas import formulas, lengths
from cases.conv_transpose.compared_regions import reason, region, region_text, spelled
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.documents import COMPARISON
from cases.documentation import REQUIRED, Api, Document, Text

__all__ = [
    "comparing",
    "formulas",
    "illustrations",
    "lengths",
    "pairs",
    "reason",
    "region",
    "region_text",
    "rows",
    "spelled",
]

_LAYERS = ("torch.nn.ConvTranspose{}d", "mindspore.nn.Conv{}dTranspose", "oneflow.nn.ConvTranspose{}d")
_COMMON = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "dilation", "groups")

_SAME = Text("the same", "相同")
_OTHER_NAME = Text("the same under another name", "含义相同，名称不同")


def pairs() -> tuple[tuple[str, str], ...]:
    """Every pair of frameworks in every dimension: layers, and the functions where two frameworks have them alike."""
    torch, mindspore, oneflow = _LAYERS
    layers = ((torch, mindspore), (torch, oneflow), (mindspore, oneflow))
    function = "{}.nn.functional.conv_transpose{}d"
    return (
        *((left.format(axes), right.format(axes)) for left, right in layers for axes in (1, 2, 3)),
        *((function.format("torch", axes), function.format("oneflow", axes)) for axes in (1, 2, 3)),
    )


def comparing(left: Api, right: Api) -> tuple[Document, ...]:
    """The documents that compare these two: there is one, on the layers of one dimension."""
    both = {left.name, right.name}
    return (COMPARISON,) if both == {"torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"} else ()


def rows(left: Api, right: Api) -> tuple[Row, ...]:
    """The parameters of both, in the order of the left's signature, then those that only the right has."""
    ours, theirs = DIALECTS[left.name], DIALECTS[right.name]
    common = {ours.own(name): theirs.own(name) for name in (*_COMMON, "bias")}
    found: list[Row] = []
    for name in left.names:
        other = common.get(name, name)
        found.append(_row(left, right, name, other if other in right.names else ""))
    taken = {row.right for row in found}
    found += [_row(left, right, "", name) for name in right.names if name not in taken]
    if ours.loads and theirs.loads:
        found.append(_input(left.inputs[0], right.inputs[0]))
    return tuple(found)


def _input(left: str, right: str) -> Row:
    if left == right:
        return Row(left, right, ("same",), _SAME)
    return Row(left, right, ("renamed",), Text("the argument of the call", "调用时的参数"))


def _row(left: Api, right: Api, name: str, other: str) -> Row:
    ours, theirs = DIALECTS[left.name], DIALECTS[right.name]
    meanings: list[Meaning] = []
    if not name or not other:
        lacking, present = (ours, theirs) if not name else (theirs, ours)
        return Row(name, other, ("missing",), _missing(name or other, present, lacking))
    if name != other:
        meanings.append("renamed")
    defaults = [
        item.default for api, own in ((left, name), (right, other)) for item in api.signature if item.name == own
    ]
    if REQUIRED not in defaults and defaults[0] != defaults[1]:
        meanings.append("default")
    rule = _SAME if name == other else _OTHER_NAME
    if "default" in meanings:
        rule = Text(f"{rule.en}; give it explicitly, the defaults differ", f"{rule.zh}；默认值不同，应显式给出")
    if name == "dtype" and "default" in meanings:
        rule = Text(
            "the defaults are written differently and both mean float32; a type must be named with the framework's own dtype",
            "默认值写法不同，含义都是 float32；指定类型时用各自框架的 dtype",
        )
    if name == "padding" and ours.pad_modes != theirs.pad_modes:
        meanings.append("meaning")
        rule = _padding(theirs if theirs.pad_modes else ours)
    return Row(name, other, tuple(meanings) or ("same",), rule)


def _padding(modal: Dialect) -> Text:
    """`padding` of an API with pad modes beside one without."""
    sides = (
        "; a tuple has a begin and an end for each axis" if modal.sides else "; one int, cropped alike on both sides"
    )
    sides_zh = "；元组为每个轴给出首端和末端两个数" if modal.sides else "；只能是一个整数，两端裁剪相同"
    return Text(
        f"`padding=p` ↔ `pad_mode='pad', padding=p`: with the other modes {_short(modal)} takes no padding{sides}",
        f"`padding=p` ↔ `pad_mode='pad', padding=p`：其他模式下 {_short(modal)} 不接受非零 padding{sides_zh}",
    )


def _missing(name: str, present: Dialect, lacking: Dialect) -> Text:
    """What to write where one side lacks a parameter."""
    if name == "pad_mode":
        return Text(
            "`'pad'` ↔ `padding`; `'valid'` ↔ `padding=0`; `'same'` ↔ `padding=e // 2` with "
            "`e = dilation·(kernel_size − 1) + 1 − stride`, and where e is odd the last element of the result is left out",
            "`'pad'` ↔ `padding`；`'valid'` ↔ `padding=0`；`'same'` ↔ `padding=e // 2`，其中 "
            "`e = dilation·(kernel_size − 1) + 1 − stride`；e 为奇数时再去掉结果的最后一个元素",
        )
    if name == "output_padding":
        return Text(
            "no such argument: call with `padding − output_padding` and leave out the first `output_padding` elements of "
            "the result; where `padding` is smaller than that, append a zero to the input, or zeros to the result",
            "没有此参数：以 `padding − output_padding` 调用，再去掉结果开头的 `output_padding` 个元素；"
            "`padding` 小于 `output_padding` 时，在输入末端补一个零，或在结果末端补零",
        )
    texts = {
        "padding_mode": Text("leave it out: 'zeros' is the only mode", "省略：只有 'zeros' 一种模式"),
        "weight_init": Text(
            "set `layer.weight` after construction; what it holds before that: see Initialisation",
            "构造后设置 `layer.weight`；默认的分布见“初始化”一节",
        ),
        "bias_init": Text(
            "set `layer.bias` after construction; what it holds before that: see Initialisation",
            "构造后设置 `layer.bias`；默认的分布见“初始化”一节",
        ),
        "data_format": Text("leave it out: there is one layout only, channels first", "省略：只有通道在前一种布局"),
        "device": Text(
            "leave it out: the device is a setting of the framework or of `.to(…)`",
            "省略：设备由框架设置或 `.to(…)` 决定",
        ),
        "dtype": Text("leave it out: convert the layer after construction", "省略：构造后再转换层的类型"),
    }
    return texts.get(name, Text("no counterpart", "没有对应参数"))


def _short(dialect: Dialect) -> str:
    return dialect.api.partition(".")[0].replace("mindspore", "MindSpore")
