"""A run file → its findings: grouped by cause, held against the ledger, explained on the backends themselves.

`found` needs the run file alone; `explained` asks the backends. Both serve a run, which explains what is new, and the
command `conformance findings`, which explains everything.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cases.known import Ledger
from conformance.backends import Backend
from conformance.explain import Effort, Explainer
from conformance.pool import WorkerFailed
from conformance.process import Stopped
from reports.findings import of_entry, of_group
from reports.grouping import groups
from reports.ledger import Held, held
from reports.reading import RunFile
from reports.record import Finding


@dataclass(frozen=True)
class Found:
    """The findings of a run, not yet explained, and what the ledger is to each backend."""

    findings: tuple[Finding, ...]
    held: tuple[Held, ...]

    @property
    def new(self) -> tuple[Finding, ...]:
        """Those that the ledger does not know."""
        return tuple(item for item in self.findings if not item.known)


def found(loaded: RunFile, ledger: Ledger) -> Found:
    """What fails in a run: by the entries of the ledger that know it, and what is new by its cause."""
    findings: list[Finding] = []
    backends: list[Held] = []
    for line in loaded.run.backends:
        if line.unavailable:
            continue
        item = held(loaded, line, ledger.entries)
        backends.append(item)
        findings += [of_entry(met, line.name) for met in item.met if met.failures]
        findings += [of_group(group) for group in groups(loaded, line.name, item.new)]
    return Found(tuple(findings), tuple(backends))


def explained(
    loaded: RunFile,
    findings: Sequence[Finding],
    backends: Mapping[str, Backend],
    *,
    effort: Effort,
    jobs: int = 2,
    seconds: float | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> list[Finding]:
    """The findings with minimal case, checked rule and executed script; as they were where `seconds` are spent.

    `backends` are those of the run by name. The order is kept.
    """
    until, stop = None if seconds is None else time.monotonic() + seconds, threading.Event()
    by_backend: dict[str, list[Finding]] = {}
    for item in findings:
        by_backend.setdefault(item.backend, []).append(item)

    def work(name: str) -> list[Finding]:
        if name not in backends:
            say(f"{name}: not on this machine; its findings are not explained")
            return by_backend[name]
        with Explainer(loaded, backends[name], name, effort, stop) as explainer:
            return list(_explained(explainer, by_backend[name], until, say))

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        try:
            done = {(item.backend, item.id): item for part in pool.map(work, by_backend) for item in part}
        except BaseException:
            stop.set()  # else Ctrl-C would wait until everything is explained
            raise
    return [done[item.backend, item.id] for item in findings]


def _explained(
    explainer: Explainer, findings: Sequence[Finding], until: float | None, say: Callable[[str], None]
) -> Iterator[Finding]:
    name = explainer.name
    for number, item in enumerate(findings, 1):
        if until is not None and time.monotonic() > until:
            say(f"{name}: the time is over; {len(findings) - number + 1} of {len(findings)} findings not explained")
            yield from findings[number - 1 :]
            return
        if explainer.stop.is_set():
            return
        try:
            done = explainer.explain(item, findings)
        except WorkerFailed as failure:
            say(f"{name}: finding {item.id} is not explained: {failure.reason}")
            done = item
        except Stopped:
            return
        say(f"{name}: {number} of {len(findings)} findings explained")
        yield done
