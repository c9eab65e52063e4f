"""A model's report as a Markdown page: a table of its layers, each layer with its code, and what is not covered."""

from collections.abc import Iterator

from tabulate import tabulate

from conformance.model import Report
from conformance.model_text import code_lines, colon_of, details, figures, heading, opening, outcome, why
from conformance.model_words import SAID, STATUS, say
from reports.issue_text import block
from reports.text import code, prose, statement

_LONGEST = 4000
_CODE = 20_000


def markdown(report: Report, lang: str = "en", weights: str = "") -> str:
    """The page; `weights` names the file that the weights were written to, if there is one."""
    return "\n".join(_lines(report, lang, weights)) + "\n"


def _lines(report: Report, lang: str, weights: str) -> Iterator[str]:
    yield f"# {prose(say(SAID, 'title', lang, model=report.collected.model, target=report.target.name))}"
    for line in opening(report, lang):
        yield from ("", statement(line))
    if weights:
        yield from ("", statement(say(SAID, "load", lang, file=weights, target=report.target.name)))
    if report.layers:
        yield from ("", f"## {say(SAID, 'layers', lang)}", "", _table(report, lang))
    for index, layer in enumerate(report.layers):
        yield from ("", f"### {statement(heading(layer), _LONGEST)}", "")
        yield f"**{say(STATUS, layer.status, lang)}**{colon_of(lang)}{statement(outcome(layer, lang), _LONGEST)}"
        yield from ("", *(f"- {statement(line, _LONGEST)}" for line in details(report, layer, lang)))
        if lines := code_lines(report, index, lang, weights):
            yield from ("", block("\n".join(lines), "python", _CODE))
    if report.collected.others:
        yield from ("", f"## {say(SAID, 'not covered', lang)}", "", _others(report, lang))


def _table(report: Report, lang: str) -> str:
    rows = []
    for layer in report.layers:
        shown = figures(layer.counterpart) if layer.counterpart else {"error": "", "share": ""}
        call = code(layer.written.case.show())
        rows.append([prose(layer.call.name), call, say(STATUS, layer.status, lang), shown["error"], shown["share"]])
    heads = [say(SAID, key, lang) for key in ("name", "call column", "outcome", "error", "share")]
    return str(tabulate(rows, heads, tablefmt="pipe", disable_numparse=True))


def _others(report: Report, lang: str) -> str:
    rows = [
        [code(item.what), str(item.count), prose(", ".join(item.names)), prose(why(item, lang))]
        for item in report.collected.others
    ]
    heads = [say(SAID, key, lang) for key in ("what", "count", "where", "why")]
    return str(tabulate(rows, heads, tablefmt="pipe", disable_numparse=True))
