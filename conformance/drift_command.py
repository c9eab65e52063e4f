"""`conformance drift`: what changed in the documentation since the claims were written, and accepting what did.

In goes a run file; out come lines for the terminal, and with `--accept` the files from which `cases.written` tells what
the claims were written from. Those lie in the source folder, beside the claims that their author has just read again:
an installed suite is never written to.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from cases.catalogue import apis
from cases.values import BadValue, decode, show
from cases.written import ROOT, Outline, file_of, read, text, written
from cases.written import decode as outlines
from conformance.drift import ADDED, DEFAULT, DOCSTRING, KINDS, MISSING, MOVED, NEW, REMOVED, patched
from conformance.errors import UsageError
from reports.reading import RunFile, load
from reports.record import BackendLine, Drift
from reports.text import clean

UNCHANGED, CHANGED = 0, 1


def drift(run_file: Path, names: Sequence[str], *, accept: bool) -> int:
    """Print what changed on the backends of a run, or on those named; with `accept`, take it for what claims rest on.

    Returns 1 where something changed that was not accepted, else 0. UsageError says what cannot be accepted, and why.
    """
    loaded = load(run_file)
    backends = _chosen(loaded, names)
    for line in drift_lines(loaded, backends):
        click.echo(line)
    if accept:
        for line in accepted(loaded, backends, ROOT):
            click.echo(line)
        return UNCHANGED
    return CHANGED if any(item.backend in {line.name for line in backends} for item in loaded.drifts) else UNCHANGED


def _chosen(loaded: RunFile, names: Sequence[str]) -> list[BackendLine]:
    """The backends of the run of these names, or all."""
    lines = loaded.run.backends
    for name in names:
        if name not in {line.name for line in lines}:
            known = ", ".join(line.name for line in lines)
            raise UsageError(f"{name!r} is no backend of {loaded.path}", f"its backends are: {known}")
    return [line for line in lines if not names or line.name in names]


def looked_at(loaded: RunFile, backend: BackendLine) -> list[str]:
    """The APIs of the backend's framework whose signature and docstring this run has seen, or found missing."""
    seen = {item.api for item in loaded.drifts if item.backend == backend.name}
    seen |= {
        record.api
        for record in loaded.records
        if record.backend == backend.name
        and record.arguments.get("action") == "inspect"
        and record.actual.what == "described"
        and record.api.partition(".")[0] == backend.framework
    }
    return sorted(seen)


def drift_lines(loaded: RunFile, backends: Sequence[BackendLine]) -> Iterator[str]:
    """Per backend and API what changed, one line a parameter or section, for a terminal."""
    for backend in backends:
        found = sorted(
            (item for item in loaded.drifts if item.backend == backend.name),
            key=lambda item: (item.api, KINDS.index(item.kind) if item.kind in KINDS else -1),
        )
        seen, differ = len(looked_at(loaded, backend)), len({item.api for item in found})
        unseen = f"no signature was looked at. {backend.unavailable}".strip()
        yield f"{backend.name}: " + (
            f"{seen - differ} of {seen} APIs documented as their claims have it" if seen else unseen
        )
        for api, of_api in groupby(found, key=lambda item: item.api):
            items = list(of_api)
            if items[0].kind in (NEW, MISSING):
                yield f"  {clean(api)}: {items[0].kind}"
                continue
            yield f"  {clean(api)}: the documentation changed here, against {clean(items[0].documented)}"
            # That the docstring as a whole is another one is worth a line only where nothing says in what.
            several = [item for item in items if item.kind != DOCSTRING] or items
            yield from (f"    {clean(_told(item))}" for item in several)


def _told(item: Drift) -> str:
    was, now = (_value(item.kind, value) for value in (item.was, item.now))
    return f"{item.parameter or 'as a whole'}: {item.kind} ({was} → {now})"


def _value(kind: str, value: str) -> str:
    if not value:
        return "none"
    if kind in (ADDED, REMOVED, MOVED):
        return f"place {value}"
    return _default(value) if kind == DEFAULT else value


def _default(value: str) -> str:
    """A default as Python writes it, from its JSON."""
    try:
        return show(decode(json.loads(value)))
    except (ValueError, BadValue, RecursionError):
        return value


def accepted(loaded: RunFile, backends: Sequence[BackendLine], root: Path) -> Iterator[str]:
    """Write what these backends report as what the claims were written from, and say what was written.

    `root` is the folder of the operators, in a checkout. UsageError, before anything is written, where it lies in none,
    where the run did not end, where two backends would write different things, or where the files changed since.
    """
    if not (root.parent / ".git").exists():
        raise UsageError(
            f"--accept writes into the source folder of the suite, and {root.parent} is no checkout",
            "run it from a checkout: what is installed is never written to",
        )
    if loaded.end is None or loaded.end.interrupted:
        raise UsageError(f"{loaded.path}: the run did not come to its end", "accept from a whole run (see --resume)")
    try:
        files = _files(loaded, backends, root)
    except ValueError as error:
        raise UsageError(f"cannot accept: {error}", "run the APIs again and accept from that run") from None
    if not files:
        raise UsageError(f"{loaded.path} says of no API how it is documented", "run with whole APIs, without --only")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        yield f"written: {path}"


def _files(loaded: RunFile, backends: Sequence[BackendLine], root: Path) -> dict[Path, str]:
    """What each file will hold: the outlines of this run, and those of the APIs that it did not look at."""
    known, found = written(root), dict[str, tuple[str, Outline | None]]()
    for backend in backends:
        for api in looked_at(loaded, backend):
            items = [item for item in loaded.drifts if (item.api, item.backend) == (api, backend.name)]
            new = patched(api, backend.version, known.get(api), items)
            other = found.setdefault(api, (backend.name, new))
            if other[1] != new:
                raise UsageError(
                    f"{other[0]} and {backend.name} document {api} differently, or are different versions",
                    f"name the one whose documentation was read: --backend {backend.name}",
                )
    files: dict[Path, dict[str, Outline]] = {}
    for api, (_, new) in found.items():
        if api not in apis():
            raise UsageError(f"{api} is no API of this version of the suite", "accept with the version that ran it")
        path = file_of(apis()[api].operator, api.partition(".")[0], root)
        held = files.setdefault(path, {item.api: item for item in read(path)} if path.exists() else {})
        held.pop(api, None)
        held |= {api: new} if new else {}
    contents = {path: text(held.values()) for path, held in files.items()}
    for content in contents.values():
        outlines(content)  # a run file may have been made by hand: nothing is written that could not be read
    return contents
