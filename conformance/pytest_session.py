"""A pytest session that holds frameworks against their documentation: what is asked for, collected, run, and told.

`pytest_plugin.py` registers it where it is asked for, and only there. All cases of the tests that shall run are run
once, in one campaign, just before the first of them: outside of that test, so that no time limit of a test ends it.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cases.documentation import Kind
from cases.known import BadLedger, Ledger
from cases.values import BadValue
from conformance.claim_results import Results
from conformance.errors import UsageError
from conformance.known import FOLDER, entries
from conformance.pytest_items import ROOT, Test, can_mark, kind_marker, suite
from conformance.pytest_live import Live
from conformance.pytest_sources import SEED, STRENGTH, Asked, Source, Unusable
from conformance.pytest_stored import Stored
from reports.reading import BadRunFile
from reports.text import clean, counted

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from _pytest.terminal import TerminalReporter

LIVE_ONLY = ("seed", "strength", "max_cases", "jobs", "output", "no_install")
NAMED = 5  # entries of the ledger that the summary names
LISTED = 20  # remarks on the ledger that are printed


class Session:
    """One session. It is registered as a plugin, and its hooks are what pytest calls."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._source: Source
        self._ledger = Ledger({})
        self._results: Results | None = None
        self._said: tuple[str, ...] = ()
        self._wanted: tuple[str, ...] = ()
        self._strict = bool(config.getoption("strict_known"))
        _refuse_workers(config)
        self._register({ROOT: "a test of a framework's documentation"})
        self._register({kind_marker(kind.value): f"a claim of kind {kind.value!r}" for kind in Kind})
        self._take_over_arguments()

    def _register(self, markers: Mapping[str, str]) -> None:
        """Make markers known, unless somebody else has."""
        there = {line.partition(":")[0].partition("(")[0].strip() for line in self._config.getini("markers")}
        for name, meaning in markers.items():
            if name not in there and can_mark(name):
                self._config.addinivalue_line("markers", f"{name}: {meaning}")

    def _take_over_arguments(self) -> None:
        """Ids of our tests are no paths; and without any path, nothing else was asked for."""
        config = self._config
        ours = {arg: _id(arg, config) for arg in config.args}
        ours = {arg: name for arg, name in ours.items() if name}
        self._wanted = tuple(ours.values())
        named = config.args_source is pytest.Config.ArgsSource.ARGS
        config.args = [arg for arg in config.args if arg not in ours] if named else []

    def pytest_sessionstart(self) -> None:
        """Find the backends, or read the stored run: what is wrong with them is told before anything runs."""
        stored = self._config.getoption("conformance_run")
        with _usage(), _uncaptured(self._config):
            self._ledger = _ledger(self._config)
            asked = self._asked()
            self._source = Live(asked) if stored is None else Stored(self._stored(stored), asked)
        self._register({line.framework: f"runs on {line.framework}" for line in self._source.lines})

    def _stored(self, name: str) -> Path:
        """The run file; UsageError for what can only be asked of a run that is still to be made."""
        for option in LIVE_ONLY:
            value = self._config.getoption(f"conformance_{option}")
            if value is not None and value is not False:
                text = f"--conformance-{option.replace('_', '-')}"
                raise UsageError(f"{text} says nothing of a stored run", "leave it out, or leave out --conformance-run")
        return Path(name)

    def _asked(self) -> Asked:
        option = self._config.getoption
        output = option("conformance_output")
        seed, strength = option("conformance_seed"), option("conformance_strength")
        return Asked(
            backends=tuple(option("conformance_backend")),
            apis=tuple(option("conformance_api")),
            seed=SEED if seed is None else seed,
            strength=STRENGTH if strength is None else strength,
            max_cases=option("conformance_max_cases"),
            jobs=option("conformance_jobs") or 2,
            output=None if output is None else Path(output),
            install=not option("conformance_no_install"),
            ledger=self._ledger,
            command=("pytest", *map(str, self._config.invocation_params.args)),
            quiet=self._config.getoption("verbose") < 0,
            fresh=self._fresh,
        )

    def _fresh(self) -> Path:
        """A folder that stays for a while: pytest keeps those of its last sessions."""
        factory = getattr(self._config, "_tmp_path_factory", None)
        return factory.mktemp(ROOT) if factory is not None else Path(tempfile.mkdtemp(prefix=f"{ROOT}-"))

    def pytest_report_header(self) -> list[str]:
        """Which backends there are."""
        lines = self._source.lines
        return [f"{ROOT}: {', '.join(clean(line.name) for line in lines)}; {counted(len(self._source.apis), 'API')}"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the tests, before -k, -m and the like choose among them."""
        made = list(session.genitems(suite(session, self._source, self._there)))
        for name in self._wanted:
            if not any(_is_in(item.nodeid, name) for item in made):
                raise pytest.UsageError(f"no test is named {name}; --collect-only prints the names")
        if self._wanted:
            made = [item for item in made if any(_is_in(item.nodeid, name) for name in self._wanted)]
        items += made

    def _there(self) -> Results:
        assert self._results is not None, "the run comes before its tests"
        return self._results

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Run all cases before the first test that needs them."""
        if isinstance(item, Test) and self._results is None:
            self._results = self._obtained(item.session)
        return (yield)

    def _obtained(self, session: pytest.Session) -> Results:
        tests = [item for item in session.items if isinstance(item, Test)]
        names = {item.api.name: None for item in tests}
        backends = {item.where.line.name: None for item in tests}
        try:
            with _uncaptured(self._config):
                obtained = self._source.obtain(tuple(names), tuple(backends))
        except Unusable as error:
            pytest.exit(f"conformance: {clean(str(error))}", returncode=error.code)
        except UsageError as error:
            pytest.exit(f"conformance: {clean(str(error))}", returncode=pytest.ExitCode.USAGE_ERROR)
        self._said = obtained.said
        return Results(
            obtained.loaded,
            self._ledger.entries,
            run=str(obtained.loaded.path),
            complete=obtained.complete,
            strict=self._strict,
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A test took what its cases took."""
        report = yield
        if isinstance(item, Test) and call.when == "call":
            report.duration = item.seconds
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """With --strict-known, a ledger of which something can be said fails an otherwise clean session."""
        clean_end = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if self._strict and clean_end and self._results is not None and self._results.notes():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """What was run or judged again, what is known, and what is to be said of the ledger."""
        if self._results is None:
            return
        terminalreporter.section(ROOT)
        known = self._results.known()
        lines = [*self._said]
        if known:
            named = ", ".join(f"{name} ({count})" for name, count in known.most_common(NAMED))
            named += f" and {len(known) - NAMED} more entries" if len(known) > NAMED else ""
            lines.append(f"known differences: {counted(known.total(), 'failure')}: {named}")
        notes = self._results.notes()
        lines += notes[:LISTED]
        if len(notes) > LISTED:
            lines.append(f"and {len(notes) - LISTED} more remarks on known differences")
        for line in lines:
            terminalreporter.write_line(clean(line))


def _ledger(config: pytest.Config) -> Ledger:
    if config.getoption("conformance_no_known"):
        return Ledger({})
    folder = config.getoption("conformance_known")
    if folder is not None and not Path(folder).is_dir():
        raise UsageError(
            f"there is no folder {folder}", "leave --conformance-known out, or name a folder of TOML files"
        )
    return entries(FOLDER if folder is None else Path(folder))


def _refuse_workers(config: pytest.Config) -> None:
    """The processes of pytest-xdist would each run all cases, or none."""
    if hasattr(config, "workerinput") or config.getoption("numprocesses", None) or config.getoption("tx", None):
        raise pytest.UsageError(
            "--conformance runs all cases of a session at once, on as many cores as --conformance-jobs says: it cannot "
            "be spread over pytest-xdist's processes. Leave -n out, or write -n 0."
        )


def _id(arg: str, config: pytest.Config) -> str:
    """The id of tests of ours that an argument is, as pytest prints it in this folder; empty if it is none."""
    head, colons, rest = arg.partition("::")
    there = Path(os.path.normpath(config.invocation_params.dir / head))
    ours = head == ROOT or there == config.rootpath / ROOT
    return f"{ROOT}::{rest}" if colons and ours else ""


def _is_in(nodeid: str, name: str) -> bool:
    """Whether a test is the named one, or below it."""
    return nodeid == name or nodeid.startswith((f"{name.rstrip('/')}::", f"{name.rstrip('/')}/"))


@contextmanager
def _usage() -> Iterator[None]:
    """What the user can mend, in pytest's own words."""
    try:
        yield
    except (UsageError, BadRunFile, BadLedger, BadValue) as error:
        raise pytest.UsageError(clean(str(error))) from None


def _uncaptured(config: pytest.Config) -> Any:
    """Progress is written while it happens."""
    capture = config.pluginmanager.getplugin("capturemanager")
    return capture.global_and_fixture_disabled() if capture is not None else nullcontext()


__all__ = ["Session"]
