"""Failing and passing cases → the simplest rule over their features that tells one from the other.

A rule is a conjunction of few comparisons. All conjunctions of two are tried, and the best of them are lengthened, so
that a shorter rule is never missed for a longer one. What counts is how many failing cases a rule holds for, less what
it holds for among the passing ones, less its length: the shortest description of what fails.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cases.features import Feature
from cases.rules import Atom, Name, Rule

Mask: TypeAlias = NDArray[np.bool_]

WIDTH = 12  # one number, or 2, 3, 4 or 6 of them, fit into as many columns
EXACT = 2**53  # up to which float64 has every whole number
MOST_VALUES = 10  # of a feature, as thresholds
MOST_WORDS = 24
BEAM = 40
LONGEST = 4  # comparisons in a rule
AGAINST = 2.0  # how much a passing case weighs, in failing ones
LENGTH = 0.02  # what one comparison costs, in parts of the failing cases
LEAST_COST = 0.1
# What a comparison costs besides: where two say the same, a person would say the cheaper one.
COSTS = {
    "about": -0.4,
    "breaks": -0.3,
    "api": 1.0,
    "kind": 0.2,
    "len": 0.2,
    "type": 0.25,
    "rank": 0.3,
    "axes": 0.1,
    "extent": 0.1,
    "in_channels": 0.2,
}
DEEP = 0.15  # of a comparison with every axis, or of an inequality of words
LEFT_OUT = 0.3  # of what is None: mostly it only tells which API it is
INDEXED = 0.2  # of one axis alone
CROSSED = 0.3  # of a comparison of two features


class Table:
    """The features of many cases as columns, and every comparison that tells some of them from others.

    `rows` are the features of each case; a comparison is a row of `masks`, which says for which cases it holds.
    """

    def __init__(self, rows: Sequence[Mapping[str, Feature]]) -> None:
        self.size = len(rows)
        names = dict.fromkeys(name for row in rows for name in row)
        self._odd = [place for place, row in enumerate(rows) if any(map(_is_odd, row.values()))]
        numeric = {name: found for name in names if (found := _numeric(rows, name)) is not None}
        atoms: list[tuple[Atom, float, Mask]] = []
        for name in names:
            atoms += _words(rows, name)
        for name, values in numeric.items():
            atoms += _thresholds(name, values)
            atoms += _single(rows, name)
        crossed = [name for name in numeric if "(" not in name and name not in ("axes", "repeats", "batch")]
        for left in crossed:
            for right in crossed:
                if left != right:
                    atoms += _crossed(left, right, numeric)
        kept: dict[bytes, tuple[Atom, float, Mask]] = {}
        for atom, cost, mask in atoms:
            for place in self._odd:
                mask[place] = atom.holds(rows[place])
            if not 0 < mask.sum() < self.size:
                continue
            key = np.packbits(mask).tobytes()
            if key not in kept or cost < kept[key][1]:
                kept[key] = atom, cost, mask
        self.words = {name: [row.get(name, ()) for row in rows] for name in names}
        self.atoms = [atom for atom, _, _ in kept.values()]
        self.costs = np.array([cost for _, cost, _ in kept.values()])
        self.masks = np.array([mask for _, _, mask in kept.values()], np.float32).reshape(len(kept), self.size)

    def learn(self, failing: Sequence[int], passing: Sequence[int], *, against: float = AGAINST) -> Rule:
        """The best rule for these rows; the one that always holds where nothing passes or none is better.

        `against` says how much a passing case for which it holds weighs, in failing ones.
        """
        p, n = np.asarray(failing, int), np.asarray(passing, int)
        several = _several(self.words, p, n)
        masks = [self.masks, *(mask[None, :] for _, _, mask in several)]
        both = np.concatenate([p, n])
        held = np.concatenate([part[:, both] for part in masks])
        atoms = [*self.atoms, *(atom for atom, _, _ in several)]
        costs = np.concatenate([self.costs, [cost for _, cost, _ in several]])
        search = _Search(held[:, : len(p)], held[:, len(p) :], costs, against)
        return Rule(tuple(sorted((atoms[index] for index in search.best()), key=str)))


class _Search:
    def __init__(
        self, failing: NDArray[np.float32], passing: NDArray[np.float32], costs: NDArray[Any], weight: float
    ) -> None:
        useful = np.flatnonzero((failing.sum(axis=1) > 0) & (passing.sum(axis=1) < passing.shape[1]))
        self.useful = self._different(useful, failing, passing, costs)
        self.failing, self.passing = failing, passing
        self.unit = max(LENGTH * failing.shape[1], LEAST_COST)
        self.costs, self.weight = costs, weight

    @staticmethod
    def _different(
        useful: NDArray[Any], failing: NDArray[np.float32], passing: NDArray[np.float32], costs: NDArray[Any]
    ) -> NDArray[Any]:
        """Of comparisons that say the same of these cases, the cheapest."""
        kept: dict[bytes, int] = {}
        for index in useful[np.argsort(costs[useful], kind="stable")]:
            both = np.concatenate([failing[index], passing[index]]) > 0
            kept.setdefault(np.packbits(both).tobytes(), int(index))
        return np.array(sorted(kept.values()), int)

    def best(self) -> tuple[int, ...]:
        """The best conjunction, as indices of comparisons."""
        if not len(self.useful) or not self.passing.shape[1]:
            return ()
        failing, passing, costs = self.failing[self.useful], self.passing[self.useful], self.costs[self.useful]
        best: tuple[float, tuple[int, ...]] = (self.score(()), ())
        beam: list[tuple[int, ...]] = [()]
        for _ in range(LONGEST):
            held = np.array([failing[list(item)].prod(axis=0) for item in beam]) @ failing.T
            wrong = np.array([passing[list(item)].prod(axis=0) for item in beam]) @ passing.T
            price = np.array([costs[list(item)].sum() for item in beam])[:, None] + costs[None, :]
            scores = held - self.weight * wrong - self.unit * price
            scores[held == 0] = -np.inf
            width = len(costs) if len(beam) == 1 else BEAM
            seen: dict[frozenset[int], tuple[int, ...]] = {}
            # Which lead to the best longer rule is not the same question as which are the best: gain asks the former.
            for found in (scores, self._gain(held, wrong)):
                taken = 0
                for place in np.argsort(-found, axis=None, kind="stable")[: 4 * width]:
                    row, column = divmod(int(place), len(costs))
                    if held[row, column] == 0 or taken == width:
                        break
                    if column not in beam[row]:
                        seen.setdefault(frozenset((*beam[row], column)), (*beam[row], column))
                        taken += 1
            if not seen:
                break
            first = next(iter(seen.values()))
            top = self.score(tuple(int(self.useful[index]) for index in first))
            if top > best[0] + 1e-9:
                best = top, tuple(int(self.useful[index]) for index in first)
            beam = list(seen.values())
        return best[1]

    def _gain(self, held: NDArray[Any], wrong: NDArray[Any]) -> NDArray[Any]:
        """What a comparison tells of the failing cases that it holds for, in bits (as in FOIL)."""
        failing, passing = self.failing.shape[1], self.passing.shape[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(
                np.nan_to_num(held * (np.log2(held / (held + wrong)) - np.log2(failing / (failing + passing))))
            )

    def against(self, chosen: tuple[int, ...]) -> int:
        """How many passing cases the conjunction holds for."""
        return int(self.passing[list(chosen)].prod(axis=0).sum()) if chosen else self.passing.shape[1]

    def score(self, chosen: tuple[int, ...]) -> float:
        """How well the conjunction tells what fails from what passes."""
        held = self.failing[list(chosen)].prod(axis=0).sum() if chosen else self.failing.shape[1]
        price = self.unit * self.costs[list(chosen)].sum() if chosen else 0.0
        return float(held - self.weight * self.against(chosen) - price)


def _base(name: str) -> float:
    return 1.0 + COSTS.get(name.partition("(")[0], 0.0)


def _words(rows: Sequence[Mapping[str, Feature]], name: str) -> list[tuple[Atom, float, Mask]]:
    """Equal to a word, or anything else than it."""
    values = [row.get(name, ()) for row in rows]
    there = np.array([not isinstance(value, tuple) for value in values])
    words = list(dict.fromkeys(value for value in values if not isinstance(value, tuple)))
    found = []
    for word in words[:MOST_WORDS]:
        same = np.array([type(value) is type(word) and value == word for value in values])
        found.append((Atom(name, "==", word), _base(name) + (LEFT_OUT if word is None else 0.0), same))
        if len(words) > 2 or not there.all():
            found.append((Atom(name, "!=", word), _base(name) + DEEP, there & ~same))
    return found


def _several(
    words: Mapping[str, Sequence[Feature]], failing: NDArray[Any], passing: NDArray[Any]
) -> list[tuple[Atom, float, NDArray[np.float32]]]:
    """One of the words that failing cases have, where these are several and passing cases have others too."""
    found = []
    for name, values in words.items():
        ours = dict.fromkeys(value for value in (values[place] for place in failing) if not isinstance(value, tuple))
        theirs = {values[place] for place in passing} - {()}
        if 1 < len(ours) <= MOST_VALUES and not theirs <= ours.keys():
            chosen = tuple(sorted(ours, key=repr))
            atom = Atom(name, "in", chosen)
            mask = np.array([value in ours and not isinstance(value, tuple) for value in values], np.float32)
            found.append((atom, _base(name) + 0.1 * len(chosen), mask))
    return found


def _single(rows: Sequence[Mapping[str, Feature]], name: str) -> list[tuple[Atom, float, Mask]]:
    """Thresholds of the first axis of what has several: some back ends take less of it than of the others."""
    values = [value if isinstance(value := row.get(name), tuple) else () for row in rows]
    if max(map(len, values)) < 2:
        return []
    column = np.array([np.nan if _is_odd(value) else value[0] for value in values])
    return [
        (Atom(f"{name}[0]", ">", number), _base(name) + INDEXED, np.asarray(column > number)) for number in (0, 1, 2)
    ]


def _is_odd(value: Feature) -> bool:
    """Numbers that do not fit into the columns, or not into their type: as many as no argument has, or huge ones."""
    if not isinstance(value, tuple):
        return False
    return not value or WIDTH % len(value) != 0 or any(abs(item) > EXACT for item in value if item == item)


def _numeric(rows: Sequence[Mapping[str, Feature]], name: str) -> NDArray[np.float64] | None:
    """The numbers of a feature, axis by axis; nan where it has none."""
    found = np.full((len(rows), WIDTH), np.nan)
    for index, row in enumerate(rows):
        value = row.get(name)
        if isinstance(value, tuple) and not _is_odd(value):
            found[index] = np.repeat(np.array(value, np.float64), WIDTH // len(value))
    return None if np.isnan(found).all() else found


def _thresholds(name: str, values: NDArray[np.float64]) -> list[tuple[Atom, float, Mask]]:
    there = np.isfinite(values)
    distinct = np.unique(values[there])
    if len(distinct) > MOST_VALUES:
        distinct = np.unique(np.quantile(distinct, np.linspace(0, 1, MOST_VALUES), method="nearest"))
    whole, uneven = there.all(axis=1), values.max(axis=1) != values.min(axis=1)
    varied = bool(np.any(uneven & whole))
    found = []
    for value in distinct.tolist():
        number = int(value) if value == int(value) else value
        tests = {">": values > value, "<": values < value, "==": values == value}
        for sign, test in tests.items():
            cost = _base(name) + (0.05 if sign == "==" else 0.0) + 0.001 * abs(number)
            found.append((Atom(name, sign, number), cost, test.any(axis=1)))
            if varied:
                found.append((Atom(name, sign, number, every=True), cost + DEEP, test.all(axis=1)))
    return found


def _crossed(left: str, right: str, numeric: Mapping[str, NDArray[np.float64]]) -> list[tuple[Atom, float, Mask]]:
    ours, theirs = numeric[left], numeric[right]
    cost = (_base(left) + _base(right)) / 2 + CROSSED
    tests = {">": ours > theirs, ">=": ours >= theirs}
    if left < right:
        tests["=="] = ours == theirs
    found: list[tuple[Atom, float, Mask]] = []
    for sign, test in tests.items():
        found.append((Atom(left, sign, Name(right)), cost, np.asarray(test.any(axis=1))))
        found.append((Atom(left, sign, Name(right), every=True), cost + DEEP, np.asarray(test.all(axis=1))))
    return found
