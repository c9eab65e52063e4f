"""A run file → the pages of `docs/findings`: one per framework, each finding reproduced outside of the suite.

A claim that several backends of a framework contradict is one finding. Its script is run by the interpreter of every
backend that contradicts it.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cases.case import from_canonical
from cases.catalogue import described
from cases.documentation import Claim, Consistent, Equal, Inverse, Pair
from cases.values import BadValue
from conformance.backends import Backend, Specification, Unavailable, resolve
from conformance.reproduce import reproduce
from conformance.script import pair_script, script
from reports import findings as pages
from reports.findings import Finding, Section, Seen
from reports.reading import RunFile
from reports.record import Comparison, Record
from reports.summary import Standing, State, Summary, summarise
from reports.tables import Example, Group

KINDS: tuple[tuple[State, str, str], ...] = (
    (
        "contradicted",
        "Contradicted claims",
        "The backend does something else than its documentation says, or than the suite asks of every backend.",
    ),
    (
        "document",
        "Documents that are wrong about themselves",
        "A ruling overrules these statements, so that no verdict counts them.",
    ),
    (
        "advice",
        "Advice not followed",
        "No document promises this; users would be better off with it.",
    ),
)


SHOWN = ("signature", "default", "parameters", "dtype", "initial distribution")  # seen in what a script prints


@dataclass(frozen=True)
class _Source:
    """A run file with what is needed to reproduce its cases."""

    summary: Summary
    records: dict[tuple[str, str, str], Record]
    pairs: dict[tuple[str, str, str], Comparison]
    backends: dict[str, Backend]


def write(loaded: RunFile, folder: Path, *, jobs: int, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Write a page per framework of the run into a folder; the paths of the pages."""
    source = _Source(
        summarise(loaded),
        {(item.case, item.backend, item.mode): item for item in loaded.records},
        {(item.claim, item.left, item.right_call): item for item in loaded.comparisons if item.claim},
        {item.name: found for item in loaded.run.backends if isinstance(found := _resolved(item.name), Backend)},
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for framework in dict.fromkeys(item.framework for item in loaded.run.backends):
        with ThreadPoolExecutor(max(1, jobs)) as pool:
            sections = tuple(_sections(source, framework, pool))
        labels = [item for item in source.summary.backends if item.line.framework == framework]
        versions = ", ".join(item.line.version for item in labels)
        path = folder / f"{framework}.md"
        path.write_text(
            pages.page(
                f"Findings: {framework} {versions}",
                "conformance findings RUN",
                [item.headline for item in labels],
                sections,
            ),
            encoding="utf-8",
        )
        seen = [seen for part in sections for item in part.findings for seen in item.seen]
        missed = sum(item.word == "not reproduced" for item in seen)
        count = sum(len(part.findings) for part in sections)
        say(f"{path}: {count} findings, {missed} of {len(seen)} scripts did not reproduce theirs")
        paths.append(path)
    return tuple(paths)


def _resolved(name: str) -> Backend | Unavailable:
    return resolve(Specification.parse(name), install=False)


def _sections(source: _Source, framework: str, pool: ThreadPoolExecutor) -> Iterator[Section]:
    names = {item.line.name for item in source.summary.backends if item.line.framework == framework}
    for state, title, words in KINDS:
        claims: dict[str, list[Standing]] = {}
        for item in source.summary.of(state):
            if item.backend in names and item.smallest is not None:
                claims.setdefault(item.claim.id, []).append(item)
        found = list(pool.map(lambda items: _of_claim(source, items), claims.values()))
        yield Section(title, words, tuple(found))
    groups: dict[tuple[str, str, tuple[str, ...]], list[Group]] = {}
    for group in source.summary.groups:
        if group.backend in names:
            groups.setdefault((group.api, group.verdict, group.claims), []).append(group)
    yield Section(
        "Differing executions",
        "Every distinct difference: executions of one API that share a verdict and the claims that they contradict.",
        tuple(pool.map(lambda items: _of_group(source, items), groups.values())),
    )


def _of_claim(source: _Source, items: Sequence[Standing]) -> Finding:
    claim = items[0].claim
    smallest = min((item.smallest for item in items if item.smallest is not None), key=lambda example: example.order)
    titles = {document.key: document.title for document in source.summary.runfile.run.documents}
    counts = [f"{item.backend} ({item.failed} checks failed, {item.held} held)" for item in items]
    return _finding(
        source,
        claim.en,
        claim.zh,
        claim.id,
        "; ".join(
            f"{titles.get(key, key)}, {place}" if place else titles.get(key, key) for key, place in claim.sources
        ),
        counts,
        smallest,
        [item.backend for item in items],
        shows=items[0].state != "contradicted" or claim.kind in SHOWN,
    )


def _of_group(source: _Source, items: Sequence[Group]) -> Finding:
    smallest = min((item.smallest for item in items), key=lambda example: example.order)
    counts = [f"{item.backend} ({item.count} executions)" for item in items]
    claims = ", ".join(items[0].claims)
    return _finding(
        source,
        f"`{items[0].api}`: {items[0].verdict}",
        "",
        claims,
        "",
        counts,
        smallest,
        [item.backend for item in items],
    )


def _finding(
    source: _Source,
    title: str,
    zh: str,
    name: str,
    documents: str,
    counts: Sequence[str],
    smallest: Example,
    backends: Sequence[str],
    *,
    shows: bool = False,
) -> Finding:
    """`shows` says that the backend does as the reference says, so that a script can only show it."""
    try:
        text, scripts = _scripts(source, name, smallest)
        seen = tuple(_seen(source, backend, item, shows) for backend in backends for item in scripts)
    except BadValue as error:
        text, seen = "", (Seen(smallest.backend, f"there is no script: {error}", "", "not reproduced"),)
    return Finding(title, zh, name, documents, tuple(counts), smallest, text, seen)


def _scripts(source: _Source, claim: str, smallest: Example) -> tuple[str, list[str]]:
    """The script to show, and those to run: one, or one per framework where a claim speaks of two."""
    record = source.records[smallest.case, smallest.backend, smallest.mode]
    case = from_canonical(record.arguments)
    pair = source.pairs.get((claim, case.id, smallest.other))
    if pair is None:
        text = script(case, record.mode)
        return text, [text]
    right = from_canonical(source.records[pair.right, pair.right_backend, pair.right_mode].arguments)
    if pair.right == pair.left:
        text = script(case, pair.right_mode)
        return text, [script(case, pair.left_mode), text]
    ours = next(
        (item for item in _pairs(claim, case.api) if (item.left.id, item.right.id) == (case.id, right.id)), None
    )
    if ours is None or case.api.partition(".")[0] != right.api.partition(".")[0]:
        return script(case), [script(case)]
    inverse = isinstance(_claim(claim, case.api).detail, Inverse)
    text = pair_script(case, right, parts=ours.parts, output=ours.output, inverse=inverse)
    return text, [text]


def _claim(name: str, api: str) -> Claim:
    return next(claim for claim in described(name.partition("/")[0] or api).claims if claim.id == name)


def _pairs(name: str, api: str) -> tuple[Pair, ...]:
    detail = _claim(name, api).detail
    return detail.pairs if isinstance(detail, Equal | Consistent | Inverse) else ()


def _seen(source: _Source, name: str, text: str, shows: bool) -> Seen:
    backend = source.backends.get(name)
    if backend is None:
        return Seen(name, "not tried: this backend is not on this machine", "", "not reproduced")
    printed = reproduce(text, backend)
    return Seen(
        name, printed.ended, printed.text, "reproduced" if printed.there else "run" if shows else "not reproduced"
    )
