"""Features of failing and passing executions → the one or two that tell most about failing, their values in classes.

The features of the finding's own rule come first: of more than two, those that together tell most. To a rule of one
feature comes the one that tells most beside it, if any tells anything. What a feature tells is the information that its
value gives about failing, with failing and passing executions taken for equally many.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from cases.features import Feature
from cases.rules import BadRule, Name, Rule, parse
from reports.pictures_samples import Facts, Sample, thinned

CLASSES = 7  # of one feature; more become ranges, or one class for the rest
LOOKED = 200  # executions of each kind that features are chosen from
LEAST = 0.02  # bits that a second feature has to tell
ABSENT, OTHERS = "–", "…"  # classes of what is not there, and of so many values
# What is said of a case rather than given to it, and what every value has anyway: only where a rule speaks of it.
_BESIDE = ("type(", "len(", "rank(", "keyword(", "dtype(", "gradient(", "api", "repeats", "breaks", "about", "action")
Label = tuple[int, float, str]  # kind, number, text: in the order in which values are drawn


@dataclass(frozen=True)
class Scale:
    """One axis of the picture: a feature, its classes in order, and the class of each failing and passing execution."""

    name: str
    classes: tuple[str, ...]
    failing: tuple[int, ...]
    passing: tuple[int, ...]


def rule_of(text: str) -> Rule:
    """The rule of a finding; the one that always holds where the text is none."""
    try:
        return parse(text)
    except BadRule:
        return Rule()


def scales(rule: Rule, sample: Sample) -> tuple[Scale, ...]:
    """The axes of the picture, one or two; none where nothing tells."""
    few = _Seen(rule, thinned(sample.failing, LOOKED), thinned(sample.passing, LOOKED))
    names = list(dict.fromkeys(name for atom in rule.atoms for name in _names(atom.left, atom.right)))
    made = {name: few.scale(name) for name in names}
    if len(names) > 2:
        names = list(max(combinations(names, 2), key=lambda pair: _telling([made[name] for name in pair])))
    while len(names) < 2:
        have = [made[name] for name in names]
        told = _telling(have) if have else 0.0
        if told > 1 - LEAST:
            break
        more = [few.scale(name) for name in few.others(names)]
        best = max(more, key=lambda item: _telling([*have, item]), default=None)
        if best is None or _telling([*have, best]) - told < LEAST:
            break
        names.append(best.name)
        made[best.name] = best
    every = _Seen(rule, sample.failing, sample.passing)
    return tuple(every.scale(name) for name in names)


def _names(left: str, right: object) -> tuple[str, ...]:
    return (left, right.text) if isinstance(right, Name) else (left,)


class _Seen:
    """Executions, and on which axis of their arguments each is looked at: the first for which the rule holds."""

    def __init__(self, rule: Rule, failing: Sequence[Facts], passing: Sequence[Facts]) -> None:
        self.rule, self.failing, self.passing = rule, failing, passing
        self.rows = (*failing, *passing)
        self.spoken = {name.partition("[")[0] for atom in rule.atoms for name in _names(atom.left, atom.right)}
        self.places = [self._axis(row) for row in self.rows]

    def others(self, names: Sequence[str]) -> list[str]:
        """What else may be told of, in a fixed order."""
        found = dict.fromkeys(name for row in self.rows for name in row)
        plain = {name.partition("[")[0] for name in names}
        return [name for name in found if not name.startswith(_BESIDE) and name not in plain]

    def scale(self, name: str) -> Scale:
        """A feature's values, each a class where there are few, else ranges that respect the rule's own bounds."""
        labels = [_label(name, row, axis) for row, axis in zip(self.rows, self.places, strict=True)]
        classes = _classes(Counter(labels), self._bounds(name))
        place = {label: number for number, labels in enumerate(classes) for label in labels}
        found = tuple(place[label] for label in labels)
        split = len(self.failing)
        return Scale(name, tuple(map(_shown, classes)), found[:split], found[split:])

    def _bounds(self, name: str) -> list[float]:
        rights = [atom.right for atom in self.rule.atoms if atom.left == name]
        return sorted(float(item) for item in rights if isinstance(item, int | float) and not isinstance(item, bool))

    def _axis(self, row: Facts) -> int:
        told = {name: row[name] for name in self.spoken if name in row}
        most = max((len(value) for value in told.values() if isinstance(value, tuple)), default=1)
        if most < 2:
            return 0
        atoms = [atom for atom in self.rule.atoms if isinstance(told.get(atom.left), tuple)]
        for axis in range(min(most, 3)):
            only = {name: _on(value, axis) for name, value in told.items()}
            if atoms and all(atom.holds(only) for atom in atoms):
                return axis
        return 0


def _on(value: Feature, axis: int) -> Feature:
    return (value[min(axis, len(value) - 1)],) if isinstance(value, tuple) and value else value


def _classes(counts: Mapping[Label, int], bounds: Sequence[float]) -> list[list[Label]]:
    numbers = [label for label in counts if label[0] == 0]
    room = max(2, CLASSES - min(3, len(counts) - len(numbers)))
    total, seen = sum(counts[label] for label in numbers), 0
    groups: defaultdict[tuple[int, int, int], list[Label]] = defaultdict(list)
    for label in sorted(counts):
        if label[0] == 0 and len(numbers) > room:
            side = sum((label[1] > bound) + (label[1] >= bound) for bound in bounds)
            groups[0, side, seen * room // total].append(label)
            seen += counts[label]
        else:
            groups[1, len(groups), 0].append(label)
    found = list(groups.values())
    while len(found) > CLASSES + len(bounds):  # what is left of words is one class
        last = found.pop()
        found[-1] = found[-1] + last
    return found


def _shown(labels: Sequence[Label]) -> str:
    first, last = labels[0], labels[-1]
    if len(labels) == 1:
        return first[2]
    return f"{first[2]} … {last[2]}" if first[0] == last[0] == 0 else f"{OTHERS}{len(labels)}"


def _label(name: str, row: Facts, axis: int) -> Label:
    """The value of a feature as a class of its own: numbers in order, then words, then what is not there."""
    plain, _, index = name.partition("[")
    value = row.get(plain, ())
    if not isinstance(value, tuple):
        return 1, 0.0, str(value)
    if not value:
        return 2, 0.0, ABSENT
    return _numbered(float(value[min(int(index[:-1]) if index else axis, len(value) - 1)]))


@lru_cache(maxsize=1024)
def _numbered(number: float) -> Label:
    return (0, number, f"{number:g}") if math.isfinite(number) else (1, 0.0, str(number))


def _telling(over: Sequence[Scale]) -> float:
    """Bits that the classes of these features together give about failing."""
    ours = Counter(zip(*(item.failing for item in over), strict=True))
    theirs = Counter(zip(*(item.passing for item in over), strict=True))
    failing, passing = ours.total(), theirs.total()
    if not failing or not passing:
        return 0.0
    told = 1.0
    for key in ours.keys() | theirs.keys():
        one, other = ours[key] / failing / 2, theirs[key] / passing / 2
        told += sum(part * math.log2(part / (one + other)) for part in (one, other) if part)
    return told
