"""A fixture for the tests of the pytest plugin: an adapter that plays PyTorch."""

from collections.abc import Callable

import pytest

from conformance import campaign, probe, pytest_live
from conformance.backends import Specification
from tests.engine.played import asked
from tests.engine.small_runs import playing


@pytest.fixture
def torch_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let an adapter play PyTorch wherever a backend of that name is asked for."""
    (item,) = asked("torch")

    def play(adapter: str) -> None:
        monkeypatch.setattr(campaign, "plan_of", playing(adapter))
        monkeypatch.setattr(probe, "plan_of", playing(adapter))
        resolve = pytest_live.resolve
        monkeypatch.setattr(
            pytest_live,
            "resolve",
            lambda wanted, **how: item.backend if wanted == Specification("torch") else resolve(wanted, **how),
        )

    return play
