"""The examples of docs/compare, run again on the real frameworks: each prints what its page says."""

from pathlib import Path

import pytest

from conformance.compare_examples import run
from reports.comparison_evidence import read
from tests.frameworks.conftest import backend

FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]
EVIDENCE = Path(__file__).parents[2] / "docs" / "compare"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_example_of_the_pages_prints_what_its_page_says(framework: str) -> None:
    kept = {name: item for name, item in read(EVIDENCE).programs.items() if item.framework == framework}
    assert len(kept) > 20
    found = run({framework: {name: item.code for name, item in kept.items()}}, {framework: backend(framework)})
    for name, item in kept.items():
        assert (found[name].ended, found[name].text) == (item.ended, item.printed), item.code
