"""A few seconds of search on each framework: it runs, and what it finds can be read, shown and run again."""

from pathlib import Path

import pytest

from cases.catalogue import select
from cases.known import Ledger, ledger
from conformance import corpus
from conformance.campaign import NOTHING_UNEXPECTED, UNEXPECTED_FOUND
from conformance.fuzz import Bounds
from conformance.fuzz_command import Order, fuzz
from reports import reading
from tests.frameworks.conftest import backend

APIS = {
    "torch": "torch.nn.ConvTranspose2d",
    "mindspore": "mindspore.nn.Conv2dTranspose",
    "oneflow": "oneflow.nn.ConvTranspose2d",  # which aborts in float16
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in APIS])
def test_a_search_runs_on_a_framework_and_what_it_finds_is_pinned(name: str, tmp_path: Path) -> None:
    most = 400 if name == "oneflow" else 150
    order = Order(tuple(select((APIS[name],))), Bounds(300.0, executions=most), tmp_path, explain=0.0)
    done = fuzz(order, [(backend(name), True)], Ledger({}))
    assert done is not None
    (tally,) = done.tallies.values()
    assert tally.lost == ""
    assert tally.executions >= most
    assert {record.api for record in tally.passing} == {APIS[name]}
    loaded = reading.load(tmp_path)
    assert loaded.end is not None
    assert loaded.end.exit_code == done.code == (UNEXPECTED_FOUND if done.new else NOTHING_UNEXPECTED)
    pinned = corpus.read(tmp_path / corpus.FOLDER)
    assert {item.framework for item in pinned} <= {name}
    assert bool(pinned) == bool(done.new)
    if name == "oneflow":
        assert "crashed" in {item.verdict for item in pinned}

    again = fuzz(
        Order(order.apis, Bounds(300.0, executions=1), tmp_path, explain=0.0), [(backend(name), True)], ledger()
    )
    assert again is not None
    (tally,) = again.tallies.values()
    assert tally.gone == []
