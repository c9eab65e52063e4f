"""A run file → which invalid values an API refuses, by its documents and as seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from cases.case import Case
from cases.catalogue import apis
from cases.documentation import Api
from cases.values import Tensor, show
from reports.comparison_evidence import VALID, Refusal
from reports.comparison_gather import Found
from reports.record import Record

LONGEST = 40  # characters of a value that stands in a table
COMBINED = ""  # what is invalid together with other arguments only


def refusals(found: Found, names: Iterable[str]) -> dict[str, list[Refusal]]:
    """The invalid values of each API, and the valid ones that another of them refuses."""
    made = {name: _invalid_values(found, name) for name in names}
    odd = {value for rows in made.values() for row in rows for value in row.values if value != COMBINED}
    return {name: [*rows, *_valid(_usual(found, name), odd)] for name, rows in made.items()}


def _valid(usual: set[tuple[str, str]], odd: set[str]) -> list[Refusal]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for parameter, value in sorted(usual):
        if value in odd:
            values[parameter].append(value)
    return [Refusal(parameter, held, VALID, False, True, "") for parameter, held in values.items()]


def _invalid_values(found: Found, name: str) -> list[Refusal]:
    """What became of the calls of an API with one invalid value, by parameter; values that fare alike together.

    A value that no valid call has is the invalid one; where a call has none, it is the argument of the documented
    error, together with the others. Values that are tensors are left out: their shapes mean nothing without the rest.
    """
    api, usual = apis()[name], _usual(found, name)
    rows: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in found.records.values():
        if record.api != name or not _invalid(record):
            continue
        odd = [item for item in _values(api, found.case(record.case)).items() if item not in usual]
        if record.expected.what == "error" and len(odd) != 1:
            odd = [(record.expected.argument, COMBINED)]
        if len(odd) == 1 and odd[0][0]:
            rows[odd[0]].append(record)
    alike: defaultdict[tuple[str, str, bool, bool, str], list[str]] = defaultdict(list)
    for (parameter, value), records in sorted(rows.items()):
        alike[(parameter, *_fate(records))].append(value)
    places = {parameter: place for place, parameter in enumerate(api.names)}
    ordered = sorted(alike.items(), key=lambda row: (places.get(row[0][0], len(places)), row))
    return [Refusal(key[0], values, *key[1:]) for key, values in ordered]


def _invalid(record: Record) -> bool:
    """A call that is refused by a document, or of which none says whether it is valid."""
    asked = record.arguments.get("action") == "call" and record.verdict != "unavailable"
    return asked and (
        record.expected.what == "error"
        or (record.expected.what == "not documented" and "(the call is valid)" not in record.expected.detail)
    )


def _usual(found: Found, name: str) -> set[tuple[str, str]]:
    """The values that valid calls have."""
    usual: set[tuple[str, str]] = set()
    for record in found.records.values():
        if record.api == name and record.arguments.get("action") == "call" and not _invalid(record):
            usual |= set(_values(apis()[name], found.case(record.case)).items())
    return usual


def _values(api: Api, case: Case) -> dict[str, str]:
    given = (case.construct or case.call).bind(api.names)
    shown = {name: show(value) for name, value in given.items() if not isinstance(value, Tensor)}
    return {name: value for name, value in shown.items() if len(value) <= LONGEST}


def _fate(records: list[Record]) -> tuple[str, bool, bool, str]:
    """What is documented, whether some were refused and some accepted, and by which error."""
    documented = Counter(record.expected.error or "error" for record in records if record.expected.what == "error")
    raised = Counter(
        record.actual.error or record.actual.what
        for record in records
        if record.actual.what in ("raised", "crashed", "timed out")
    )
    accepted = any(record.actual.what == "returned" for record in records)
    return _most(documented), bool(raised), accepted, _most(raised)


def _most(words: Counter[str]) -> str:
    return min(words, key=lambda word: (-words[word], word)) if words else ""
