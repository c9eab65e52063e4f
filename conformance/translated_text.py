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
from conformance.translation import Candidate, Departure, Translation, Verified
from conformance.translation_remarks import Remark
from conformance.translation_run import Ran
from reports.text import clean

SHOWN = 3  # departures that are told in full


@dataclass(frozen=True)
class Answer:
    """Everything that is printed. `unverified` says why nothing was run; `backends` name source and target in words."""

    translation: Translation
    code: str = ""
    weights: str = ""
    rewriting: Rewriting = field(default_factory=Rewriting)
    remarks: tuple[Remark, ...] = ()
    backends: tuple[str, str] = ("", "")
    ran: Ran | None = None
    unverified: Text | None = None


def lines(answer: Answer, lang: str) -> Iterator[str]:
    """The answer as text, line by line."""
    say, found = _Words(lang), answer.translation
    yield f"{say(CALL)}: {found.ours.show()}"
    if found.chosen is None:
        yield f"{say(NONE)} {found.framework}: {found.reason}"
        return
    yield f"{say(COUNTERPART)}: {found.chosen.case.show()}"
    yield from ("", *answer.code.splitlines())
    if answer.weights:
        yield from ("", f"# {say(WEIGHTS)}", "", *answer.weights.splitlines())
    made = answer.rewriting
    yield from _section(say(RENAMED), [f"{item.ours} -> {item.theirs}" for item in made.renamed])
    explicit = [f"{item.name}={show(item.value)}: {say(item.reason)}" for item in made.explicit]
    yield from _section(say(EXPLICIT), explicit)
    yield from _section(say(BECAME), [f"{item.ours} -> {item.theirs}: {say(item.reason)}" for item in made.became])
    held = [f"{item.role}: {item.ours} -> {item.theirs}, {say(ORDER)}" for item in made.held]
    yield from _section(say(HELD), held)
    yield from _section(say(REMARKS), [_remark(item, say) for item in answer.remarks])
    yield from _section(say(KNOWN), [*_known(found, say)])
    yield from _section(say(LEFT_OUT), [_left_out(item, say) for item in found.left_out])
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
                "api": item.api,
                "claim": item.claim.id,
                "text": say(item.claim.text),
                "ruling": say(item.claim.overruled.text) if item.claim.overruled else "",
                "documents": [source.document.title for source in item.claim.sources],
            }
            for item in answer.remarks
        ],
        "known": {"source": _entry(found.source_known), "target": _entry(chosen.known if chosen else None)},
        "left_out": [
            {"call": item.case.show(), "known": _entry(item.known), "verification": _figures(item.verified)}
            for item in found.left_out
        ],
        "verified": bool(chosen and chosen.verified and chosen.verified.equal),
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
    if done.equal:
        yield say(
            Text(
                f"verified: equal on {done.inputs} inputs on {target} and {source} {figures}",
                f"已验证：在 {target} 与 {source} 上，{done.inputs} 组输入的结果相等{figures}",
            )
        )
    elif not done.inputs:
        yield f"{say(NOT_VERIFIED)}: {say(NO_INPUT)}"
    else:
        wrong = done.inputs - done.forward
        yield say(
            Text(
                f"not equal: on {wrong} of {done.inputs} inputs on {target} and {source} {figures}",
                f"不相等：在 {target} 与 {source} 上，{done.inputs} 组输入中有 {wrong} 组不同{figures}",
            )
        )
        yield from _departures(done.departures, answer.backends, say)
    if answer.ran is not None:
        word = say(RAN_SAME if answer.ran.same else RAN_OTHER)
        yield f"{say(Text(f'the code above was run on {target}', f'以上代码已在 {target} 上运行'))}: {word}"
        if not answer.ran.same:
            yield from (f"  {line}" for line in clean(answer.ran.said).splitlines()[-8:])


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
        yield f"{found.ours.api}: {found.source_known.name}: {found.source_known.reason}"
    if found.chosen is not None and found.chosen.known is not None:
        yield f"{found.chosen.case.api}: {found.chosen.known.name}: {found.chosen.known.reason}"


def _left_out(item: Candidate, say: "_Words") -> str:
    if item.known is not None:
        return f"{item.case.show()}: {say(KNOWN_NOT)}: {item.known.name}: {item.known.reason}"
    detail = next((one.detail for one in item.verified.departures), "") if item.verified else ""
    return f"{item.case.show()}: {say(UNEQUAL)}: {clean(detail)}"


def _remark(item: Remark, say: "_Words") -> str:
    places = "; ".join(dict.fromkeys(source.document.title for source in item.claim.sources))
    ruling = "" if item.claim.overruled is None else f" {say(RULED)}: {say(item.claim.overruled.text)}"
    return f"{item.api}: {say(item.claim.text)} [{places}]{ruling}"


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
REFUSES = {
    "source": Text("(the source) refuses what no document promises to work", "（源）拒绝了文档没有保证可用的调用"),
    "target": Text("(the target) refuses what no document promises to work", "（目标）拒绝了文档没有保证可用的调用"),
}
DEPARTS = {
    "source": Text("(the source) does not do what its own documents say", "（源）与其自身文档不符"),
    "target": Text("(the target) does not do what its own documents say", "（目标）与其自身文档不符"),
    "documents": Text("the documents of the two differ", "两边的文档不一致"),
}
