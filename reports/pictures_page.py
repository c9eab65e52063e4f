"""Which pictures a report shows: of every backend its margins, of the first findings the smallest case and the space.

A report stays readable and small: pictures are made once, for so many findings as `MOST` says, those first whose values
differ; what is left out is said. The same case may be drawn for several findings, each picture with ids of its own.
"""

from functools import cached_property

from markupsafe import Markup

from reports.comparison_language import Lang
from reports.pictures_margins import margins
from reports.pictures_samples import Samples
from reports.pictures_signal import signal
from reports.pictures_space import space
from reports.pictures_taps import taps
from reports.pictures_words import say
from reports.record import Finding, Record
from reports.summary import Summary

MOST = 40  # findings with pictures


class Album:
    """The pictures of one run file in one language; each is drawn when it is first asked for."""

    def __init__(self, summary: Summary, lang: Lang = "en") -> None:
        self.summary, self.lang = summary, lang
        self._findings: dict[tuple[str, str], tuple[Markup, ...]] = {}
        self._margins: dict[str, Markup | None] = {}

    @cached_property
    def _samples(self) -> Samples:
        return Samples(self.summary.runfile)

    @cached_property
    def _order(self) -> dict[tuple[str, str], int]:
        found = sorted(self.summary.findings, key=lambda item: item.verdict != "differs")
        return {(item.backend, item.id): place for place, item in enumerate(found)}

    def of(self, finding: Finding, most: int = MOST) -> tuple[Markup, ...]:
        """The pictures of a finding: signal and taps of its smallest case, and where it fails; maybe none."""
        key = finding.backend, finding.id
        if self._order.get(key, most) >= most:
            return ()
        if key not in self._findings:
            self._findings[key] = tuple(self._drawn(finding))
        return self._findings[key]

    def margins(self, backend: str, label: str = "") -> Markup | None:
        """The margins of a backend, or None where it has none."""
        if backend not in self._margins:
            self._margins[backend] = margins(self.summary.runfile.records, backend, self.lang, label=label)
        return self._margins[backend]

    def left_out(self, most: int = MOST) -> str:
        """What is said where not every finding has pictures; else empty."""
        every = len(self.summary.findings)
        return say(self.lang, "most", count=most, all=every) if every > most else ""

    def _drawn(self, finding: Finding) -> list[Markup]:
        call = finding.smallest, finding.backend, finding.mode
        record = self._records.get(call)
        found = [signal(record, self.lang, finding.id), taps(record, self.lang, finding.id)] if record else []
        found.append(space(finding, self.summary.runfile, self.lang, samples=self._samples))
        return [item for item in found if item is not None]

    @cached_property
    def _records(self) -> dict[tuple[str, str, str], Record]:
        return {(item.case, item.backend, item.mode): item for item in self.summary.runfile.records}
