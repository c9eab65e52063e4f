"""The words of an issue text in English and Chinese, and the headings of each project's own template.

`reports.issue_text` puts them together. A heading is followed by the parts that stand under it, by name; a project
without a template of its own gets `PLAIN`.
"""

from dataclasses import dataclass

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Heading:
    """One heading of a template, in English and Chinese, with its marks, and the parts under it."""

    en: str
    zh: str
    parts: tuple[str, ...]


WHAT = ("summary", "documents", "expected", "actual", "cases", "rule", "seen")
TEMPLATES: dict[str, tuple[Heading, ...]] = {
    "torch": (
        Heading("### 🐛 Describe the bug", "### 🐛 问题描述", (*WHAT, "script", "printed")),
        Heading("### Versions", "### 版本", ("environment",)),
    ),
    "mindspore": (
        Heading("## Environment", "## 环境", ()),
        Heading(
            "### Hardware Environment(`Ascend`/`GPU`/`CPU`):", "### 硬件环境（`Ascend`/`GPU`/`CPU`）：", ("hardware",)
        ),
        Heading("### Software Environment:", "### 软件环境：", ("environment",)),
        Heading("## Describe the current behavior", "## 当前行为", ("summary", "actual", "cases", "rule")),
        Heading("## Describe the expected behavior", "## 预期行为", ("documents", "expected")),
        Heading("## Steps to reproduce the issue", "## 复现步骤", ("script",)),
        Heading("## Related log / screenshot", "## 相关日志", ("printed",)),
        Heading("## Special notes for this issue", "## 补充说明", ("seen",)),
    ),
    "oneflow": (
        Heading("## Summary", "## 摘要", WHAT),
        Heading("## Code to reproduce bug", "## 复现代码", ("script", "printed")),
        Heading("## System Information", "## 系统信息", ("environment",)),
    ),
}
PLAIN = (
    Heading("## Description", "## 问题描述", WHAT),
    Heading("## Code to reproduce", "## 复现代码", ("script", "printed")),
    Heading("## Environment", "## 环境", ("environment",)),
)
# What each fact of the environment is called: as a project's template calls it, else plainly.
FACTS: dict[str, tuple[str, str]] = {
    "version": ("{framework} version", "{framework} 版本"),
    "python": ("Python version", "Python 版本"),
    "system": ("OS", "操作系统"),
    "cpu": ("CPU", "CPU"),
    "capability": ("CPU capability that {framework} uses", "{framework} 使用的 CPU 指令集"),
    "device": ("Device", "设备"),
    "threads": ("Threads", "线程数"),
    "packages": ("Packages", "相关软件包"),
}
_ONEFLOW = {
    "device": ("Device, and GPU models if any", "设备（若有 GPU 则为其型号）"),
    "packages": ("Other info", "其他"),
}
_MINDSPORE = {"system": ("OS platform and distribution", "操作系统平台与发行版")}
OWN_FACTS: dict[str, dict[str, tuple[str, str]]] = {"oneflow": _ONEFLOW, "mindspore": _MINDSPORE}

# What a call does instead of what is documented, by verdict; or what is said of its document, by kind of finding.
DOES: dict[str, tuple[str, str]] = {
    "differs": ("returns something else than documented", "返回的结果与文档不符"),
    "rejects-valid": ("refuses a call that the documentation allows", "拒绝了文档允许的调用"),
    "accepts-invalid": ("accepts a call that the documentation calls an error", "接受了文档规定应报错的调用"),
    "wrong-error": ("raises another error than documented", "抛出的错误与文档所述不同"),
    "crashed": ("crashes the process", "使进程崩溃"),
    "timed-out": ("does not come back", "一直不返回"),
    "unstable": ("gives different outcomes for the same call", "同一调用得到不同的结果"),
}
OTHERWISE = ("does not do what is documented", "与文档不符")

WORDS: dict[str, tuple[str, str]] = {
    "says": ("What the documentation says (in our words)", "文档的说法（转述）"),
    "place": ("stated in {0}", "出处：{0}"),
    "more claims": ("and {0} more statements", "另有 {0} 条"),
    "no claims": ("What is expected follows from the documented values.", "预期结果由文档所定义的数值得出。"),
    "expected": ("Expected", "预期"),
    "actual": ("Actual", "实际"),
    "smallest": ("Smallest call that fails", "最小的失败调用"),
    "other": ("Compared with", "对照的调用"),
    "passing": ("Nearest call that does not fail", "最接近的正常调用"),
    "iff": ("It fails if and only if {0}.", "当且仅当 {0} 时失败。"),
    "where": ("As far as was seen, it fails where {0}.", "就所见而言，在 {0} 时失败。"),
    "always": ("No argument was found on which it depends.", "未发现它取决于哪个参数。"),
    "support": (
        "{0} that failed agree with this; {1} that passed do not.",
        "{0}失败的执行与此相符，{1}通过的执行与此不符。",
    ),
    "tried": (
        "Tried on fresh calls: inside of the rule {0} fail (precision); of those that fail, {1} are inside (recall).",
        "在新生成的调用上检验：规则之内失败的占 {0}（精确率）；失败的调用中在规则之内的占 {1}（召回率）。",
    ),
    "untried": ("The rule was not tried on fresh calls.", "该规则未在新生成的调用上检验。"),
    "modes": ("Seen in mode: {0}.", "出现的执行模式：{0}。"),
    "versions": ("Seen on: {0}.", "出现的版本：{0}。"),
    "not on": ("The same calls conform on: {0}.", "同样的调用在以下版本上正常：{0}。"),
    "script": (
        "The script needs {0} and NumPy only; it exits with 1 while the difference is there, with 0 when it is gone.",
        "该脚本只需要 {0} 和 NumPy；差异存在时以 1 退出，消失后以 0 退出。",
    ),
    "no script": ("There is no script of this call.", "此调用没有脚本。"),
    "long": (
        "The script has {0} characters; attach it as a file: `{1}` prints it.",
        "脚本有 {0} 个字符，请作为附件提交：用 `{1}` 输出。",
    ),
    "printed": ("What the script printed here ({0})", "脚本在此处的输出（{0}）"),
    "silent": ("The script printed nothing here ({0}).", "脚本在此处没有输出（{0}）。"),
    "not run": ("The script was not run here.", "该脚本未在此处运行。"),
    "reproduced": ("reproduced", "已复现"),
    "not reproduced": ("not reproduced", "未复现"),
    "run": ("run", "已运行"),
    "made": (
        "Found by `conformance`, which holds frameworks against their documentation (finding {0}).",
        "由依据文档检验框架的工具 `conformance` 发现（编号 {0}）。",
    ),
}


def say(name: str, lang: str, *parts: str) -> str:
    """A sentence or a heading in a language, with its parts in place."""
    return WORDS[name][LANGUAGES.index(lang)].format(*parts)
