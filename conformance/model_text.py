"""A model's report as text, and as JSON: layer by layer, with the figures and the code, then what is not covered."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from cases.steps import show
from conformance.code import counterpart_code
from conformance.idioms import IDIOMS
from conformance.model import Report
from conformance.model_cases import carries
from conformance.model_check import Layer, Tried
from conformance.model_collect import Call, Other
from conformance.model_words import DOES, NOTES, SAID, STATUS, WHY, say
from reports.text import fit, one_line


def text(report: Report, lang: str = "en", weights: str = "") -> Iterator[str]:
    """The lines of the report for a terminal; `weights` names the file that the weights were written to."""
    for line in opening(report, lang):
        yield _plain(line)
    colon = colon_of(lang)
    for index, layer in enumerate(report.layers):
        yield ""
        yield _plain(heading(layer))
        yield f"  {say(STATUS, layer.status, lang)}{colon}{_plain(outcome(layer, lang))}"
        yield from (f"  {_plain(line)}" for line in details(report, layer, lang))
        yield from (f"    {line}".rstrip() for line in code_lines(report, index, lang, weights))
    if report.collected.others:
        yield ""
        yield f"{say(SAID, 'not covered', lang)}{colon}".rstrip()
        for other in report.collected.others:
            where = f" ({', '.join(other.names)}{', …' if other.places > len(other.names) else ''})"
            yield _plain(f"  {other.count} × {other.what}{where}{colon}{why(other, lang)}")


def opening(report: Report, lang: str) -> Iterator[str]:
    """What was run, and the sentences on the whole; calls stand between backticks."""
    told = partial(say, SAID, lang=lang)
    inputs = [told("input", dtype=item.dtype, shape=item.shape) for item in report.asked.inputs]
    what = f"{report.asked.file.name}:{report.asked.factory}"
    model = report.collected.model
    yield told("about", what=what, model=model, source=report.source.name, inputs=_listed(inputs, lang))
    if report.layers:
        counts = report.counts
        states = [f"{counts[status]} {say(STATUS, status, lang)}" for status in STATUS if counts[status]]
        number = len(report.layers)
        count = told("call" if number == 1 else "different", count=number)
        yield told("summary", count=count, target=report.target.name, states=_listed(states, lang))
    else:
        yield told("none")
    others = report.collected.others
    sums = {kind: sum(item.count for item in others if item.kind == kind) for kind in ("layer", "function")}
    if others:
        yield told("uncovered", layers=_calls(sums["layer"], lang), functions=_calls(sums["function"], lang))
    else:
        yield told("covered")


def _calls(count: int, lang: str) -> str:
    return say(SAID, "call" if count == 1 else "calls", lang, count=count)


def _listed(items: list[str], lang: str) -> str:
    return (", " if lang == "en" else "、").join(items)


def heading(layer: Layer) -> str:
    """A layer's name and its call in PyTorch."""
    return f"{layer.call.name}: `{layer.written.case.show()}`"


def outcome(layer: Layer, lang: str) -> str:
    """The one sentence on what stands for a layer."""
    if (chosen := layer.counterpart) is not None:
        told, around = partial(say, SAID, lang=lang), chosen.case.around
        steps = [told("before", step=f"`{show(step)}`") for step in around.before]
        steps += [told("after", step=f"`{show(step)}`") for step in around.after]
        shown = told("steps", steps=_listed(steps, lang)) if steps else ""
        return told(layer.status, api=chosen.case.api, steps=shown)
    if layer.status == "impossible" and layer.tried:
        last = layer.tried[-1]
        return say(SAID, "not taken", lang, target=last.backend, does=say(DOES, last.verdict, lang), why=last.why)
    if layer.status == "impossible":
        return say(SAID, "impossible", lang, reason=layer.reason)
    for where, side in (("inside", layer.inside), ("alone", layer.source)):
        if side is not None and not side.agrees:
            return say(SAID, "source differs", lang, where=say(SAID, where, lang), why=side.why)
    return say(SAID, "differs", lang)


def details(report: Report, layer: Layer, lang: str) -> Iterator[str]:
    """What else is to be said of a layer, one sentence each."""
    told = partial(say, SAID, lang=lang)
    if layer.call.count > 1:
        yield told("times", count=layer.call.count)
    yield from (say(NOTES, note, lang) for note in layer.call.notes)
    if layer.written.generated:
        yield told("generated", roles=", ".join(layer.written.generated))
    for tried, more in _failing(layer):
        yield told(
            "tried",
            call=tried.case.show(),
            target=tried.backend,
            does=say(DOES, tried.verdict, lang),
            why=tried.why,
            known=told("known", name=tried.known) if tried.known else "",
            more=told("more", count=more) if more else "",
        )
    if (chosen := layer.counterpart) is not None:
        inside = told("not there") if layer.inside is None else told("figures", **figures(layer.inside))
        elements = told("numbers", count=f"{chosen.elements:,}")
        yield told("verified", target=chosen.backend, elements=elements, inside=inside, **figures(chosen))
        shapes = [
            told("as they are" if here == there else "reshaped", role=role, shape=here, other=there)
            for role, (here, there) in carries(layer.written.case, chosen.case).items()
        ]
        if shapes:
            yield told("weights", shapes=_listed(shapes, lang))


