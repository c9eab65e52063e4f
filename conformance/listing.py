"""What `conformance backends` and `conformance claims` print."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tabulate import tabulate

from cases.documentation import Api, Claim, Unchecked
from conformance import environments
from conformance.backends import REFERENCE, Specification, Unavailable, resolve
from conformance.lanes import line_of, plan_of
from conformance.pool import Lane, WorkerFailed
from reports.coverage import COLUMNS
from reports.findings import checked
from reports.reading import RunFile
from reports.record import Finding
from reports.summary import Standing, Summary, summarise
from reports.text import clean

HEADERS = ("backend", "version", "python", "devices", "modes", "dtypes", "interpreter")


def backend_lines(names: Sequence[str]) -> Iterator[str]:
    """Each backend with what it can do, or why it is not usable; then the managed environments there are or may be."""
    listed = environments.listing()
    wanted = list(names) or [REFERENCE, *dict.fromkeys(item.framework for item in listed)]
    found = [_row(Specification.parse(name)) for name in wanted]
    rows = [row for row in found if len(row) > 2]
    if rows:
        yield tabulate(rows, HEADERS, tablefmt="github")
    for name, reason in (row for row in found if len(row) == 2):
        yield f"{name}: not usable. {reason}"
    if not names:
        yield ""
        yield tabulate(
            [
                (f"{item.framework}=={item.version}", item.state, f"{item.megabytes:,.0f}", str(item.path or ""))
                for item in listed
            ],
            ("managed environment", "state", "MB", "folder"),
            tablefmt="github",
            disable_numparse=True,
            colalign=("left", "left", "right", "left"),
        )


def _row(specification: Specification) -> tuple[str, ...]:
    found = resolve(specification, install=False)
    if isinstance(found, Unavailable):
        return (str(specification), f"{found.reason} {found.way_out}")
    with Lane(plan_of(found), limit=30.0) as lane:
        try:
            line = line_of(found, lane.start())
        except WorkerFailed as failure:
            return (found.name, f"{found.python}: its worker does not start: {failure.reason}")
    lists = (line.devices, line.modes, line.dtypes)
    return (found.name, line.version, line.python, *(" ".join(item) for item in lists), str(found.python))


def claim_rows(selected: Sequence[Api], lang: str, loaded: RunFile | None, *, as_json: bool) -> Iterator[str]:
    """Every claim of these APIs: statement, documents, and with a run its state on each backend.

    Then, unless as JSON, how many claims of each API are stated and checked, and why the others are not.
    """
    summary = summarise(loaded) if loaded else None
    standings: dict[str, list[Standing]] = {}
    for standing in summary.standings if summary else ():
        standings.setdefault(standing.claim.id, []).append(standing)
    backends = [line.name for line in loaded.run.backends] if loaded else []
    for api in selected:
        for claim in api.claims:
            states = {item.backend: item.label for item in standings.get(claim.id, [])}
            row = _row_of(claim, lang) | {name: states.get(name, "") for name in backends}
            if as_json:
                yield json.dumps(row, ensure_ascii=False)
                continue
            yield f"{row['claim']}  [{row['kind']}]"
            yield f"    {row['statement']}"
            yield f"    {'; '.join([*row['sources'], *_notes(claim)])}"
            if any(states.values()):
                yield f"    {'; '.join(f'{name}: {row[name]}' for name in backends if row[name])}"
    if not as_json:
        yield from _totals(selected, summary)


def _row_of(claim: Claim, lang: str) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "kind": claim.kind.value,
        "statement": claim.text.zh if lang == "zh" else claim.text.en,
        "sources": [f"{source.document.key}: {source.place}" for source in claim.sources],
        "overruled": claim.overruled.id if claim.overruled else "",
        "unchecked": _unchecked(claim),
    }


def _notes(claim: Claim) -> Iterator[str]:
    if reason := _unchecked(claim):
        yield f"not checked: {reason}"
    if claim.overruled:
        yield f"overruled by {claim.overruled.id}"
    if claim.device:
        yield f"needs {claim.device}"
    if claim.advice:
        yield "advice: no document promises it"


def _unchecked(claim: Claim) -> str:
    return claim.detail.reason if isinstance(claim.detail, Unchecked) else ""


def _totals(selected: Sequence[Api], summary: Summary | None) -> Iterator[str]:
    """Claims stated and checked per API, and with a run per backend; the reasons for those that are not checked."""
    claims = [claim for api in selected for claim in api.claims]
    yield ""
    rows = [(api.name, len(api.claims), sum(not _unchecked(claim) for claim in api.claims)) for api in selected]
    yield tabulate(rows, ("API", "stated", "checked by the suite"), tablefmt="github")
    names = {api.name for api in selected}
    if summary:
        covered = [row for row in summary.covered if row.api in names]
        heads = ("API", "backend", "stated", "checked", *(head.lower() for head in COLUMNS.values()))
        cells = [(row.api, row.backend, row.stated, row.checked, *map(row.count, COLUMNS)) for row in covered]
        yield ""
        yield tabulate(cells, heads, tablefmt="github")
    reasons: dict[str, dict[str, list[str]]] = {}
    for unmet in summary.unmet if summary else ():
        word = "not checked by the suite" if unmet.state == "unchecked" else unmet.state
        for api, held in unmet.claims.items():
            if api in names:
                slugs = [claim.id.removeprefix(f"{api}/") for claim in held]
                reasons.setdefault(f"{word}: {unmet.reason}", {})[api] = slugs
    for claim in claims if summary is None else ():
        if reason := _unchecked(claim):
            found = reasons.setdefault(f"not checked by the suite: {reason}", {})
            found.setdefault(claim.api, []).append(claim.id.removeprefix(f"{claim.api}/"))
    for reason, apis in reasons.items():
        yield ""
        yield f"{sum(map(len, apis.values()))} {reason}"
        yield from (f"    {api}: {', '.join(slugs)}" for api, slugs in apis.items())
    yield ""
    yield f"{len(claims)} claims stated, {sum(row[2] for row in rows)} of them checked by this suite"


def finding_rows(items: Sequence[Finding]) -> Iterator[str]:
    """A line per finding: what, where, when, on how many executions, and what its script showed."""
    for item in items:
        known = f"known as {item.known}" if item.known else "new"
        yield clean(f"{item.id}  {item.backend}  {item.title}")
        shown = f"; script: {item.shown.word}" if item.shown else ""
        tried = f"; fresh cases: {checked(item)}" if item.tried else ""
        yield clean(f"    {known}; {item.support} executions, {item.against} passing ones against{tried}{shown}")
        if item.minimal_call:
            yield f"    {clean(item.minimal_call)}"
