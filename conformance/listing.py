"""What `conformance backends` and `conformance claims` print."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tabulate import tabulate

from cases.documentation import Api, Unchecked
from conformance import environments
from conformance.backends import REFERENCE, Specification, Unavailable, resolve
from conformance.lanes import line_of, plan_of
from conformance.pool import Lane, WorkerFailed
from reports.record import BackendLine, RunFile
from reports.summary import Standing, summarise

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
    """Every claim of these APIs: statement, documents, and with a run its state on each backend."""
    standings: dict[str, list[Standing]] = {}
    backends: list[BackendLine] = loaded.run.backends if loaded else []
    for standing in summarise(loaded).standings if loaded else ():
        standings.setdefault(standing.claim.id, []).append(standing)
    rows: list[dict[str, Any]] = []
    for api in selected:
        for claim in api.claims:
            unchecked = claim.detail.reason if isinstance(claim.detail, Unchecked) else ""
            row: dict[str, Any] = {
                "claim": claim.id,
                "kind": claim.kind.value,
                "statement": claim.text.zh if lang == "zh" else claim.text.en,
                "sources": [f"{source.document.key}: {source.place}" for source in claim.sources],
                "overruled": claim.overruled.id if claim.overruled else "",
                "unchecked": unchecked,
            }
            for backend in backends:
                found = [item.label for item in standings.get(claim.id, []) if item.backend == backend.name]
                row[backend.name] = found[0] if found else ""
            rows.append(row)
    if as_json:
        yield from (json.dumps(row, ensure_ascii=False) for row in rows)
        return
    for row in rows:
        extra = [f"{name}: {row[name]}" for name in (item.name for item in backends) if row[name]]
        notes = [f"not checked: {row['unchecked']}"] if row["unchecked"] else []
        notes += [f"overruled by {row['overruled']}"] if row["overruled"] else []
        yield f"{row['claim']}  [{row['kind']}]"
        yield f"    {row['statement']}"
        yield f"    {'; '.join([*row['sources'], *notes])}"
        if extra:
            yield f"    {'; '.join(extra)}"
    checked = sum(not row["unchecked"] for row in rows)
    yield f"{len(rows)} claims stated, {checked} of them checked by this suite"
