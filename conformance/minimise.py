"""A failing case → the smallest one that fails as well, and the nearest one that does not.

What fails is asked of the caller, who runs the case wherever it likes: in a worker, or in a child that may crash or
hang. Hypothesis shrinks over the documented domains: fewest arguments that are not default, then smallest numbers, then
simplest data. No case is asked twice.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import hypothesis
from hypothesis.errors import NoSuchExample, Unsatisfiable

from cases.case import Case
from cases.strategies import neighbours, simpler

Asked = Callable[[Case], bool]


@dataclass(frozen=True)
class Minimal:
    """The smallest case that fails, the nearest one that passes if one was found, and what the search cost.

    `asked` counts the cases that were asked about, whether they fail or whether they pass.
    """

    case: Case
    passing: Case | None
    asked: int
    seconds: float


class _Asking:
    """A question about cases that is put once per case, and no more once the time is over."""

    def __init__(self, question: Asked, until: float) -> None:
        self.question, self.until = question, until
        self.answers: dict[str, bool] = {}
        self.error: Exception | None = None

    def __call__(self, case: Case) -> bool:
        if case.id not in self.answers:
            if self.error is not None or time.monotonic() >= self.until:
                return False
            try:
                self.answers[case.id] = self.question(case)
            except Exception as error:  # which Hypothesis would take for a failing case, and shrink
                self.error = error
                return False
        return self.answers[case.id]


def minimise(
    case: Case, fails: Asked, *, passes: Asked | None = None, examples: int = 300, seconds: float = 60.0
) -> Minimal:
    """Shrink a case for which `fails` is true; what comes back fails too, and is the case itself if nothing else does.

    `passes` decides what the nearest passing case is; by default one that does not fail. After `seconds` nothing more
    is asked, after `examples` drawn cases none of which fails the search gives up. The same case and the same answers
    give the same result, if the time suffices.
    """
    began = time.monotonic()
    failing = _Asking(fails, began + seconds)
    failing.answers[case.id] = True
    found = _shrunk(case, failing, examples)
    # Half as long again at most: a passing case is worth a little more time than the shrinking had.
    passing = _Asking(passes or (lambda other: not fails(other)), began + 1.5 * seconds)
    if passes is None:
        passing.answers = {name: not answer for name, answer in failing.answers.items()}
    known = len(passing.answers)
    nearest = next((other for other in neighbours(found) if passing(other)), None)
    if passing.error is not None:
        raise passing.error
    asked = len(failing.answers) - 1 + len(passing.answers) - known
    return Minimal(found, nearest, asked, time.monotonic() - began)


def _shrunk(case: Case, failing: _Asking, examples: int) -> Case:
    settings = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        verbosity=hypothesis.Verbosity.quiet,
    )
    try:
        found = hypothesis.find(simpler(case), failing, settings=settings, random=random.Random(case.id))
    except (NoSuchExample, Unsatisfiable):
        found = case
    if failing.error is not None:
        raise failing.error
    return found if failing(found) else case
