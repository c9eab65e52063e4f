"""Covering arrays: few rows that contain every combination of `strength` levels of different factors.

A greedy generator: take a combination that no row has yet, complete it to a row, level by level, choosing what covers
most that is still missing, and go back where a requirement forbids to go on. Combinations that no row can contain
under the requirements are counted as infeasible. Plain and complete; the general tools either do not end or miss
combinations under our requirements.
"""

import itertools
import random
from collections.abc import Callable, Collection, Mapping, Sequence
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
    search = _Search(factors, requirements, strength, random.Random(seed))
    order = search.combinations
    search.chance.shuffle(order)
    rows: list[dict[str, Any]] = []
    total, infeasible = len(order), 0
    for combination in order:
        if combination not in search.missing:
            continue
        row = search.completed(combination)
        if row is None:
            search.missing.remove(combination)
            infeasible += 1
            continue
        search.missing.difference_update(itertools.combinations(row, strength))
        rows.append({name: factors[name][level] for name, level in map(search.pairs.__getitem__, row)})
    return Covering(tuple(rows), strength, total - infeasible, total - infeasible - len(search.missing), infeasible)


class _Search:
    """The search for rows. A level of a factor is a number, in the order of the factors; a combination is sorted."""

    def __init__(
        self,
        factors: Mapping[str, Sequence[Any]],
        requirements: Sequence[Requirement],
        strength: int,
        chance: random.Random,
    ) -> None:
        self.factors, self.strength, self.chance = factors, strength, chance
        self.pairs = [(name, level) for name, levels in factors.items() for level in range(len(levels))]
        self.levels = {name: [index for index, pair in enumerate(self.pairs) if pair[0] == name] for name in factors}
        self.needs = {name: [need for need in requirements if name in need.names] for name in factors}
        self.combinations = [
            combination
            for names in itertools.combinations(factors, strength)
            for combination in itertools.product(*(self.levels[name] for name in names))
        ]
        self.missing = set(self.combinations)

    def completed(self, combination: tuple[int, ...]) -> tuple[int, ...] | None:
        """A whole row that contains the combination, or None where the requirements allow none."""
        row = dict(self.pairs[index] for index in combination)
        chosen = {self.pairs[index][0]: index for index in combination}
        if not all(self._allowed(row, name) for name in row):
            return None
        return self._complete(row, chosen)

    def _complete(self, row: dict[str, int], chosen: dict[str, int]) -> tuple[int, ...] | None:
        free = [name for name in self.factors if name not in chosen]
        if not free:
            return tuple(sorted(chosen.values()))
        # The factors of requirements come first, so that a dead end shows early.
        name = self.chance.choice([item for item in free if self.needs[item]] or free)
        levels = self.levels[name][:]
        self.chance.shuffle(levels)
        gains = {index: self._gain(chosen.values(), index) for index in levels}
        for index in sorted(levels, key=lambda index: -gains[index]):
            longer = row | {name: self.pairs[index][1]}
            if self._allowed(longer, name):
                found = self._complete(longer, chosen | {name: index})
                if found is not None:
                    return found
        return None

    def _allowed(self, row: Mapping[str, int], name: str) -> bool:
        """Whether the requirements that speak of this factor hold, as far as they are decided."""
        return all(
            need.holds(*(self.factors[item][row[item]] for item in need.names))
            for need in self.needs[name]
            if all(item in row for item in need.names)
        )

    def _gain(self, chosen: Collection[int], index: int) -> int:
        """How many missing combinations the choice adds."""
        return sum(
            tuple(sorted((*others, index))) in self.missing
            for others in itertools.combinations(chosen, self.strength - 1)
        )
