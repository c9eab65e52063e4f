"""Every word of the comparison pages in both languages, in one place.

Names of parameters, calls and texts of errors are not translated. `{}` marks what a page fills in.
"""

# How the frameworks write their own names.
NAMES = {"torch": "PyTorch", "mindspore": "MindSpore", "oneflow": "OneFlow"}

WORDS: dict[str, tuple[str, str]] = {
    # the page
    "title": ("{left} and {right}", "{left} 与 {right} 的差异"),
    "index-title": ("Comparison pages", "API 差异对比"),
    "index-words": (
        (
            "How the APIs of one framework are written in another, with what was verified by running both. Made by "
            "`{command}`. Seen on {backends}."
        ),
        (
            "一个框架的 API 在另一个框架中怎样写，以及两边实际运行的验证结果。由 `{command}` 生成。"
            "运行环境：{backends}。"
        ),
    ),
    "index-page": ("Page", "页面"),
    "index-direction": ("Direction", "方向"),
    "index-valid": ("valid calls", "有效调用"),
    "index-direct": ("arguments alone", "只靠参数"),
    "index-recipe": ("recipe", "需要步骤"),
    "index-none": ("none", "没有"),
    "made": (
        (
            "Made by `conformance compare` from the claims of the documentation and from a run of both "
            "frameworks; not written by hand. Seen on {backends}."
        ),
        ("本页由 `conformance compare` 根据文档陈述和两个框架的实际运行结果生成，并非人工编写。运行环境：{backends}。"),
    ),
    "other-lang": ("中文", "English"),
    "index": ("All comparison pages", "全部对比页"),
    "contents": ("Contents", "目录"),
    "version": ("{framework} {version} ({device})", "{framework} {version}（{device}）"),
    "comma": (", ", "、"),
    "semicolon": ("; ", "；"),
    "colon": (": ", "："),
    "and": (" and ", "、"),
    "none-word": ("none", "无"),
    "silent": ("not stated", "未说明"),
    "required": ("required", "必填"),
    "dash": ("—", "—"),
    # 1. summary
    "summary": ("Summary", "摘要"),
    "share": (
        (
            "Of {valid} documented calls of {source}, {direct} have a counterpart in {target} by arguments alone, "
            "{recipe} by a recipe (steps around the call) and {none} have none."
        ),
        (
            "{source} 中文档允许的 {valid} 个调用里，有{direct}只靠参数就能在 {target} 中写出，"
            "有{recipe}需要在调用前后加几步处理，有{none}没有对应写法。"
        ),
    ),
    "verified": (
        (
            "Verified by running both sides: {equal} pairs equal, {differ} different, {missing} with a side that "
            "gave no result."
        ),
        "两边实际运行验证：{equal} 对结果相同，{differ} 对不同，{missing} 对有一边没有结果。",
    ),
    "blame": (
        "Where they differ, {framework} does not do what its own documents say: {count} of {differ}.",
        "不同之处源于 {framework} 与自己的文档不符：{differ} 对中有 {count} 对。",
    ),
    "blame-none": (
        "In {count} of {differ} both sides do what their documents say.",
        "{differ} 对中有 {count} 对双方都与各自的文档一致。",
    ),
    "percent": ("{count} ({percent})", " {count} 个（{percent}）"),
    "know": ("What a porter must know: ", "移植时必须注意："),
    "know-defaults": ("the defaults differ: {pairs}.", "默认值不同：{pairs}。"),
    "know-only": ("`{name}={value}` (only in {framework})", "`{name}={value}`（仅 {framework} 有）"),
    "know-same": (
        "all arguments that both have are named alike and have the same defaults.",
        "双方共有的参数名称和默认值都相同。",
    ),
    "know-against": ("{left} against {right}", "{left} 对 {right}"),
    # 2. parameters
    "parameters": ("Parameters", "参数"),
    "meaning": ("Meaning", "含义"),
    "rule": ("Counterpart", "对应写法"),
    "default": ("default", "默认值"),
    "type": ("documented type", "文档类型"),
    "meaning-same": ("same", "相同"),
    "meaning-renamed": ("renamed", "名称不同"),
    "meaning-default": ("different default", "默认值不同"),
    "meaning-meaning": ("different meaning", "含义不同"),
    "meaning-missing": ("missing in {framework}", "{framework} 没有"),
    # 3. shapes
    "shapes": ("Output shape", "输出形状"),
    "shapes-words": (
        (
            "L is the input's length along an axis, the formula gives the output's. Where documents disagree, the "
            "ruling of the suite is followed."
        ),
        "L 为输入在某个轴上的长度，公式给出输出在该轴上的长度。文档自相矛盾处按本套件的裁定。",
    ),
    "when": ("For", "适用于"),
    "formula": ("Output length", "输出长度"),
    "lengths": (
        "Output lengths by the reference; `padding` and `output_padding` count with `pad_mode='pad'` alone.",
        "按参考实现算出的输出长度；`padding` 和 `output_padding` 只在 `pad_mode='pad'` 时起作用。",
    ),
    "lengths-plain": ("Output lengths by the reference.", "按参考实现算出的输出长度。"),
    "setting": ("Arguments", "参数取值"),
    "shapes-differ": (
        "Marked are the lengths that are not those of `{api}`: there are some in {count} of {of} settings.",
        "标出的是与 `{api}` 不同的长度：{of} 组取值中有 {count} 组出现不同。",
    ),
    "shapes-alike": ("The lengths are the same in all of these settings.", "以上取值下长度全部相同。"),
    # 4. map
    "map": ("Equivalence map", "等价关系"),
    "map-words": (
        (
            "A region is where a call's geometry lies: what it leaves out of the full transposed convolution at "
            "the beginning and at the end of each axis. Every row says how such a call is written on the other "
            "side, and how often that was verified."
        ),
        (
            "区域由调用的几何关系划分：每个轴的首端和末端从完整的转置卷积结果中裁去多少。"
            "每一行说明这类调用在另一边怎样写，以及验证了多少次。"
        ),
    ),
    "from-to": ("{source} → {target}", "{source} → {target}"),
    "calls": (
        (
            "{calls} calls were planned: {undocumented} are not documented as valid, or not in their values, "
            "{own} are about their own framework alone; {valid} remain."
        ),
        (
            "共计划 {calls} 个调用：其中 {undocumented} 个不是文档允许的调用或文档未说明其数值，{own} "
            "个只考察自身框架；其余 {valid} 个参与统计。"
        ),
    ),
    "region": ("Region", "区域"),
    "how": ("Written with", "写法"),
    "cases": ("calls", "调用数"),
    "equal": ("equal", "相同"),
    "differ": ("differ", "不同"),
    "missing": ("one side without a result", "一边没有结果"),
    "smallest": ("Smallest pair that differs, or lacks a side", "最小的不同（或缺一边）的一对"),
    "all-equal": ("none", "无"),
    "same-arguments": ("the same arguments", "相同的参数"),
    "no-map": ("The run has no counterparts in this direction.", "本次运行中没有这个方向的对应调用。"),
    "lacks": ("Valid calls without a counterpart", "没有对应写法的有效调用"),
    "lack": ("Reason", "原因"),
    "example-call": ("Smallest call", "最小的调用"),
    "no-lacks": ("Every valid call has a counterpart.", "每个有效调用都有对应写法。"),
    "departs": ("{framework} departs from its documents ({verdict})", "{framework} 与自己的文档不符（{verdict}）"),
    "open": (
        "the documents of {framework} do not promise that this works",
        "{framework} 的文档没有承诺这种调用可用",
    ),
    "step-before": ("before: {step}", "调用前：{step}"),
    "step-after": ("after: {step}", "调用后：{step}"),
    "step-expand": ("a new axis of length 1", "增加一个长度为 1 的轴"),
    "step-squeeze": ("take that axis away", "去掉长度为 1 的轴"),
    "step-add": ("add the bias", "加上偏置"),
    "step-pad-begin": ("append zeros at the beginning", "首端补零"),
    "step-pad-end": ("append zeros at the end", "末端补零"),
    "step-pad-begin-end": ("append zeros at both ends", "两端补零"),
    "step-crop-begin": ("leave out elements at the beginning", "去掉开头若干元素"),
    "step-crop-end": ("leave out elements at the end", "去掉末尾若干元素"),
    "step-crop-begin-end": ("leave out elements at both ends", "去掉两端若干元素"),
    # 5. claims side by side
    "initial": ("Initialisation", "初始化"),
    "dtypes": ("Parameters and element types", "参数与数据类型"),
    "devices": ("Devices and precision", "设备与精度"),
    "errors": ("Errors", "错误处理"),
    "gradients": ("Gradients", "梯度"),
    "claims-words": (
        "What the documents of both say, and where each statement stands on its backend.",
        "双方文档的陈述，以及每条陈述在对应后端上的验证结果。",
    ),
    "errors-words": (
        (
            "Values that a document calls invalid, or of which it says nothing, and what became of calls that "
            "have one. Rows on which both are silent and alike are left out."
        ),
        "文档规定无效或没有提到的取值，以及带有这种取值的调用的实际结果。双方文档都没有提到且行为一致的取值从略。",
    ),
    "element-type": ("Element type", "数据类型"),
    "types-words": (
        "Calls that no document refuses, by the element type of their input, as they ended.",
        "没有被文档禁止的调用，按输入的数据类型统计其实际结果。",
    ),
    "type-works": ("works", "可用"),
    "type-partly": ("works in part", "部分可用"),
    "type-wrong": ("wrong results", "有错误结果"),
    "type-refused": ("refused", "拒绝"),
    "type-none": ("{of} calls, no result", "{of} 个调用都没有结果"),
    "type-count": ("{returned} of {of} calls returned", "{of} 个调用中 {returned} 个有结果"),
    "type-wrong-count": (
        "{returned} of {of} calls returned, {wrong} of them not as documented",
        "{of} 个调用中 {returned} 个有结果，其中 {wrong} 个与文档不符",
    ),
    "parameter": ("Parameter", "参数"),
    "values": ("Values", "取值"),
    "combined": ("together with other arguments", "与其他参数组合时"),
    "doc-error": ("error", "报错"),
    "doc-silent": ("silent", "未说明"),
    "seen-refused": ("refused", "拒绝"),
    "seen-accepted": ("accepted", "接受"),
    "seen-both": ("refused and accepted", "有时拒绝有时接受"),
    "not-tried": ("not tried", "未试"),
    "doc-valid": ("valid", "有效"),
    "with-error": ("{word} (`{error}`)", "{word}（`{error}`）"),
    "documented-seen": ("{documented} → {seen}", "{documented} → {seen}"),
    "no-errors": ("The run tried no invalid values of these.", "本次运行没有尝试无效取值。"),
    "no-claims": ("Neither side states anything of this.", "双方文档都没有这方面的陈述。"),
    # 6. examples
    "examples": ("Examples with their outputs", "代码示例与实际输出"),
    "examples-words": (
        (
            "Every program was run when this page was made; what it printed stands below it, word for word. "
            "Tensors hold 1, 2, 3 … in order on both sides."
        ),
        "生成本页时运行了每个程序，其下为原样输出。两边的张量都依次填入 1、2、3……",
    ),
    "printed": ("Printed", "输出"),
    "no-output": ("nothing", "没有输出"),
    "same-output": ("Both sides print the same.", "两边输出相同。"),
    "other-output": ("The two sides print different results.", "两边输出不同。"),
    "departing": ("{framework} does not print what its documents say.", "{framework} 的输出与它自己的文档不符。"),
    "not-counterparts": (
        "These two calls look alike and are not counterparts.",
        "这两个调用看似相同，其实并不等价。",
    ),
    "space": (" ", ""),
    "no-counterpart": ("There is no counterpart: {reason}", "没有对应写法：{reason}"),
    "not-run": ("not run: {reason}", "未运行：{reason}"),
    # 7. statements
    "statements": ("The statements of today's comparison page", "现有对比页的逐条核对"),
    "statements-words": (
        "Every statement of “{title}” that this suite knows, as verified, contradicted, overruled or not checkable.",
        "《{title}》中的每条陈述：已验证、与实际不符、被裁定推翻，或无法检查。",
    ),
    "statements-none": (
        "No document among those of this suite compares these two APIs.",
        "本套件收录的文档中没有对比这两个 API 的文档。",
    ),
    "statements-count": (
        (
            "{total} statements: {verified} verified, {contradicted} contradicted, {overruled} overruled, {other} "
            "not checked."
        ),
        (
            "共 {total} 条陈述：{verified} 条已验证，{contradicted} 条与实际不符，{overruled} 条被裁定推翻，"
            "{other} 条未检查。"
        ),
    ),
    "place": ("Place", "位置"),
    "statement": ("Statement", "陈述"),
    "about": ("About", "对象"),
    "verdict": ("Verdict", "结论"),
    "held": ("{held} checks held", "{held} 次检查成立"),
    "failed": ("{failed} of {of} checks failed", "{of} 次检查中 {failed} 次不成立"),
    "counterexample": ("Counterexample", "反例"),
    "seen": ("seen", "实际"),
    "ruling": ("Ruling", "裁定"),
    # states of claims
    "holds": ("verified", "已验证"),
    "contradicted": ("contradicted", "与实际不符"),
    "document": ("overruled", "被裁定推翻"),
    "advice": ("advice, not followed", "建议，未遵循"),
    "unchecked": ("not checkable", "无法检查"),
    "unavailable": ("not checkable here", "此设备上无法检查"),
    "not exercised": ("not exercised", "未涉及"),
    "unavailable-reason": ("needs {device}", "需要 {device}"),
}

