"""`conformance known`: look at the ledger of known differences, and write a finding of a run into it.

A finding is written only if its script reproduces it now, in the environment of its backend: what is accepted must be
real. Entries of a user's own go to a folder beside the user's work; the shipped ones are never written.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cases.known import ANY, SHIPPED, Entry, Ledger, add, ledger
from conformance.backends import Backend, Specification, resolve
from conformance.errors import UsageError
from conformance.proof import prove
from reports.reading import RunFile
from reports.record import BackendLine, Finding

FOLDER = Path("conformance-known")


@dataclass(frozen=True)
class Words:
    """What a person says of an entry."""

    reason: str
    name: str = ""
    versions: str = ""
    link: str = ""
    capability: bool = False


def entries(folder: Path) -> Ledger:
    """The shipped ledger and the user's own; UsageError for a folder that was named and is none."""
    if folder != FOLDER and not folder.is_dir():
        raise UsageError(
            f"there is no folder {folder}", "leave --known out, or name a folder of <framework>.toml files"
        )
    return ledger(folder)


def listed(found: Ledger) -> Iterator[str]:
    """A line per entry."""
    for framework, items in found.entries.items():
        for item in items:
            when = f" if {item.rule}" if item.rule else ""
            yield f"{framework}{item.versions} {item.name}: {item.verdict or 'compared'}{when} ({item.reason})"


def accept(loaded: RunFile, prefix: str, words: Words, folder: Path) -> tuple[Path, Entry]:
    """Write a finding into `<framework>.toml` of a folder; the file and the entry."""
    if folder.resolve().is_relative_to(SHIPPED) and not is_checkout():
        raise UsageError(f"{folder} is the shipped ledger, which is read-only once installed", "name another --to")
    if not words.reason.strip():
        raise UsageError("an entry needs a reason", "say with --reason why this difference is accepted")
    finding = loaded.finding(prefix)
    line = next(item for item in loaded.run.backends if item.name == finding.backend)
    if finding.known:
        raise UsageError(f"finding {finding.id} is known already, as {finding.known!r}", "nothing is to be done")
    entry = entry_of(finding, line, words)
    if any(item.name == entry.name for item in ledger(folder).entries.get(line.framework, ())):
        raise UsageError(f"a known difference of {line.framework} is named {entry.name!r}", "give another --name")
    reproduced(finding, loaded)
    path = folder / f"{line.framework}.toml"
    add(path, entry)
    return path, entry


def is_checkout() -> bool:
    """Whether the suite runs from its sources, in which the shipped ledger is maintained, and is not installed."""
    return (SHIPPED.parent.parent / "pyproject.toml").is_file()


def reproduced(finding: Finding, loaded: RunFile) -> Finding:
    """The finding with its script run once more; UsageError where that does not show the difference."""
    backend = resolve(Specification.parse(finding.backend), install=False)
    if not isinstance(backend, Backend):
        raise UsageError(f"{finding.backend} is not on this machine: {backend.reason}", backend.way_out)
    if finding.verdict == "unstable":
        return finding  # it hangs on what ran before, which no script of one call has
    done = prove(finding, loaded, backend)
    if done.shown is None or done.shown.word == "not reproduced":
        ended = done.shown.ended if done.shown else "no script"
        raise UsageError(
            f"finding {finding.id} is not reproduced by its script ({ended}), so it is not accepted",
            f"look at it with `conformance show {loaded.path} {finding.id}`",
        )
    return done


def entry_of(finding: Finding, line: BackendLine, words: Words) -> Entry:
    """The entry that covers a finding on the version of its backend."""
    return Entry(
        name=words.name or _name(finding),
        apis=tuple(finding.apis),
        verdict=finding.verdict,
        claims=tuple(_claims(finding)),
        symptoms=tuple(sorted(finding.symptoms)),
        rule=finding.rule,
        reason=words.reason.strip(),
        date=datetime.now(UTC).date(),
        versions=words.versions or f"=={line.version.partition('+')[0]}",
        device=line.device.partition(":")[0],
        capability=line.capability if words.capability else "",
        link=words.link,
    )


def _claims(finding: Finding) -> list[str]:
    """The contradicted claims without their API, those that most APIs share first; any, where chance decides which."""
    if finding.verdict == "unstable":
        return list(ANY)
    counts = Counter(claim.partition("/")[2] for claim in finding.claims)
    return sorted(counts, key=lambda slug: (-counts[slug], slug))


def _name(finding: Finding) -> str:
    apis = finding.apis[0].rpartition(".")[2] if len(finding.apis) == 1 else finding.apis[0].partition(".")[0]
    words = re.sub(r"[^a-z0-9]+", "-", f"{apis} {finding.verdict} {finding.rule}".lower()).strip("-")
    return f"{words[:60].rstrip('-')}-{finding.id[:4]}"
