"""Comparisons: between backends, between what documents call equal, and of a backend with itself."""

from typing import Any

import pytest

from reports import compared
from reports.record import Comparison
from reports.summary import Summary, summarise
from tests.reports import build
from tests.reports.build import MINDSPORE


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(build.runfile())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "the same as the other call in graph mode"),
        ({"right_mode": "eager"}, "the same as the other call"),
        ({"right": build.SAME.id}, "the same as in graph mode"),
        ({"right_backend": "torch", "right_mode": "eager"}, "the same as the other call on torch"),
        ({"right_backend": "torch"}, "the same as the other call on torch in graph mode"),
    ],
)
def test_a_comparison_says_what_the_left_should_be(more: dict[str, Any], words: str) -> None:
    line = build.in_modes(build.SAME, values="different", **({"right": build.EXAMPLE.id} | more))
    assert compared.pair_example(line, {}).expected == words


def test_counterparts_are_counted_by_pair_of_backends(summary: Summary) -> None:
    (pair,) = summary.pairs
    assert (pair.left, pair.right) == ("mindspore", "torch")
    assert (pair.compared, pair.equal_shapes, pair.equal_values, pair.different, pair.missing) == (3, 2, 1, 1, 1)
    assert [line.left for line in pair.examples] == [build.SAME.id]
    assert [found.line.claim for found in summary.documented_pairs] == [f"{MINDSPORE}/same-as-torch"]


def test_cases_without_counterpart_are_grouped_by_reason(summary: Summary) -> None:
    assert summary.alone == (compared.Alone("mindspore", "torch", "torch has no pad_mode 'same'", 3),)


def test_claimed_pairs_with_one_result_are_one_row_with_their_number_and_the_smallest() -> None:
    def line(length: int, values: str) -> Comparison:
        call = f"a.b({length})"
        return Comparison(
            left=f"{length:016x}",
            left_backend="mindspore==2.10.0:cpu",
            right=f"{length + 100:016x}",
            right_backend="torch==2.13.0:cpu",
            left_call=call + "x" * length,
            right_call=call,
            claim="a.b/same",
            shapes="equal",
            values=values,  # type: ignore[arg-type]
        )

    found = compared.claimed([line(3, "equal"), line(1, "equal"), line(2, "different"), line(4, "equal")], {})
    assert [(row.line.values, row.pairs, row.line.left) for row in found] == [
        ("different", 1, f"{2:016x}"),
        ("equal", 3, f"{1:016x}"),
    ]


def test_pairs_on_one_backend_are_counted_by_statement_over_all_apis() -> None:
    claims = [build.claim(api, "apart", "Groups are apart.") for api in ("torch.a", "torch.b")]
    shared = {"left_mode": "eager", "right_mode": "eager", "left_backend": "torch", "right_backend": "torch"}
    lines = [
        build.in_modes(build.SAME, **shared, claim="torch.a/apart", values="equal"),
        build.in_modes(build.SAME, **shared, claim="torch.b/apart", values="different"),
        build.in_modes(build.SAME, **shared, claim="torch.b/apart", values="missing"),
        build.in_modes(build.SAME, **shared, claim="torch.b/other", values="equal"),
        build.in_modes(build.SAME, **{**shared, "right_backend": "numpy"}, claim="torch.b/apart", values="equal"),
    ]
    assert compared.itself(lines, claims, ["torch"]) == (
        compared.Itself("torch", "Groups are apart.", 2, 3, 1, 1, 1),
        compared.Itself("torch", "torch.b/other", 1, 1, 1, 0, 0),
    )
