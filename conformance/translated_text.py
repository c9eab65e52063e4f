"""A translation → what `conformance translate` prints: plain text in English or Chinese, or one JSON object.

The sections come in a fixed order: the call, the code, what was renamed, written out, put otherwise and held otherwise,
what the documents say of it, and what running both sides showed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.documentation import Text
from cases.known import Entry
from cases.rewriting import Rewriting
from cases.steps import show as show_step
from cases.values import encode, show
from conformance.code import shortened
from conformance.translation import Candidate, Departure, Translation, Verified
from conformance.translation_remarks import Remark
from conformance.translation_run import Ran
from reports.text import clean

SHOWN = 3  # departures that are told in full


@dataclass(frozen=True)
class Answer:
    """Everything that is printed. `unverified` says why nothing was run; `backends` name source and target in words.

    `smaller` says that the call was run with smaller inputs than its own, which takes too long.
    """

    translation: Translation
    code: str = ""
    weights: str = ""
    rewriting: Rewriting = field(default_factory=Rewriting)
    remarks: tuple[Remark, ...] = ()
    backends: tuple[str, str] = ("", "")
    ran: Ran | None = None
    unverified: Text | None = None
    smaller: bool = False


def lines(answer: Answer, lang: str) -> Iterator[str]:
    """The answer as text, line by line."""
    say, found = _Words(lang), answer.translation
    yield f"{say(CALL)}: {found.ours.show()}"
    if found.chosen is None:
        yield f"{say(NONE)} {found.framework}: {found.reason}"
        return
    yield f"{say(COUNTERPART)}: {shortened(found.chosen.case, found.ours).show()}"
    yield from ("", *answer.code.splitlines())
    if answer.weights:
        yield from ("", f"# {say(WEIGHTS)}", "", *answer.weights.splitlines())
    made = answer.rewriting
    yield from _section(say(RENAMED), [f"{item.ours} → {item.theirs}" for item in made.renamed])
    explicit = [f"{item.name}={show(item.value)}: {say(item.reason)}" for item in made.explicit]
    yield from _section(say(EXPLICIT), explicit)
    yield from _section(say(BECAME), [f"{item.ours} → {item.theirs}: {say(item.reason)}" for item in made.became])
    held = [f"{item.role}: {item.ours} → {item.theirs}, {say(ORDER)}" for item in made.held]
    yield from _section(say(HELD), held)
    yield from _section(say(REMARKS), [_remark(item, say) for item in answer.remarks])
    yield from _section(say(KNOWN), [*_known(found, say)])
    yield from _section(say(LEFT_OUT), [*_left_out(found, say)])
    yield from ("", *_verified(answer, say))


def data(answer: Answer, lang: str) -> dict[str, Any]:
    """The answer as one JSON object."""
    say, found = _Words(lang), answer.translation
    made, chosen = answer.rewriting, answer.translation.chosen
    return {
        "call": found.ours.show(),
        "case": found.ours.canonical,
        "target": found.framework,
        "counterpart": None if chosen is None else chosen.case.show(),
        "counterpart_case": None if chosen is None else chosen.case.canonical,
        "steps": [] if chosen is None else [show_step(item) for item in _steps(chosen)],
        "reason": found.reason,
        "code": answer.code,
        "weights": answer.weights,
        "renamed": [{"from": item.ours, "to": item.theirs} for item in made.renamed],
        "made_explicit": [
            {"name": item.name, "value": encode(item.value), "default": encode(item.theirs), "why": say(item.reason)}
            for item in made.explicit
        ],
        "became": [{"from": item.ours, "to": item.theirs, "why": say(item.reason)} for item in made.became],
        "held": [{"role": item.role, "from": [*item.ours], "to": [*item.theirs]} for item in made.held],
        "remarks": [
            {
                "text": say(item.text),
                "ruling": "" if item.ruling is None else say(item.ruling),
                "claims": [claim.id for _, claim in item.claims],
                "documents": [*dict.fromkeys(one.document.title for _, claim in item.claims for one in claim.sources)],
            }
            for item in answer.remarks
        ],
        "known": {"source": _entry(found.source_known), "target": _entry(chosen.known if chosen else None)},
        "left_out": [
            {"call": item.case.show(), "known": _entry(item.known), "verification": _figures(item.verified)}
            for item in found.left_out
        ],
        "verified": bool(chosen and chosen.verified and chosen.verified.equal),
        "smaller_inputs": answer.smaller,
        "backends": [*answer.backends] if chosen and chosen.verified else [],
        "verification": None if chosen is None else _figures(chosen.verified),
        "not_verified": "" if answer.unverified is None else say(answer.unverified),
        "code_run": None if answer.ran is None else {"same": answer.ran.same, "printed": clean(answer.ran.said)},
    }


def _verified(answer: Answer, say: "_Words") -> Iterator[str]:
    """What running both sides showed."""
    chosen, (source, target) = answer.translation.chosen, answer.backends
    assert chosen is not None
    done = chosen.verified
    if done is None:
        yield f"{say(NOT_VERIFIED)}: {'' if answer.unverified is None else say(answer.unverified)}"
        return
    share = (
        ""
        if not done.margin
        else say(
            Text(f"; largest share of the error bound {done.margin:.2g}", f"；误差界的最大占用比例 {done.margin:.2g}")
        )
    )
    figures = say(
        Text(
            f"(forward {done.forward}, gradients {done.gradients}{share})",
            f"（前向 {done.forward}，梯度 {done.gradients}{share}）",
        )
    )
    where = (target, source, figures)
    wrong = done.inputs - done.forward
    if done.equal:
        yield _on(EQUAL, say, done.inputs, *where)
    elif not done.inputs:
        yield f"{say(NOT_VERIFIED)}: {say(NO_INPUT)}"
    elif all(item.refused for item in done.departures):
        yield _on(REFUSED, say, wrong, done.inputs, *where)
    else:
        yield _on(UNLIKE, say, wrong, done.inputs, *where)
    if answer.smaller:
        yield f"  {say(SMALLER)}"
    yield from _departures(done.departures, answer.backends, say)
    if any(item.where == "source" and not item.refused for item in done.departures):
        yield f"  {_on(DOCUMENTED, say, source)}"
    if answer.ran is not None:
        word = say(RAN_SAME if answer.ran.same else RAN_OTHER)
        yield f"{say(Text(f'the code above was run on {target}', f'以上代码已在 {target} 上运行'))}: {word}"
        if not answer.ran.same:
            yield from (f"  {line}" for line in clean(answer.ran.said).splitlines()[-8:])


def _on(text: Text, say: "_Words", *values: object) -> str:
    return say(text).format(*values)


def _departures(found: Sequence[Departure], backends: tuple[str, str], say: "_Words") -> Iterator[str]:
    names = {"source": backends[0], "target": backends[1], "documents": ""}
    for where, promised in (
        ("source", True),
        ("target", True),
        ("source", False),
        ("target", False),
        ("documents", True),
    ):
        here = [item for item in found if item.where == where and item.promised == promised]
        if not here:
            continue
        told = DEPARTS[where] if promised else REFUSES[where]
        yield f"  {' '.join(filter(None, [names[where], say(told)]))}:"
        yield from (f"    {clean(item.call)}: {clean(item.detail)}" for item in here[:SHOWN])
        if len(here) > SHOWN:
            yield f"    {say(Text(f'and {len(here) - SHOWN} more', f'另有 {len(here) - SHOWN} 处'))}"


def _known(found: Translation, say: "_Words") -> Iterator[str]:
    if found.source_known is not None:
        yield f"{found.ours.api}: {found.source_known.reason} ({found.source_known.name})"
    if found.chosen is not None and found.chosen.known is not None:
        yield f"{found.chosen.case.api}: {found.chosen.known.reason} ({found.chosen.known.name})"


def _left_out(found: Translation, say: "_Words") -> Iterator[str]:
    """The first call that each reason speaks against, and how many more."""
    reasons: dict[str, list[Candidate]] = {}
    for item in found.left_out:
        if item.known is not None:
            why = f"{say(KNOWN_NOT)}: {item.known.reason} ({item.known.name})"
        else:
            detail = next((one.detail for one in item.verified.departures), "") if item.verified else ""
            why = f"{say(UNEQUAL)}: {clean(detail)}"
        reasons.setdefault(why, []).append(item)
    for why, (item, *more) in reasons.items():
        others = f" {say(Text(f'(and {len(more)} more)', f'（另有 {len(more)} 种）'))}" if more else ""
        yield f"{shortened(item.case, found.ours).show()}{others}: {why}"


def _remark(item: Remark, say: "_Words") -> str:
    ruling = "" if item.ruling is None else f" {say(RULED)}: {say(item.ruling)}"
    if len(item.claims) > 1:
        return f"{say(item.text)}{ruling}"
    ((api, claim),) = item.claims
    places = "; ".join(dict.fromkeys(source.document.title for source in claim.sources))
    return f"{api}: {say(item.text)} [{places}]{ruling}"


def _section(title: str, found: Sequence[str]) -> Iterator[str]:
    if found:
        yield from ("", f"{title}:", *(f"  {line}" for line in found))


def _steps(chosen: Candidate) -> list[Any]:
    return [*chosen.case.around.before, *chosen.case.around.after]


def _entry(entry: Entry | None) -> dict[str, str] | None:
    return None if entry is None else {"name": entry.name, "reason": entry.reason, "rule": entry.rule}


def _figures(done: Verified | None) -> dict[str, Any] | None:
    if done is None:
        return None
    return {
        "inputs": done.inputs,
        "forward": done.forward,
        "gradients": done.gradients,
        "margin": done.margin,
        "departures": [
            {
                "where": item.where,
                "backend": item.backend,
                "call": item.call,
                "detail": clean(item.detail),
                "promised": item.promised,
                "refused": item.refused,
            }
            for item in done.departures
        ],
    }


class _Words:
    """The words of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, text: Text) -> str:
        return text.zh if self.lang == "zh" else text.en


