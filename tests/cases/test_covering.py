"""Covering arrays, held against enumeration: nothing feasible is missed, nothing infeasible is called feasible."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.conv_transpose.domains import DIALECTS, factors, requirements
from cases.covering import Covering, Requirement, covering

FACTORS = {"a": (0, 1, 2), "b": (0, 1), "c": (0, 1, 2), "d": ("x", "y")}
TOGETHER = Requirement(("a", "b"), lambda a, b: a != 2 or b == 1)
CHAIN = Requirement(("b", "c"), lambda b, c: b != 1 or c == 0)


def satisfies(row: Mapping[str, Any], needs: Iterable[Requirement]) -> bool:
    return all(need.holds(*(row[name] for name in need.names)) for need in needs)


def tuples(row: Mapping[str, Any], strength: int) -> set[tuple[tuple[str, Any], ...]]:
    return set(itertools.combinations(row.items(), strength))


def feasible(levels: Mapping[str, Sequence[Any]], needs: Sequence[Requirement], strength: int) -> set[Any]:
    rows = (dict(zip(levels, row, strict=True)) for row in itertools.product(*levels.values()))
    return set().union(*(tuples(row, strength) for row in rows if satisfies(row, needs)))


def combinations(levels: Mapping[str, Sequence[Any]], strength: int) -> set[Any]:
    return {
        tuple(zip(names, values, strict=True))
        for names in itertools.combinations(levels, strength)
        for values in itertools.product(*(levels[name] for name in names))
    }


def is_right(found: Covering, levels: Mapping[str, Sequence[Any]], needs: Sequence[Requirement], strength: int) -> None:
    """Hold an array against enumeration of all rows."""
    possible = feasible(levels, needs, strength)
    reached = set().union(*(tuples(row, strength) for row in found.rows))
    assert all(tuple(row) == tuple(levels) and satisfies(row, needs) for row in found.rows)
    assert reached == possible
    assert found.tuples == found.covered == len(possible)
    assert found.infeasible == len(combinations(levels, strength) - possible)


@pytest.mark.parametrize("strength", [1, 2, 3, 4])
@pytest.mark.parametrize("needs", [(), (TOGETHER,), (TOGETHER, CHAIN)], ids=["free", "one", "chained"])
def test_every_feasible_combination_of_small_factors_is_covered(needs: tuple[Requirement, ...], strength: int) -> None:
    is_right(covering(FACTORS, needs, strength=strength, seed=1), FACTORS, needs, strength)


def test_requirements_may_forbid_a_pair_that_no_single_one_forbids() -> None:
    found = covering(FACTORS, (TOGETHER, CHAIN), strength=2, seed=0)
    assert found.infeasible > sum(
        covering(FACTORS, (need,), strength=2, seed=0).infeasible for need in (TOGETHER, CHAIN)
    )
    assert not any(row["a"] == 2 and row["c"] == 1 for row in found.rows)


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[str, range], tuple[Requirement, ...]]:
    levels = {name: range(draw(st.integers(1, 3))) for name in "abcde"[: draw(st.integers(3, 5))]}
    needs = []
    for _ in range(draw(st.integers(0, 3))):
        names = tuple(draw(st.permutations(list(levels)))[: draw(st.integers(1, 3))])
        every = st.sampled_from(list(itertools.product(*(levels[name] for name in names))))
        forbidden = draw(st.frozensets(every, max_size=6))
        needs.append(Requirement(names, lambda *values, forbidden=forbidden: values not in forbidden))
    return levels, tuple(needs)


@settings(max_examples=80, deadline=None)
@given(problems(), st.sampled_from([2, 3]), st.integers(0, 3))
def test_whatever_is_required_enumeration_agrees(
    problem: tuple[dict[str, range], tuple[Requirement, ...]], strength: int, seed: int
) -> None:
    levels, needs = problem
    is_right(covering(levels, needs, strength=strength, seed=seed), levels, needs, strength)


def test_requirements_that_nothing_satisfies_give_no_rows() -> None:
    found = covering(FACTORS, (Requirement(("a",), lambda a: False),), strength=2, seed=0)
    assert (found.rows, found.tuples, found.covered, found.infeasible) == ((), 0, 0, 37)


def test_the_seed_decides_the_rows_and_nothing_else_does() -> None:
    first, again, other = (covering(FACTORS, (TOGETHER,), strength=2, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first.rows != other.rows
    assert first.covered == other.covered


def test_far_fewer_rows_than_all_of_them_are_enough() -> None:
    levels = {name: range(4) for name in "abcdefgh"}
    assert 16 <= len(covering(levels, (), strength=2, seed=0).rows) <= 40


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("api", DIALECTS)
def test_the_documented_domains_of_transposed_convolution_are_covered(api: str, seed: int) -> None:
    levels, needs = factors(DIALECTS[api], seed), requirements(DIALECTS[api])
    found = covering(levels, needs, strength=2, seed=seed)
    assert all(satisfies(row, needs) for row in found.rows)
    every = combinations(levels, 2)
    missed = every - set().union(*(tuples(row, 2) for row in found.rows))
    assert found.tuples == found.covered == len(every) - len(missed)
    assert found.infeasible == len(missed)
    # Only factors that a requirement names can make a pair infeasible: enumerate those.
    bound = {name: levels[name] for name in levels if any(name in need.names for need in needs)}
    assert not missed & feasible(bound, needs, 2)
    # A level that no row can have at all takes its pairs with every other factor along.
    impossible = {level for (level,) in combinations(bound, 1) - feasible(bound, needs, 1)}
    assert all(set(pair) & impossible or {name for name, _ in pair} <= set(bound) for pair in missed)
