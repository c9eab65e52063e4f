"""One run of the suite on the three frameworks, shared by the tests that look at what it said.

The frameworks are real, each in its managed environment; a framework that cannot be had fails here, it never skips.
"""

from collections.abc import Callable
from pathlib import Path  # noqa: TC003 - pytest resolves annotations of fixtures

import pytest

from cases.catalogue import select
from cases.known import ledger
from conformance import campaign
from conformance.backends import Backend, Specification, resolve
from conformance.corpus import shipped
from conformance.installing import Display
from conformance.progress import Watch
from reports.reading import RunFile, load


def backend(name: str) -> Backend:
    found = resolve(Specification.parse(name), install=True, progress=Display())
    assert isinstance(found, Backend), f"{name} is needed here: {found.reason} {found.way_out}"
    return found


@pytest.fixture(scope="session")
def run_on(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, RunFile]]:
    """Run the suite, with the shipped ledger, on backends by name: exit code and run file, each once a session."""
    done: dict[tuple[object, ...], tuple[int, RunFile]] = {}

    def run(*names: str, apis: tuple[str, ...] = (), max_cases: int | None = None) -> tuple[int, RunFile]:
        key = (names, apis, max_cases)
        if key not in done:
            output: Path = tmp_path_factory.mktemp("run")
            pinned = tuple(item.case for item in shipped())
            options = campaign.Options(tuple(select(apis)), output, max_cases=max_cases, pinned=pinned)
            asked = [campaign.Asked(backend(name), named=True) for name in names]
            with Watch() as watch:
                code = campaign.run(options, asked, watch, known=ledger())
            done[key] = code, load(output)
        return done[key]

    return run
