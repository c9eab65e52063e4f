"""The words of a model's report in English and Chinese; `model_text` and `model_markdown` put them together."""

LANGUAGES = ("en", "zh")

STATUS: dict[str, tuple[str, str]] = {
    "equal": ("equal", "相等"),
    "recipe": ("needs recipe", "需要配方"),
    "impossible": ("impossible", "无法对应"),
    "differs": ("differs", "不一致"),
}
WHY: dict[str, tuple[str, str]] = {
    "unknown": ("the suite does not know this operator", "本套件不认识此算子"),
    "own-forward": ("its forward is its own", "其 forward 是自行编写的"),
    "own-code": ("the model's own code; what it calls is listed by itself", "模型自己的代码；它调用的函数单独列出"),
    "scripted": ("compiled by torch.jit: what it calls cannot be seen", "由 torch.jit 编译：看不到它调用了什么"),
    "quantised": ("it is quantised", "它是量化的"),
    "failed": ("it failed, and the model went on", "调用失败，而模型继续运行"),
    "not-called": ("not called with this input", "此输入没有调用它"),
    "unreadable": ("it cannot be read", "无法读取"),
}
NOTES: dict[str, tuple[str, str]] = {
    "lazy": ("a lazy layer, which got its shape from this input", "惰性层，其形状由此输入确定"),
    "computed": (
        "its weight is computed from other parameters, as by weight norm: the one that the call used counts",
        "其权重由其他参数计算得到（如权重归一化）：以调用时实际使用的权重为准",
    ),
    "changed": (
        "a hook of the model changes what it returns: compared is what the layer itself gives",
        "模型的钩子改变了它的返回值：比较的是该层本身的结果",
    ),
}
SAID: dict[str, tuple[str, str]] = {
    "colon": (": ", "："),
    "title": ("{model}: from PyTorch to {target}", "{model}：从 PyTorch 到 {target}"),
    "about": (
        "`{what}` returned a module of class {model}, which was called once on {source}. Inputs: {inputs}.",
        "`{what}` 返回类 {model} 的模块，已在 {source} 上调用一次。输入：{inputs}。",
    ),
    "input": ("{shape} {dtype}", "{shape} {dtype}"),
    "summary": (
        "{count} of operators that the suite knows, held against {target}: {states}.",
        "本套件认识的算子有 {count}，与 {target} 对照：{states}。",
    ),
    "different": ("{count} different calls", "{count} 处不同的调用"),
    "call": ("{count} call", "{count} 处调用"),
    "calls": ("{count} calls", "{count} 处调用"),
    "none": (
        "The model calls no operator that the suite knows.",
        "模型没有调用本套件认识的任何算子。",
    ),
    "not covered": ("Not covered", "未覆盖"),
    "uncovered": (
        "Not covered, and therefore not compared: {layers} of layers, {functions} of functions.",
        "未覆盖因而未比较：层 {layers}，函数 {functions}。",
    ),
    "covered": ("Everything that the model calls is covered.", "模型的所有调用均已覆盖。"),
    "times": ("called {count} times with such arguments and shapes", "以这样的参数和形状调用 {count} 次"),
    "equal": ("`{api}` with these arguments", "`{api}` 用以下参数"),
    "recipe": ("`{api}`{steps}", "`{api}`{steps}"),
    "steps": (", with {steps}", "，并且 {steps}"),
    "before": ("{step} before the call", "调用前 {step}"),
    "after": ("{step} after it", "调用后 {step}"),
    "impossible": ("{reason}", "{reason}"),
    "not taken": ("{target} {does}: {why}", "{target} {does}：{why}"),
    "differs": ("no way to write it that was tried gives the documented result", "试过的写法都没有给出文档所述的结果"),
    "source differs": (
        "PyTorch itself does not give the documented result, {where}: {why}",
        "PyTorch 自身{where}没有给出文档所述的结果：{why}",
    ),
    "inside": ("inside the model", "在模型内"),
    "alone": ("when called by itself", "单独调用时"),
    "verified": (
        "verified on {target}: largest error {error} among {elements}, {share} of the bound; in the model: {inside}",
        "已在 {target} 上验证：{elements}中最大误差 {error}，占误差界 {share}；模型内：{inside}",
    ),
    "numbers": ("{count} numbers", "{count} 个数"),
    "figures": ("{error}, {share}", "{error}，{share}"),
    "not there": ("too large to be compared", "过大，未比较"),
    "generated": (
        "too large to be taken along, so that generated numbers of the same shape stand for: {roles}",
        "过大而未取出，以同形状的生成数值代替：{roles}",
    ),
    "tried": (
        "by the documents `{call}` is equal, but {target} {does}: {why}{known}{more}",
        "按文档 `{call}` 与之相等，但 {target} {does}：{why}{known}{more}",
    ),
    "more": (
        "; the same holds for {count} more that were tried",
        "；另外试过的 {count} 种写法也是如此",
    ),
    "known": (" (known difference {name})", "（已知差异 {name}）"),
    "weights": ("weights: {shapes}", "权重：{shapes}"),
    "as they are": ("{role} {shape}", "{role} {shape}"),
    "reshaped": ("{role} {shape} → {other}", "{role} {shape} → {other}"),
    "layer": ("layer", "层"),
    "layers": ("Layers", "各层"),
    "function": ("function", "函数"),
    "name": ("name", "名称"),
    "call column": ("call in PyTorch", "PyTorch 中的调用"),
    "outcome": ("outcome", "结果"),
    "error": ("largest error", "最大误差"),
    "share": ("share of the bound", "占误差界"),
    "what": ("what", "内容"),
    "count": ("calls", "次数"),
    "where": ("where", "位置"),
    "why": ("why", "原因"),
    "read": (
        "# `--weights FILE.npz` writes the arrays of `weights`",
        "# 用 `--weights FILE.npz` 写出 `weights` 中的数组",
    ),
    "load": (
        "`{file}` holds the weights as {target} takes them; `weights = numpy.load({file!r})` reads them.",
        "`{file}` 保存了 {target} 所需形状的权重；用 `weights = numpy.load({file!r})` 读取。",
    ),
}
DOES: dict[str, tuple[str, str]] = {
    "differs": ("differs", "结果不同"),
    "rejects-valid": ("refuses it", "拒绝该调用"),
    "undocumented": ("does not take it, which no document promises", "不接受，且没有文档保证支持"),
    "unsupported": ("does not support it", "不支持"),
    "crashed": ("crashed", "崩溃"),
    "timed-out": ("did not answer in time", "超时"),
    "unavailable": ("could not run it", "无法运行"),
}


def say(table: dict[str, tuple[str, str]], key: str, lang: str, **parts: object) -> str:
    """A text of a table in one of the languages, with its parts put in; a key that it lacks stands for itself."""
    texts = table.get(key)
    return key if texts is None else texts[LANGUAGES.index(lang)].format(**parts)
