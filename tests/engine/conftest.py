"""Fixtures: adapters that play frameworks in whole runs; the miniature table of environments, and a good one of it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from conformance import campaign, environments
from conformance.backends import Backend
from conformance.environments import Ready, ensure
from conformance.pool import WorkerPlan
from tests.engine.played import SOURCES
from tests.engine.toy import TABLE, Heard, toy, wheel


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let adapters play frameworks: a dict of framework → adapter, to be filled by the test."""
    adapters: dict[str, str] = {}

    def plan(backend: Backend, memory_limit: int | None = None) -> WorkerPlan:
        adapter = adapters.get(backend.specification.framework, "conformance.adapters.numpy:Adapter")
        return WorkerPlan(Path(sys.executable), adapter, "cpu", {}, SOURCES, memory_limit)

    monkeypatch.setattr(campaign, "plan_of", plan)
    return adapters


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    wheel(folder, "numpy", "1.0", "__version__ = '1.0'\n")
    wheel(folder, "numpy", "1.1", "__version__ = '1.1'\n")
    wheel(folder, "toyframework", "1.0", "__version__ = '1.0+local'\n", ("numpy",))
    wheel(
        folder,
        "toyframework",
        "2.0",
        "raise RuntimeError('a placeholder, \\x1b[31mnot\\x1b[0m a framework')\n",
        ("numpy",),
    )
    return folder


@pytest.fixture
def miniature(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wheels: Path) -> None:
    table = tmp_path / "table.toml"
    table.write_text(TABLE)
    monkeypatch.setattr(environments, "TABLE", table)
    monkeypatch.setenv("CONFORMANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """One good environment, copied by the tests that harm it."""
    cache = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        (cache / "table.toml").write_text(TABLE)
        patch.setattr(environments, "TABLE", cache / "table.toml")
        patch.setenv("CONFORMANCE_CACHE", str(cache))
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_FIND_LINKS", str(wheels))
        return ensure(toy(), install=True, progress=Heard()).python.parent.parent


@pytest.fixture
def good(original: Path, miniature: None) -> Path:
    folder = environments.folder_of(toy(), sys.version_info.minor)
    shutil.copytree(original, folder, symlinks=True)
    assert isinstance(environments.check(toy(), folder), Ready)
    return folder