def _failing(layer: Layer) -> list[tuple[Tried, int]]:
    """What was tried and is not equal: the first of each cause, and how many more have the same."""
    found: dict[tuple[str, str], list[Tried]] = {}
    for tried in layer.tried:
        if not tried.agrees:
            found.setdefault((tried.verdict, tried.known or tried.why), []).append(tried)
    return [(items[0], len(items) - 1) for items in found.values()]


def figures(tried: Tried) -> dict[str, str]:
    """The largest error and the share of the bound, as they are shown."""
    error = "-" if tried.error is None else f"{tried.error:.2g}"
    share = "-" if tried.share is None else f"{100 * tried.share:.1f} %"
    return {"error": error, "share": share}


def why(other: Other, lang: str) -> str:
    """Why something is not covered."""
    key, _, detail = other.why.partition(": ")
    return f"{say(WHY, key, lang)}{f'{colon_of(lang)}{detail}' if detail else ''}"


def colon_of(lang: str) -> str:
    """What stands between a word and what is said of it."""
    return say(SAID, "colon", lang)


def code_lines(report: Report, index: int, lang: str = "en", weights: str = "") -> list[str]:
    """The code for the target, and the lines that take the weights from the file `weights` or any such file."""
    layer = report.layers[index]
    chosen = layer.counterpart
    if chosen is None:
        return []
    idiom = IDIOMS[report.target.framework]
    lines = counterpart_code(chosen.case, ours=report.layers[index].written.case).rstrip().splitlines()
    loaded = {item.role for item in chosen.case.parameters}
    if report.keys[index]:
        read = f"weights = numpy.load({weights!r})" if weights else say(SAID, "read", lang)
        lines += ["", "", read]
        if weights:
            lines[:1] = sorted([lines[0], "import numpy"])
    for role, key in report.keys[index].items():
        tensor = idiom.tensor.format(f"weights[{key!r}]")
        lines.append(
            idiom.load.format(role, tensor).replace("module.", "layer.", 1) if role in loaded else f"{role} = {tensor}"
        )
    return lines


def _plain(line: str) -> str:
    return one_line(fit(line.replace("`", ""), 2000)) if not line.startswith("  ") else f"  {_plain(line[2:])}"


def as_json(report: Report, weights: str = "") -> str:
    """The report as one JSON object; `weights` names the file that the weights were written to."""
    return json.dumps(
        {
            "model": f"{report.asked.file.name}:{report.asked.factory}",
            "class": report.collected.model,
            "inputs": [{"shape": item.shape, "dtype": item.dtype} for item in report.asked.inputs],
            "output": report.collected.output,
            "from": report.source.name,
            "to": report.target.name,
            "counts": dict(report.counts),
            "layers": [_layer(report, index, weights) for index in range(len(report.layers))],
            "not_covered": [
                {"kind": item.kind, "what": item.what, "count": item.count, "where": item.names, "why": item.why}
                for item in report.collected.others
            ],
            "exit_code": report.code,
        },
        ensure_ascii=False,
        indent=2,
    )


def _layer(report: Report, index: int, weights: str) -> dict[str, Any]:
    layer = report.layers[index]
    call: Call = layer.call
    chosen = layer.counterpart
    return {
        "name": call.name,
        "kind": call.kind,
        "call": layer.written.case.show(),
        "case": layer.written.case.canonical,
        "shapes": {role: item.shape for role, item in call.tensors.items()},
        "count": call.count,
        "notes": call.notes,
        "generated": layer.written.generated,
        "status": layer.status,
        "reason": layer.reason or ("" if chosen else outcome(layer, "en").replace("`", "")),
        "in_model": _tried(layer.inside),
        "alone": _tried(layer.source),
        "tried": [_tried(item) for item in layer.tried],
        "counterpart": None if chosen is None else chosen.case.show(),
        "code": "\n".join(code_lines(report, index, weights=weights)),
        "weights": {} if chosen is None else report.keys[index],
    }


def _tried(tried: Tried | None) -> dict[str, Any] | None:
    if tried is None:
        return None
    return {
        "call": tried.case.show(),
        "case": tried.case.canonical,
        "backend": tried.backend,
        "verdict": tried.verdict,
        "largest_error": tried.error,
        "share_of_bound": tried.share,
        "elements": tried.elements,
        "why": tried.why,
        "known": tried.known,
    }
