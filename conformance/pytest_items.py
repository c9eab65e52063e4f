"""The tests of a pytest session: one per claim, backend and mode, and one per API for what contradicts no claim.

A tree of collectors (backend, mode, API) gives them their names. What a test answers comes from the run that all tests
of the session share; a test only says it in pytest's words. A known difference is a strict xfail; a claim that a ruling
overrules, or that is advice, is an xfail that may also pass; what was held against nothing is skipped with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from conformance import claim_words
from reports.tables import runs
from reports.text import clean, fit, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cases.documentation import Api, Claim
    from conformance.claim_results import Result, Results
    from conformance.pytest_sources import Source
    from reports.record import BackendLine

ROOT = "conformance"
VERDICTS = "verdicts"


@dataclass(frozen=True)
class Where:
    """A backend in a mode."""

    line: BackendLine
    mode: str


class Suite(pytest.Collector):
    """Everything that can be asked of a source. `results` gives its results, once they are there."""

    def __init__(self, *, source: Source, results: Callable[[], Results], **more: Any) -> None:
        super().__init__(**more)
        self.source, self.results = source, results

    def collect(self) -> Iterable[pytest.Collector]:
        """The backends."""
        for line in self.source.lines:
            yield _Backend.from_parent(self, name=_word(line.name), line=line)
        for name, why in self.source.absent.items():
            yield _Absent.from_parent(self, name=_word(name), why=why)


class _Backend(pytest.Collector):
    parent: Suite

    def __init__(self, *, line: BackendLine, **more: Any) -> None:
        super().__init__(**more)
        self._line = line
        self.add_marker(ROOT)
        if can_mark(line.framework):
            self.add_marker(line.framework)

    def collect(self) -> Iterable[pytest.Collector]:
        for mode in self._line.modes or [self._line.mode]:
            yield _Mode.from_parent(self, name=_word(mode), suite=self.parent, where=Where(self._line, mode))


class _Absent(pytest.Collector):
    """A backend that nobody named, and that is not there."""

    def __init__(self, *, why: str, **more: Any) -> None:
        super().__init__(**more)
        self._why = why
        self.add_marker(ROOT)

    def collect(self) -> Iterable[pytest.Item]:
        yield _Missing.from_parent(self, name="unavailable", why=self._why)


class _Missing(pytest.Item):
    def __init__(self, *, why: str, **more: Any) -> None:
        super().__init__(**more)
        self._why = why

    def runtest(self) -> None:
        pytest.skip(one_line(fit(self._why)))


class _Mode(pytest.Collector):
    def __init__(self, *, suite: Suite, where: Where, **more: Any) -> None:
        super().__init__(**more)
        self._suite, self._where = suite, where

    def collect(self) -> Iterable[pytest.Item]:
        for api in self._suite.source.apis:
            if not runs(self._where.line.framework, api.name):
                continue
            common = {"api": api, "where": self._where, "results": self._suite.results}
            for claim in api.claims:
                yield ClaimTest.from_parent(self, name=claim.id, claim=claim, **common)
            yield Test.from_parent(self, name=f"{api.name}/{VERDICTS}", **common)


class Test(pytest.Item):
    """Whether an API does nothing unexpected on a backend in a mode that contradicts none of its claims."""

    __test__ = False  # no test of this package's own

    def __init__(self, *, api: Api, where: Where, results: Callable[[], Results], **more: Any) -> None:
        super().__init__(**more)
        self.api, self.where, self._results = api, where, results
        self.seconds = 0.0
        self.user_properties += [("backend", _word(where.line.name)), ("mode", _word(where.mode))]
        self.user_properties += [("api", api.name)]

    @property
    def short(self) -> str:
        """The name without the API."""
        return VERDICTS

    def result(self) -> Result:
        """What the run says."""
        return self._results().verdicts(self.api.name, self.where.line.name, self.where.mode)

    def runtest(self) -> None:
        """Say it in pytest's words."""
        _name_in_junit(self)
        result = self.result()
        self.seconds = result.seconds
        self.user_properties += [(name, clean(value)) for name, value in result.facts]
        match result.word:
            case "skipped":
                pytest.skip(result.reason)
            case "contradicted":
                pytest.fail(result.text, pytrace=False)
            case "known":
                self.add_marker(pytest.mark.xfail(reason=f"known: {result.reason}", strict=True))
                pytest.fail(result.text, pytrace=False)
            case "gone":  # a strict xfail that passes fails
                self.add_marker(pytest.mark.xfail(reason=result.reason, strict=True))
            case "document" | "advice" if not self.config.getoption("runxfail"):
                self.add_marker(pytest.mark.xfail(reason=result.reason, strict=False))
                pytest.fail(result.text, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """What stands above a failure."""
        where = f"{_word(self.where.line.name)} ({_word(self.where.mode)})"
        return self.config.rootpath / ROOT, None, f"{self.name} on {where}"


class ClaimTest(Test):
    """Whether a backend in a mode does what a claim says."""

    def __init__(self, *, claim: Claim, **more: Any) -> None:
        super().__init__(**more)
        self._claim = claim
        self.add_marker(kind_marker(claim.kind.value))
        self.user_properties += [
            ("claim", claim.id),
            ("statement", one_line(claim.text.en)),
            ("document", claim_words.documents(claim)),
        ]

    @property
    def short(self) -> str:
        """The claim's name without the API."""
        return self._claim.id.partition("/")[2]

    def result(self) -> Result:
        """What the run says."""
        return self._results().claim(self._claim, self.where.line.name, self.where.mode)


def kind_marker(kind: str) -> str:
    """The marker of a kind of claims."""
    return "kind_" + kind.replace(" ", "_")


def can_mark(framework: str) -> bool:
    """Whether a framework's name can be a marker; that of somebody else's run file may be anything."""
    return framework.isidentifier() and not framework.startswith("_")


def suite(session: pytest.Session, source: Source, results: Callable[[], Results]) -> Suite:
    """The root of the tree; it stands beside the files and folders of a session."""
    made: Suite = Suite.from_parent(session, name=ROOT, nodeid=ROOT, source=source, results=results)
    return made


def _word(name: str) -> str:
    """A name that a test may have: without a path, which would be taken for a part of it, and fit to print."""
    return one_line(fit(name.partition("@")[0]))


def _name_in_junit(item: Test) -> None:
    """Put tests of one backend and API together in the JUnit file, under names that stand alone."""
    try:
        from _pytest.junitxml import xml_key
    except ImportError:  # pytest's own; without it the file has the names of the tree
        return
    if xml := item.config.stash.get(xml_key, None):
        reporter = xml.node_reporter(item.nodeid)
        reporter.add_attribute("classname", f"{_word(item.where.line.name)}.{item.api.name}")
        reporter.add_attribute("name", f"{item.short} ({_word(item.where.mode)})")


__all__ = ["Test", "can_mark", "kind_marker", "suite"]