# Places of documents as the claims name them, where a Chinese page writes them otherwise.
PLACES_ZH = {
    "class line": "类定义",
    "parameter table": "参数表",
    "difference": "差异对比",
    "initialisation": "权重初始化差异",
    "example 1": "代码示例1",
    "example 2": "代码示例2",
    "example 3": "代码示例3",
    "example 2, the sentence before it": "代码示例2（示例前的说明）",
}

# Titles of documents that the pages name, in Chinese.
TITLES_ZH = {
    "mindspore-comparison": "MindSpore 的对比页：Conv1dTranspose 与 torch.nn.ConvTranspose1d 的差异",
}

# Reasons for which a statement is not checked, in Chinese.
UNCHECKED_ZH = {
    "says only what is usual": "只说通常如何，没有可检验的条件",
    "says roughly, and not where the two differ": "只说大体如此，没有说明差别在哪里",
    "every case of a class makes an instance first, so that no outcome could speak against it": (
        "每个用例都先实例化该类，任何结果都无法与之相悖"
    ),
    "says only that something may happen": "只说可能发生，没有可检验的条件",
    "says what is not computed; what is computed has claims of its own": "只说明不计算什么；计算什么由其他陈述说明",
    "speaks of parameters that the documented signature does not have yet": "涉及的参数尚不在文档的签名中",
    "says which elements only of a convolution: a transposed one consumes every input element": (
        "只对卷积说得清是哪些元素：转置卷积用到每个输入元素"
    ),
    "an outcome does not say on which device parameters lie": "运行结果不显示参数位于哪个设备",
    "needs a ROCm device, which no backend of this suite has": "需要 ROCm 设备，本套件没有这样的后端",
    "the function's own document gives the input a batch, and the reference takes no side": (
        "该函数自己的文档中输入带批量轴，参考实现不作取舍"
    ),
    "the comparison page allows zeros only, which the reference follows in one dimension": (
        "对比页只允许 zeros，参考实现在一维按此处理"
    ),
    "the flag that the document names is PyTorch's, and OneFlow has none of its own": (
        "文档提到的标志是 PyTorch 的，OneFlow 没有自己的标志"
    ),
}
