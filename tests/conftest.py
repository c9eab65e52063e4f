"""What holds for every test."""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True, scope="session")
def nobody_ends_the_test_process() -> Iterator[None]:
    """Make `os._exit` in pytest's own process a failure: it would end the session in silence, and with success."""
    own, leave = os.getpid(), os._exit

    def guarded(code: int) -> NoReturn:
        if os.getpid() != own:
            leave(code)
        raise RuntimeError(f"os._exit({code}) in the test process")

    os._exit = guarded  # type: ignore[assignment]
    yield
    os._exit = leave