CALL = Text("documented call", "文档所述的调用")
COUNTERPART = Text("counterpart", "对应的调用")
NONE = Text("there is no counterpart in", "没有对应的调用：")
WEIGHTS = Text("the parameters, carried over and back", "参数的双向转换")
RENAMED = Text("renamed", "改名的参数")
EXPLICIT = Text("made explicit, since the defaults differ", "因默认值不同而须写明的参数")
BECAME = Text("written otherwise", "以其他方式表达的参数")
HELD = Text("held in another shape", "以不同形状存放的参数")
ORDER = Text("the numbers in the same order", "数值顺序相同")
REMARKS = Text("what the documents say of it", "文档中的相关说明")
RULED = Text("Ruling", "裁定")
KNOWN = Text("known differences", "已知差异")
LEFT_OUT = Text("simpler ways that were left out", "未采用的更简单写法")
KNOWN_NOT = Text("known not to work", "已知不可用")
UNEQUAL = Text("not equal", "不相等")
NOT_VERIFIED = Text("not verified", "未验证")
NO_INPUT = Text("the documents give no input on which both can be held", "文档没有给出可供双方比较的输入")
RAN_SAME = Text("it gave the documented result", "得到了文档所述的结果")
RAN_OTHER = Text("it did not give the documented result", "没有得到文档所述的结果")
EQUAL = Text(
    "verified: equal on {} inputs on {} and {} {}",
    "已验证：{} 组输入在 {} 与 {} 上的结果相等{}",
)
UNLIKE = Text(
    "not equal: on {} of {} inputs on {} and {} {}",
    "不相等：有 {} 组输入（共 {} 组）在 {} 与 {} 上的结果不同{}",
)
REFUSED = Text(
    "not verified: refused on {} of {} inputs on {} and {} {}",
    "未验证：有 {} 组输入（共 {} 组）在 {} 与 {} 上被拒绝{}",
)
DOCUMENTED = Text(
    "The code gives what the documents say, not what {} computes.", "以上代码给出文档所述的结果，而不是 {} 算出的结果。"
)
SMALLER = Text(
    "on smaller inputs than the one that was given, of which the reference would take too long",
    "使用的输入比给出的小，因为参考实现计算给出的输入耗时过长",
)
REFUSES = {
    "source": Text("(the source) refuses what no document promises to work", "（源）拒绝了文档没有保证可用的调用"),
    "target": Text("(the target) refuses what no document promises to work", "（目标）拒绝了文档没有保证可用的调用"),
}
DEPARTS = {
    "source": Text("(the source) does not do what its own documents say", "（源）与其自身文档不符"),
    "target": Text("(the target) does not do what its own documents say", "（目标）与其自身文档不符"),
    "documents": Text("the documents of the two differ", "两边的文档不一致"),
}
