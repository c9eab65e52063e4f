"""Where a call lies in the argument space, and why it has no counterpart, in words of both languages.

The region of a call is read off its geometry: what it leaves out of the full result at the begin and at the end of each
axis, below zero where the result goes beyond the full one.
"""

import re

from cases.case import Case
from cases.catalogue import apis
from cases.compared import Reason, Why
from cases.conv_transpose.understood import understood
from cases.documentation import Text

_CROPS = {
    "whole": Text("nothing cropped", "不裁剪"),
    "alike": Text("cropped alike on both sides", "两端裁剪相同"),
    "less": Text("less cropped at the end than at the beginning", "末端比首端裁剪得少"),
    "beyond": Text("longer than the full result at the end", "末端超出完整结果"),
    "more": Text("more cropped at the end than at the beginning", "末端比首端裁剪得多"),
    "mixed": Text(
        "cropped less at the end of one axis and more at that of another", "有的轴末端裁剪得少，有的轴裁剪得多"
    ),
}
_FACETS = {
    "unbatched": Text("input without batch", "输入没有批量轴"),
    "asked": Text("the call asks for its output size", "调用时指定输出大小"),
}


def region(case: Case) -> str:
    """The region of a documented call: how it is cropped, and what else makes its counterpart another one."""
    found = understood(case)
    crops = [
        (begin, end - longer - more)
        for (begin, end), longer, more in zip(found.geometry.crop, found.geometry.longer, found.longer, strict=True)
    ]
    facets = [_crop(crops)]
    facets += ["unbatched"] if found.unbatched else []
    facets += ["asked"] if any(found.longer) else []
    return "+".join(facets)


def _crop(crops: list[tuple[int, int]]) -> str:
    less, more = any(end < begin for begin, end in crops), any(end > begin for begin, end in crops)
    if less and more:
        return "mixed"
    if more:
        return "more"
    if less:
        return "beyond" if any(end < 0 for _, end in crops) else "less"
    return "alike" if any(begin for begin, _ in crops) else "whole"


def region_text(key: str) -> Text:
    """What a region is called."""
    texts = [(_CROPS | _FACETS)[part] for part in key.split("+")]
    return Text(", ".join(text.en for text in texts), "，".join(text.zh for text in texts))


def spelled(case: Case) -> str:
    """The arguments on which part of the full result is taken, without numbers but with the word of the mode."""
    bound = apis()[case.api].bound(case).arguments
    found = [f"pad_mode={bound['pad_mode']!r}"] if "pad_mode" in bound else []
    for name in ("padding", "output_padding"):
        value = bound.get(name, 0)
        if any(value) if isinstance(value, tuple | list) else value:
            found.append(name)
    return ", ".join([*found, *(name for name, _ in case.call.keyword if name == "output_size")])


# The solver's words → what is at fault, and what is said of it; `{}` stands for what the pattern's groups hold.
_REASONS: tuple[tuple[str, Why, str, str], ...] = (
    (r"only calls have counterparts", "own", "", "只有调用才有对应写法"),
    (r"it is about a device, a switch or a repetition.*", "own", "", "该用例考察的是自身框架的设备、开关或重复调用"),
    (r"it measures how its own framework adds.*", "own", "", "该用例测量自身框架的累加精度，不作比较"),
    (r"the layer is initialised from a tensor", "own", "", "该层由张量初始化"),
    (r"a lazy layer that was called.*", "own", "", "调用过的惰性层就是通道数已知的层，对应写法与后者相同"),
    (r"its numbers are cut out of those of another case", "own", "", "其数据取自另一个用例的一部分"),
    (r"it is the counterpart of another call itself", "own", "", "它本身就是另一个调用的对应写法"),
    (r"its parameters stay as the layer initialised them", "own", "", "参数保持该层自己的初始值，无法逐值比较"),
    (r"not a documented call: .*", "call", "", "不是文档允许的调用"),
    (r"its values are not documented: .*", "call", "", "文档没有说明其数值"),
    (r"(\w+) has no such API", "none", "", "{} 没有这样的 API"),
    (r"its counterpart is a call of (\S+)", "none", "", "对应写法用的是另一个 API：{}"),
    (r"(\w+) has no function that takes all that ours does.*", "none", "", "{} 没有参数齐全的对应函数"),
    (
        r"the input has no batch axis, which the document of (\S+) does not know",
        "none",
        "",
        "输入没有批量轴，{} 的文档不支持",
    ),
    (
        r"more is cropped at the end than at the begin.*",
        "none",
        "",
        "末端比首端裁剪得多，padding 加 output_padding 做不到",
    ),
    (
        r"the crop is not symmetric, and there is no output_padding",
        "none",
        "",
        "两端裁剪不对称，而且没有 output_padding",
    ),
    (
        r"output_padding \S.* would not be below max\(stride, dilation\) .*",
        "none",
        "output_padding would not be below max(stride, dilation)",
        "output_padding 将不小于 max(stride, dilation)",
    ),
    (
        r"the counterpart is not documented: (\w+) must be at most .*",
        "none",
        "the counterpart's `{}` would be above its documented bound",
        "对应调用的 `{}` 会超出文档规定的上界",
    ),
    (
        r"the counterpart is not documented: whether parameters may have the dtype \w+ is not documented",
        "none",
        "whether parameters of the counterpart may have this element type is not documented",
        "文档没有说明对应层的参数可否为该数据类型",
    ),
    (
        r"the counterpart is not documented: the input must be of (.*), not \w+",
        "none",
        "the counterpart takes {} only",
        "对应的调用只接受 {}",
    ),
    (
        r"the counterpart is not documented: (.*)",
        "none",
        "",
        "对应的调用不是文档允许的：{}",
    ),
)


def reason(text: str) -> Reason:
    """A reason of the solver in both languages; one that is not known here stays as it is, and counts as none."""
    for pattern, why, en, zh in _REASONS:
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return Reason(why, Text(en.format(*match.groups()) or text, zh.format(*match.groups())))
    return Reason("none", Text(text, text))
