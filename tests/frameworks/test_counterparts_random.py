"""Random valid calls of one framework, translated to another, and both run: the benchmark on fewer calls."""

from contextlib import ExitStack

import pytest

from benchmarks.counterparts import FRAMEWORKS, Tally, backend_of, calls, held
from cases.known import ledger
from conformance.probe import Probe

CALLS = 200
PAIRS = [
    pytest.param(one, other, marks=[getattr(pytest.mark, one), getattr(pytest.mark, other)], id=f"{one}-{other}")
    for one in FRAMEWORKS
    for other in FRAMEWORKS
    if one != other
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_translated_calls_give_equal_results_or_differ_as_the_ledger_knows(one: str, other: str) -> None:
    tally = Tally()
    with ExitStack() as stack:
        source, target = (stack.enter_context(Probe(backend_of(name))) for name in (one, other))
        held(source, target, list(calls(one, CALLS, seed=20261121)), ledger(), tally)
    assert not tally.wrong, tally.wrong
    assert tally.counts["direct"] + tally.counts["recipe"] + tally.counts["none"] == CALLS
    assert tally.counts["equal"] >= CALLS // 8, tally.counts
