"""Every word of the pictures in both languages, in one place.

Names of arguments, element types, ids and what frameworks wrote are not translated. `{}` marks what a picture fills in.
"""

from reports.comparison_language import LANGS, Lang

WORDS: dict[str, tuple[str, str]] = {
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "stop": (". ", "。"),
    # the signal
    "signal": ("{output} at {place}, expected and actual", "{output} 在 {place} 处的期望值与实际值"),
    "output": ("Output", "输出"),
    "gradient": ("Gradient of {role}", "{role} 的梯度"),
    "batch-channel": ("batch {batch}, channel {channel}", "批次 {batch}、通道 {channel}"),
    "channel": ("channel {channel}", "通道 {channel}"),
    "index": ("index [{index}]", "下标 [{index}]"),
    "whole": ("every element", "全部元素"),
    "imaginary": ("imaginary part", "虚部"),
    "real": ("real part", "实部"),
    "expected": ("expected", "期望"),
    "actual": ("actual", "实际"),
    "difference": ("actual − expected", "实际 − 期望"),
    "equal": ("equal within rounding", "相等（舍入误差之内）"),
    "first": (
        "first difference at [{index}]: expected {expected}, actual {actual}",
        "第一个差异在 [{index}]：期望 {expected}，实际 {actual}",
    ),
    "first-mark": ("first difference", "第一个差异"),
    "shapes": ("shapes: expected {expected}, actual {actual}", "形状：期望 {expected}，实际 {actual}"),
    "missing": ("missing: only expected has it", "缺少：仅期望结果有"),
    "extra": ("extra: only actual has it", "多余：仅实际结果有"),
    "unknown": ("not kept in the run file", "运行文件中未保存"),
    "finite-equal": ("equal within rounding where both are finite", "双方都有限处相等（舍入误差之内）"),
    "cut": (
        "cut to a window: of the {length} elements of axis {axis}, {first} to {last}",
        "只画窗口：轴 {axis} 的 {length} 个元素中的 {first} 至 {last}",
    ),
    "slices-cut": ("cut to slices {first} to {last} of {length}", "{length} 个切片中只画 {first} 至 {last}"),
    "slice": ("slice {index}", "切片 {index}"),
    "differ": ("{count} of {of} elements differ", "{of} 个元素中有 {count} 个不同"),
    "darker": ("shades and numbers: larger is darker", "深浅和数字：数值越大越深"),
    "larger": ("actual is larger (+)", "实际较大（+）"),
    "smaller": ("actual is smaller (−, striped)", "实际较小（−，有条纹）"),
    "empty": ("no element", "没有元素"),
    # the taps
    "taps": ("What makes output element [{index}], by the documentation", "文档规定的输出元素 [{index}] 的来源"),
    "axis": ("axis {axis}", "轴 {axis}"),
    "facts": (
        "stride {stride}, dilation {dilation}, cropped {begin} at the beginning and {end} at the end",
        "步幅 {stride}，膨胀 {dilation}，首端裁去 {begin}，末端裁去 {end}",
    ),
    "added": ("{added} added at the end", "末端增加 {added}"),
    "padded": ("padded {begin} and {end}", "首端补 {begin}，末端补 {end}"),
    "input": ("input", "输入"),
    "kernel": ("kernel", "卷积核"),
    "output-row": ("expected", "期望输出"),
    "actual-row": ("actual", "实际输出"),
    "joined": ("output {output} is made of {pairs}", "输出 {output} 由 {pairs} 组成"),
    "pair": ("input {input} × tap {tap}", "输入 {input} × 抽头 {tap}"),
    "nothing": ("output {output} is reached by no input", "没有输入到达输出 {output}"),
    "beyond": ("output {output} is not there by the documentation", "按文档不存在输出 {output}"),
    "products": (
        "Products per input channel: {products}; input channels: {channels}",
        "每个输入通道的乘积数：{products}；输入通道：{channels}",
    ),
    "used": ("takes part", "参与计算"),
    "cropped-cell": ("cropped", "被裁去"),
    "added-cell": ("added at the end", "末端增加"),
    "chosen": ("this output element", "该输出元素"),
    "shifted": (
        "The actual values are the expected ones, shifted: actual element 0 is expected element {shift} on axis {axis}",
        "实际值是期望值的平移：在轴 {axis} 上，实际的元素 0 就是期望的元素 {shift}",
    ),
    "unshifted": (
        "The lengths differ, and no shift of up to {most} makes the values agree",
        "长度不同，平移不超过 {most} 时数值都不一致",
    ),
    "prefix": ("The values that both have agree; only the length differs", "双方都有的数值一致，只是长度不同"),
    "window": ("columns outside of the picture are left out", "图外的列未画出"),
    "no-product": ("No product reaches this element", "没有乘积到达该元素"),
    # margins
    "margins": ("Margins of {backend}, by element type", "{backend} 的误差占比，按元素类型"),
    "margin": ("part of the error bound that was used", "占用误差界的比例"),
    "bound": ("bound", "误差界"),
    "exact": ("exactly 0", "恰为 0"),
    "over": ("above 1", "大于 1"),
    "largest": ("largest {margin}", "最大 {margin}"),
    "cases": ("{count} executions", "{count} 次执行"),
    "margin-row": (
        "{dtype}: {count} executions, {exact} exactly 0, {over} above the bound, largest {margin}",
        "{dtype}：{count} 次执行，{exact} 次恰为 0，{over} 次超过误差界，最大 {margin}",
    ),
    # the argument space
    "space": ("Failing and passing executions by {across} and {down}", "失败与通过的执行，按 {across} 和 {down}"),
    "space-one": ("Failing and passing executions by {across}", "失败与通过的执行，按 {across}"),
    "failing": ("failing", "失败"),
    "passing": ("passing", "通过"),
    "rule": ("the rule holds here", "规则在此成立"),
    "others": ("{count} others", "其他 {count} 种"),
    "absent": ("not given", "未给出"),
    "counts": ("{failing} failing and {passing} passing executions", "{failing} 次失败、{passing} 次通过"),
    "sampled": (
        "of {all} passing ones an even sample is shown",
        "通过的共 {all} 次，此处为均匀抽样",
    ),
    "failing-sampled": ("of {all} failing ones an even sample is shown", "失败的共 {all} 次，此处为均匀抽样"),
    "one-axis": (
        "an argument with a value per axis is shown on the axis for which the rule holds, else on its first",
        "每轴各有取值的参数，取规则成立的那个轴的值，否则取第一个轴的值",
    ),
    "cell": (
        "{across} = {x}, {down} = {y}: {failing} failing, {passing} passing",
        "{across} = {x}、{down} = {y}：{failing} 次失败，{passing} 次通过",
    ),
    "cell-one": (
        "{across} = {x}: {failing} failing, {passing} passing",
        "{across} = {x}：{failing} 次失败，{passing} 次通过",
    ),
    # the page
    "pictures": ("Pictures of {finding}, smallest case {case}", "{finding} 的图，最小用例 {case}"),
    "most": (
        "Pictures are drawn for {count} of the {all} findings: those whose values differ, then the first ones.",
        "共 {all} 个发现，只为其中 {count} 个绘图：先是数值不同的，再按顺序。",
    ),
}


def say(lang: Lang, key: str, **given: object) -> str:
    """What a key says in a language, with its places filled in."""
    words = WORDS[key][LANGS.index(lang)]
    return words.format(**given) if given else words
