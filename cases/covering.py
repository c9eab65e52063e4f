"""Covering arrays: few rows that contain every combination of `strength` levels of different factors.

A greedy generator: take a combination that no row has yet, complete it to a row, level by level, choosing what covers
most that is still missing, and go back where a requirement forbids to go on. Combinations that no row can contain
under the requirements are counted as infeasible. Plain and complete; the general tools either do not end or miss
combinations under our requirements.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Requirement:
    """A documented condition across parameters, decided as soon as every factor in `names` has its level."""

    names: tuple[str, ...]
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Covering:
    """The rows, and what they reach: feasible combinations, all of them covered, and infeasible ones."""

    rows: tuple[dict[str, Any], ...]
    strength: int
    tuples: int
    covered: int
    infeasible: int


def covering(
    factors: Mapping[str, Sequence[Any]], requirements: Sequence[Requirement], *, strength: int, seed: int
) -> Covering:
    """Rows over `factors` (name → levels) that satisfy `requirements` and cover every feasible combination."""
    names = tuple(factors)
    chance = random.Random(seed)
    missing = dict.fromkeys(_combinations(factors, strength))
    chance_order = list(missing)
    chance.shuffle(chance_order)
    rows: list[dict[str, Any]] = []
    total, infeasible = len(missing), 0
    for combination in chance_order:
        if combination not in missing:
            continue
        row = _complete(dict(combination), names, factors, requirements, missing, strength, chance)
        if row is None:
            del missing[combination]
            infeasible += 1
            continue
        for found in itertools.combinations(((name, row[name]) for name in names), strength):
            missing.pop(found, None)
        rows.append({name: factors[name][row[name]] for name in names})
    return Covering(tuple(rows), strength, total - infeasible, total - infeasible - len(missing), infeasible)


def _combinations(factors: Mapping[str, Sequence[Any]], strength: int) -> Iterator[tuple[tuple[str, int], ...]]:
    for chosen in itertools.combinations(factors, strength):
        for levels in itertools.product(*(range(len(factors[name])) for name in chosen)):
            yield tuple(zip(chosen, levels, strict=True))


def _complete(
    row: dict[str, int],
    names: tuple[str, ...],
    factors: Mapping[str, Sequence[Any]],
    requirements: Sequence[Requirement],
    missing: Mapping[tuple[tuple[str, int], ...], None],
    strength: int,
    chance: random.Random,
) -> dict[str, int] | None:
    """A whole row that contains `row`, or None where the requirements allow none."""
    if not _allowed(row, factors, requirements):
        return None
    free = [name for name in names if name not in row]
    if not free:
        return row
    # The factors of the same requirements come together, so that a dead end shows early.
    constrained = [name for name in free if any(name in requirement.names for requirement in requirements)]
    name = chance.choice(constrained or free)
    levels = list(range(len(factors[name])))
    chance.shuffle(levels)
    gain = {level: _gain(row, name, level, names, missing, strength) for level in levels}
    for level in sorted(levels, key=lambda level: -gain[level]):
        found = _complete(row | {name: level}, names, factors, requirements, missing, strength, chance)
        if found is not None:
            return found
    return None


def _allowed(row: Mapping[str, int], factors: Mapping[str, Sequence[Any]], requirements: Sequence[Requirement]) -> bool:
    return all(
        requirement.holds(*(factors[name][row[name]] for name in requirement.names))
        for requirement in requirements
        if all(name in row for name in requirement.names)
    )


def _gain(
    row: Mapping[str, int],
    name: str,
    level: int,
    names: tuple[str, ...],
    missing: Mapping[tuple[tuple[str, int], ...], None],
    strength: int,
) -> int:
    """How many missing combinations the choice adds."""
    order = {item: index for index, item in enumerate(names)}
    return sum(
        tuple(sorted((*others, (name, level)), key=lambda pair: order[pair[0]])) in missing
        for others in itertools.combinations(row.items(), strength - 1)
    )
