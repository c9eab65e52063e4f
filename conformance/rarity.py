"""How rare a case is among those before it, by pairs of parameter classes: such as three groups with a long stride."""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping

from cases.features import Feature

SMALL = 3  # a number from here on is of the class of large ones
_ALIKE = ("api", "repeats", "execution")  # which the same search has in every case, or hardly ever


class Rarity:
    """Counts the pairs of classes that were met, and says in bits how surprising those of the next case are."""

    def __init__(self) -> None:
        self._met: Counter[tuple[str, str]] = Counter()
        self._cases = 0

    def add(self, found: Mapping[str, Feature]) -> float:
        """The mean surprise of a case's pairs, before the case is counted as met."""
        pairs = list(itertools.combinations(classes(found), 2))
        most = math.log2(self._cases + 1)
        surprise = sum(most - math.log2(self._met[pair] + 1) for pair in pairs)
        self._met.update(pairs)
        self._cases += 1
        return surprise / max(1, len(pairs))


def classes(found: Mapping[str, Feature]) -> Iterator[str]:
    """The class of every feature: small numbers as they are, large ones together, several by those among them."""
    for name, value in found.items():
        if name in _ALIKE or name.startswith("len("):
            continue
        if isinstance(value, tuple):
            yield f"{name} {sorted({_size(number) for number in value})}"
        else:
            yield f"{name} {value!r}"


def _size(number: float) -> float:
    return max(-1, min(number, SMALL)) if number == number else SMALL
