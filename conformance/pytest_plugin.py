"""The suite as pytest tests: `pytest --conformance -b torch`, or `pytest --conformance-run FILE` for a stored run.

Everybody who has this package installed has this plugin, so that it costs nothing where it is not asked for: nothing
of the engine is imported here.
"""

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; all but the first two do nothing without one of these."""
    group = parser.getgroup("conformance", "deep-learning frameworks held against their documentation")
    add = group.addoption
    add("--conformance", action="store_true", help="Test claims of documentation on frameworks: one test per claim.")
    add("--conformance-run", metavar="FILE", help="Judge a stored run again instead, without any framework.")
    backend: dict[str, Any] = {
        "dest": "conformance_backend",
        "action": "append",
        "default": [],
        "metavar": "BACKEND",
        "help": "NAME[==VERSION][:DEVICE][@PYTHON]; may be repeated. [default: every known framework]",
    }
    try:
        # addoption reserves lower-case letters for pytest, and pytest has no -b.
        group._addoption("-b", "--conformance-backend", **backend)
    except ValueError:  # another plugin has it
        add("--conformance-backend", **backend)
    add(
        "--conformance-api",
        action="append",
        default=[],
        metavar="GLOB",
        help="Only the APIs that match; may be repeated.",
    )
    add("--conformance-seed", type=int, metavar="N", help="As of `conformance run`. [default: 0]")
    add("--conformance-strength", type=int, choices=(1, 2, 3), help="t of the t-way covering arrays. [default: 2]")
    add("--conformance-max-cases", type=_positive, metavar="N", help="At most so many cases of each API.")
    add("--conformance-jobs", type=_positive, metavar="N", help="Backends that run at a time. [default: 2]")
    add("--conformance-output", metavar="DIR", help="Folder of the run file. [default: a temporary one]")
    add("--conformance-no-install", action="store_true", help="Create no environment.")
    add("--conformance-known", metavar="DIR", help="Your own known differences. [default: conformance-known]")
    add("--conformance-no-known", action="store_true", help="Take no difference for known.")
    add("--strict-known", action="store_true", help="Fail where a known difference does not occur, or is too broad.")


def pytest_configure(config: pytest.Config) -> None:
    """Where the suite is asked for, let it take part in the session."""
    if config.getoption("conformance") or config.getoption("conformance_run") is not None:
        _check_packages()
        from conformance.pytest_session import Session

        config.pluginmanager.register(Session(config), "conformance-session")


def _check_packages() -> None:
    """pytest puts the folders of tests on sys.path: a package of theirs may have the name of one of ours."""
    home = Path(__file__).resolve().parent.parent
    for name in ("cases", "reports", "reference"):
        found = find_spec(name)
        there = Path(found.origin).resolve().parent.parent if found and found.origin else None
        if there != home:
            raise pytest.UsageError(
                f"conformance: the package {name!r} was found in {there or 'no place'}, but belongs in {home}. Another "
                "package of that name comes first on sys.path: start from another folder, or run `python -m pytest`."
            )


def _positive(text: str) -> int:
    """A whole number of at least 1."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return value
