"""Where a backend documents an API differently from what its claims were written from, fit to print.

The `drift` lines of a run file go in; frozen rows come out, by API and backend, with values that a reader can read.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.values import BadValue, decode, show
from reports.reading import RunFile
from reports.record import Drift

LONGEST = 200  # characters of an old or a new value


@dataclass(frozen=True)
class Change:
    """One thing that changed. `version` is the backend's, `documented` that which the claims were written from."""

    api: str
    backend: str
    kind: str
    parameter: str
    was: str
    now: str
    documented: str
    version: str


def changes(runfile: RunFile, apis: Iterable[str]) -> tuple[Change, ...]:
    """Every change, in the order of the run's APIs and backends.

    That a docstring as a whole is another one is left out where another row says in what.
    """
    backends = {line.name: line for line in runfile.run.backends}
    found: defaultdict[tuple[str, str], list[Drift]] = defaultdict(list)
    for item in runfile.drifts:
        found[item.api, item.backend].append(item)
    places: tuple[Mapping[str, int], ...] = (
        {api: place for place, api in enumerate(apis)},
        {name: place for place, name in enumerate(backends)},
    )

    def order(key: tuple[str, str]) -> tuple[object, ...]:
        return (*(place.get(name, len(place)) for place, name in zip(places, key, strict=True)), key)

    rows = []
    for api, backend in sorted(found, key=order):
        items = found[api, backend]
        version = backends[backend].version if backend in backends else ""
        for item in [item for item in items if not _whole(item)] or items:
            rows.append(
                Change(
                    api,
                    backend,
                    item.kind,
                    item.parameter,
                    _value(item.kind, item.was),
                    _value(item.kind, item.now),
                    item.documented,
                    version,
                )
            )
    return tuple(rows)


def looked_at(runfile: RunFile) -> int:
    """How many signatures and docstrings of a framework's own backends this run has seen."""
    frameworks = {line.name: line.framework for line in runfile.run.backends}
    return len(
        {
            (record.api, record.backend)
            for record in runfile.records
            if record.actual.what == "described" and frameworks.get(record.backend) == record.api.partition(".")[0]
        }
    )


def _whole(item: Drift) -> bool:
    return item.kind == "docstring changed" and not item.parameter


def _value(kind: str, value: str) -> str:
    """An old or a new value: a place in the signature by its number, a default as Python writes it, else a digest."""
    if kind.startswith("parameter ") and value.isdigit():
        return f"place {value}"
    if kind == "default changed" and value:
        try:
            return show(decode(json.loads(value)))
        except (ValueError, BadValue, RecursionError):
            return value
    # The outline of an API that was not written down is for `conformance drift --accept`, not for a reader.
    return value if len(value) <= LONGEST else ""
