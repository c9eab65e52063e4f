"""Whose fault a death is: confirm it alone, and if that fails, find the earlier cases that it needs.

The case without an outcome is blamed, but what killed the worker may be what an earlier case left behind. So:

1. The case alone in a fresh worker. It dies: `alone`.
2. All that the worker had answered before, then the case. It does not die: `not`.
3. The shortest suffix of that history behind which it dies, by bisection.
4. From that suffix, blocks are left out while it still dies: halves, quarters, … single cases. What remains: `after`.

Each trial is a fresh worker, and their number and time are limited: when they are spent, the shortest sequence so far
stands. Dying again means dying again in any way (corrupted memory ends now in SIGSEGV, now in SIGABRT), but a crash and
a hang are two things. The history is kept as it was sent, the last MOST_QUESTIONS and MOST_BYTES of it: what
an older case left behind is not found, and the death is then `not` reproduced.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from conformance.exchange import Death, Question

MOST_QUESTIONS = 4096
MOST_BYTES = 1 << 26
MOST_TRIALS = 32
MOST_SECONDS = 120.0

Dies = Callable[[Sequence[Question]], bool]
"""Whether the last of these questions, put to a fresh worker in this order, dies as it did before."""


class History:
    """The questions that a worker has answered in its life, oldest first and the newest of them if too many."""

    def __init__(self) -> None:
        self._questions: deque[Question] = deque()
        self._bytes = 0

    def append(self, question: Question) -> None:
        """Remember one more."""
        self._questions.append(question)
        self._bytes += len(question.data)
        while len(self._questions) > MOST_QUESTIONS or self._bytes > MOST_BYTES:
            self._bytes -= len(self._questions.popleft().data)

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions)


def confirm(death: Death, question: Question, history: Sequence[Question], dies: Dies) -> Death:
    """Return the death with what its repetition showed."""
    if dies([question]):
        return replace(death, reproduced="alone")
    if not history or not dies([*history, question]):
        return replace(death, reproduced="not")
    sequence = shortest(history, limited(lambda earlier: dies([*earlier, question])))
    return replace(death, reproduced="after", sequence=tuple(earlier.id for earlier in sequence))


def limited(dies: Dies, trials: int = MOST_TRIALS, seconds: float = MOST_SECONDS) -> Dies:
    """Answer False without a trial once so many were made, or so many seconds have passed."""
    end = time.monotonic() + seconds
    left = iter(range(trials))

    def within(questions: Sequence[Question]) -> bool:
        return time.monotonic() < end and next(left, None) is not None and dies(questions)

    return within


def shortest(history: Sequence[Question], dies: Dies) -> Sequence[Question]:
    """Shorten a non-empty history behind which the case dies; what is returned was seen to suffice."""
    longest, none = 0, len(history)  # it dies behind history[longest:], and does not behind history[none:]
    while none - longest > 1:
        middle = (longest + none) // 2
        if dies(history[middle:]):
            longest = middle
        else:
            none = middle
    kept = list(history[longest:])
    size = len(kept) - 1  # the first of them is needed: without it, it did not die
    while size:
        start = 1
        while start < len(kept):
            if dies(kept[:start] + kept[start + size :]):
                del kept[start : start + size]
            else:
                start += size
        size //= 2
    return kept
