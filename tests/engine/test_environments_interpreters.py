"""Interpreters: those of this machine that may hold a framework, in the right order, and what they need for it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import interpreters
from conformance.environments import ensure
from conformance.interpreters import CannotCreate, Look
from tests.engine.toy import Heard, toy

pytestmark = pytest.mark.usefixtures("miniature")


@pytest.mark.environments
def test_another_cpython_is_found_without_being_on_path() -> None:
    try:
        minor, pythons = interpreters.find(replace(toy(), python="==3.10.*"))
    except CannotCreate:
        pytest.skip("no CPython 3.10 on this machine")
    made = ensure(replace(toy(), python="==3.10.*"), install=True, progress=Heard())
    seen = interpreters.look(made.python, "toyframework")
    assert isinstance(seen, Look)
    assert (minor, seen.minor, seen.found) == (10, (3, 10), True)
    assert pythons


def test_no_interpreter_in_range_is_said_with_the_way_to_get_one() -> None:
    with pytest.raises(CannotCreate, match=r"toyframework 3\.0 needs CPython >=3\.39,<3\.40, and none") as caught:
        ensure(toy("3.0"), install=True, progress=Heard())
    for way in ("pyenv install 3.39", "uv python install 3.39", "toyframework@/path/to/python"):
        assert way in caught.value.way_out


def test_the_drivers_own_python_comes_first_and_then_the_newest() -> None:
    own = sys.version_info.minor
    assert replace(toy(), python=f">=3.8,<=3.{own + 2}").minors()[:4] == [own, own + 2, own + 1, own - 1]
    assert replace(toy(), python=">=3.6,<3.9").minors() == [8, 7, 6]


def test_loader_folders_come_before_those_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(toy(), variables={"LD_LIBRARY_PATH": ("a/lib", "b/lib")})
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    assert interpreters.loader_variables(one, Path("/site")) == {"LD_LIBRARY_PATH": "/site/a/lib:/site/b/lib:/mine"}
    monkeypatch.delenv("LD_LIBRARY_PATH")
    assert interpreters.loader_variables(one, Path("/site")) == {"LD_LIBRARY_PATH": "/site/a/lib:/site/b/lib"}
