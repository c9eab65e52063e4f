"""`conformance findings`: explain every finding of a run, write them into its file, and make a page per framework."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from cases.known import Ledger
from conformance.backends import Backend, Specification, Unavailable, resolve
from conformance.explain import Effort
from conformance.findings import explained, found
from conformance.proof import prove
from conformance.runfile import put_findings
from reports import findings_page as pages
from reports.reading import RunFile
from reports.record import BackendLine, Finding
from reports.states import Standing
from reports.summary import Summary, summarise


@dataclass(frozen=True)
class Order:
    """What was asked for: how much effort, how many jobs, and a folder for the pages if they are wanted."""

    effort: Effort
    jobs: int
    folder: Path | None


def findings(loaded: RunFile, ledger: Ledger, order: Order, *, say: Callable[[str], None]) -> tuple[Finding, ...]:
    """Explain what is not explained yet, put it into the run file, and write the pages; the findings."""
    backends = backends_of(loaded)
    shallow = tuple(_as_before(item, loaded) for item in found(loaded, ledger).findings)
    new = [item for item in shallow if item.shown is None]
    made = explained(loaded, new, backends, effort=order.effort, jobs=order.jobs, say=say)
    explanations = {(item.backend, item.id): item for item in made}
    done = tuple(explanations.get((item.backend, item.id), item) for item in shallow)
    put_findings(loaded.path, done)
    if order.folder is not None:
        order.folder.mkdir(parents=True, exist_ok=True)
        summary = summarise(loaded)
        for framework in dict.fromkeys(item.framework for item in loaded.run.backends):
            path = order.folder / f"{framework}.md"
            ours = [item for item in done if item.backend.partition("==")[0] == framework]
            sections = (pages.contradicted(ours, loaded), *_beside(summary, framework, backends, order.jobs))
            labels = [item for item in summary.backends if item.line.framework == framework]
            versions = ", ".join(item.line.version for item in labels)
            path.write_text(
                pages.page(f"Findings: {framework} {versions}", [item.headline for item in labels], sections),
                encoding="utf-8",
            )
            say(f"{path}: {_counted(ours)}")
    return done


def _as_before(finding: Finding, loaded: RunFile) -> Finding:
    """The finding with what was learned of it before, if the run file holds that; its rule is in its id."""
    before = next(
        (item for item in loaded.findings if (item.backend, item.id) == (finding.backend, finding.id) and item.shown),
        None,
    )
    if before is None:
        return finding
    learned = ("minimal", "minimal_call", "passing", "passing_call", "expected", "actual", "tried", "script", "shown")
    return replace(finding, **{name: getattr(before, name) for name in learned})


def _counted(items: list[Finding]) -> str:
    words = [item.shown.word for item in items if item.shown]
    return (
        f"{len(items)} findings, {words.count('reproduced')} reproduced by their scripts, "
        f"{words.count('run')} shown by theirs, {words.count('not reproduced')} not reproduced"
    )


def backends_of(loaded: RunFile) -> dict[str, Backend]:
    """The backends of a run that are on this machine."""
    return {line.name: backend for line in loaded.run.backends if (backend := _resolved(line)) is not None}


def _resolved(line: BackendLine) -> Backend | None:
    backend = None if line.unavailable else resolve(Specification.parse(line.name), install=False)
    return None if isinstance(backend, Unavailable) else backend


def _beside(summary: Summary, framework: str, backends: dict[str, Backend], jobs: int) -> list[pages.Section]:
    """What fails no run: documents that are wrong about themselves, and advice that is not followed."""
    names = {item.line.name for item in summary.backends if item.line.framework == framework}
    made = []
    for state, title, words in pages.BESIDE:
        standings = [item for item in summary.of(state) if item.backend in names and item.smallest is not None]
        with ThreadPoolExecutor(max(1, jobs)) as pool:
            shown = list(pool.map(lambda item: _shown(item, summary.runfile, backends), standings))
        made.append(pages.beside(title, words, shown, summary.runfile))
    return made


def _shown(standing: Standing, loaded: RunFile, backends: dict[str, Backend]) -> Finding:
    """One statement with the script of its smallest case; the backend is right about these, so it is only shown."""
    example = standing.smallest
    assert example is not None
    finding = Finding(
        id="",
        backend=standing.backend,
        verdict="",
        symptoms=[],
        claims=[standing.claim.id],
        apis=[standing.claim.api],
        modes=[example.mode],
        rule="",
        support=standing.failed,
        against=standing.held,
        cases=[example.case],
        smallest=example.case,
        mode=example.mode,
        title=standing.claim.en,
        expected=example.expected,
        actual=example.detail or example.actual,
        minimal_call=example.call,
    )
    backend = backends.get(standing.backend)
    return finding if backend is None else prove(finding, loaded, backend, shows=True)
