"""How a run shows itself on stderr: a live table in a terminal, plain lines elsewhere."""

import sys
import threading
import time
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

EVERY = 10.0  # seconds between plain lines of one backend


@dataclass
class _Lane:
    total: int
    began: float
    task: TaskID | None = None
    done: int = 0
    unexpected: int = 0
    said: float = 0.0

    def rate(self) -> float:
        """Cases per second so far."""
        return self.done / max(time.monotonic() - self.began, 1e-9)


class Watch:
    """Progress of a run: per backend what is done, the rate, the time left, and what was unexpected."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, file=None if console else sys.stderr)
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[unexpected]} unexpected"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> "Watch":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, text: str) -> None:
        """A line of its own."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def begin(self, backend: str, total: int) -> None:
        """A lane has so many cases before it."""
        with self._lock:
            task = self._bar.add_task(backend, total=total, rate="", unexpected=0)
            self._lanes[backend] = _Lane(total, time.monotonic(), task, said=time.monotonic())
        if not self._console.is_terminal:
            self.say(f"{backend}: {total} cases")

    def advance(self, backend: str, unexpected: bool) -> None:
        """One more record of a lane."""
        with self._lock:
            lane = self._lanes[backend]
            lane.done += 1
            lane.unexpected += unexpected
            if lane.task is not None:
                self._bar.update(lane.task, advance=1, rate=f"{lane.rate():.0f}/s", unexpected=lane.unexpected)
            now = time.monotonic()
            due = not self._console.is_terminal and now - lane.said >= EVERY
            if due:
                lane.said = now
        if due:
            left = (lane.total - lane.done) / max(lane.rate(), 1e-9)
            self.say(
                f"{backend}: {lane.done} of {lane.total}, {lane.rate():.0f}/s, {left:.0f} s left, "
                f"{lane.unexpected} unexpected"
            )

    def finish(self, backend: str) -> None:
        """A lane is done."""
        with self._lock:
            lane = self._lanes[backend]
        if not self._console.is_terminal:
            self.say(f"{backend}: {lane.done} done, {lane.rate():.0f}/s, {lane.unexpected} unexpected")
