"""Every word of the trend in English and Chinese, and the sentences that are made of them.

Ids, names of APIs and versions are not translated. `{}` marks what a sentence fills in.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from reports.text import counted
from reports.trend import Part, Since, Trend, Word
from reports.trend_columns import Column

Lang: TypeAlias = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")
_NAMES = {"torch": "PyTorch", "mindspore": "MindSpore", "oneflow": "OneFlow", "numpy": "NumPy reference"}
COMMAND = "conformance report RUN RUN… -o FOLDER"

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Versions against claims", "版本与文档陈述的对照"),
    "lead": (
        (
            "How the claims of each framework's documentation fare over its versions, from {runs} run files. Only "
            "what can be compared is compared."
        ),
        "各框架文档中的陈述在不同版本上的表现，取自 {runs} 个运行文件。只比较可比的部分。",
    ),
    "language": ("Language", "语言"),
    "contents": ("Contents", "目录"),
    "note": ("Note.", "注意："),
    "suite": (
        (
            "The runs were made with different states of the suite; what each claims, runs and judges may differ. "
            "Where one version stands both ways, that may be why."
        ),
        "这些运行所用的套件版本不同，各自的陈述、用例和判定可能不同。同一版本结论不一时，原因可能在此。",
    ),
    "seed": (
        "The runs have different seeds, and so different cases.",
        "这些运行的随机种子不同，因此用例不同。",
    ),
    "strength": (
        "The runs have covering arrays of different strength, and so different cases.",
        "这些运行的组合覆盖强度不同，因此用例不同。",
    ),
    "whole": (
        "At least one run did not come to its end; what it did not run is not compared.",
        "至少有一个运行没有完成；未运行的部分不参与比较。",
    ),
    "unequal": (
        (
            "The runs do not state the same claims: {count} are missing or worded otherwise in some run. "
            "There they are not compared."
        ),
        "各次运行的陈述不尽相同：有 {count} 条在某次运行中缺失或表述不同，在那里不参与比较。",
    ),
    "unavailable": ("Not usable in run {run}: {names}.", "运行 {run} 中不可用：{names}。"),
    "alone": (
        "There is only one backend of this framework, so that there is nothing to hold it against.",
        "该框架只有一个后端，无从比较。",
    ),
    "rows": ("Claims that do not stand alike everywhere", "并非处处一致的陈述"),
    "no-rows": ("None: every claim that can be compared stands alike.", "没有：可比的陈述处处一致。"),
    "failing": (
        "Claims that fail wherever they were held",
        "凡检查过的版本上都不成立的陈述",
    ),
    "same": ("Alike everywhere", "处处一致"),
    "same-line": (
        "{count} claims stand alike in all columns ({states}).",
        "{count} 条陈述在所有列中一致（{states}）。",
    ),
    "same-none": ("No claim stands alike in all columns.", "没有陈述在所有列中一致。"),
    "apart": (
        "{count} more are not told of by every column, and do not differ where they are.",
        "另有 {count} 条并非每一列都有结论，在有结论之处并无不同。",
    ),
    "left-out": ("{count} more are left out here.", "此处另有 {count} 条从略。"),
    "claim": ("Claim", "陈述"),
    "when": ("Since when it fails", "从何版本起不成立"),
    "example": ("Smallest call that fails", "最小的失败调用"),
    "runs": ("The runs", "各次运行"),
    "run": ("Run", "运行"),
    "file": ("File", "文件"),
    "started": ("Started", "开始时间"),
    "suite-head": ("Suite", "套件"),
    "seed-head": ("Seed", "种子"),
    "strength-head": ("Strength", "强度"),
    "records": ("Records", "记录数"),
    "ended": ("Ended", "是否完成"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "counts": ("{failing} of {all} cases fail", "{all} 个用例中 {failing} 个失败"),
    "semicolon": ("; ", "；"),
    "comma": (", ", "、"),
    "on": ("{device}: {words}", "{device}：{words}"),
    "since": ("fails since {first}; holds up to {last}", "自 {first} 起不成立，{last} 及之前成立"),
    "until": ("holds since {first}; fails up to {last}", "自 {first} 起成立，{last} 及之前不成立"),
    "always": ("fails in every version that was run, from {first} on", "运行过的各版本都不成立，最早为 {first}"),
    "always-one": ("fails in {first}, the only version that was run", "仅运行过 {first}，不成立"),
    "never": ("holds in every version that was run, from {first} on", "运行过的各版本都成立，最早为 {first}"),
    "never-one": ("holds in {first}, the only version that was run", "仅运行过 {first}，成立"),
    "mixed-fails": ("fails in {names}", "{names} 中不成立"),
    "mixed-holds": ("holds in {names}", "{names} 中成立"),
    "mixed-both": ("fails in one run of {names} and holds in another", "{names} 的一次运行中不成立，另一次中成立"),
    "made": ("Made by `{command}`; nothing was run for it.", "由 `{command}` 生成，未运行任何框架。"),
    "other": ("中文", "English"),
}
# What stands in a cell, with the shape and the colour class beside it.
CELLS: dict[Word, tuple[str, str, str, str]] = {
    "holds": ("holds", "成立", "✓", "good"),
    "contradicted": ("contradicted", "与实际不符", "✗", "bad"),
    "document": ("document overruled", "文档被裁定推翻", "◆", "warn"),
    "advice": ("advice not followed", "未遵循建议", "◇", "warn"),
    "unchecked": ("not checked", "未检查", "–", "quiet"),
    "unavailable": ("unavailable", "不可用", "⊘", "quiet"),
    "not exercised": ("not exercised", "没有用例触及", "○", "quiet"),
    "not stated": ("not stated in this run", "该运行未列出", "·", "quiet"),
    "restated": ("worded otherwise in this run", "该运行表述不同", "·", "quiet"),
    "other cases": ("holds by other cases only", "仅在其他用例上成立", "○", "quiet"),
}


def say(key: str, lang: Lang, **given: object) -> str:
    """What a key says in a language."""
    words = WORDS[key][LANGS.index(lang)]
    return words.format(**given) if given else words


def cell(word: Word, lang: Lang) -> str:
    """What a state is called."""
    return CELLS[word][LANGS.index(lang)]


def framework(name: str) -> str:
    """What a framework calls itself."""
    return _NAMES.get(name, name)


def head(column: Column, lang: Lang) -> tuple[str, str]:
    """What stands over a column: what was run, and when and in which run."""
    return f"{column.version or '?'} ({column.device})", f"{column.date}, {say('run', lang)} {column.source.number}"


def notices(found: Trend, lang: Lang) -> Iterator[str]:
    """What is to be said before the tables."""
    yield from (say(key, lang) for key in found.differ)
    if found.unequal_claims:
        yield say("unequal", lang, count=f"{found.unequal_claims:,}")
    for source in found.sources:
        if source.unavailable:
            names = say("comma", lang).join(source.unavailable)
            yield say("unavailable", lang, run=source.number, names=names)


def same(part: Part, lang: Lang) -> str:
    """How many claims stand alike everywhere, and how many cannot be compared."""
    total = sum(part.same.values())
    states = say("comma", lang).join(f"{cell(word, lang)} {count:,}" for word, count in part.same.items())
    words = say("same-line", lang, count=f"{total:,}", states=states) if total else say("same-none", lang)
    if lang == "en" and total == 1:
        words = words.replace("1 claims stand", f"{counted(1, 'claim')} stands", 1)
    return words + (" " * (lang == "en") + say("apart", lang, count=f"{part.apart:,}") if part.apart else "")


def when(found: tuple[Since, ...], lang: Lang) -> str:
    """Since which version a claim fails, by device where there are several."""
    many = len(found) > 1
    words = (
        say("on", lang, device=item.device, words=_when(item, lang)) if many else _when(item, lang) for item in found
    )
    return say("semicolon", lang).join(words)


def _when(item: Since, lang: Lang) -> str:
    if item.kind == "since":
        return say("since", lang, first=item.failing[0], last=item.holding[-1])
    if item.kind == "until":
        return say("until", lang, first=item.holding[0], last=item.failing[-1])
    if item.kind != "mixed":
        versions = item.failing if item.kind == "always" else item.holding
        return say(item.kind if len(versions) > 1 else f"{item.kind}-one", lang, first=versions[0])
    named = (("mixed-fails", item.failing), ("mixed-holds", item.holding), ("mixed-both", item.both))
    comma = say("comma", lang)
    return say("semicolon", lang).join(say(key, lang, names=comma.join(names)) for key, names in named if names)
