"""What a run says of one claim, on one backend in one mode: the answer of one test.

A run file and the ledger of known differences go in; a frozen `Result` per question comes out, with the text that a
reader needs. `Results.verdicts` answers for what is unexpected and contradicts no claim of its own, such as a crash.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cases.case import from_canonical
from cases.catalogue import apis
from cases.documentation import Claim, ModesAgree, Unchecked
from cases.known import Entry
from cases.values import BadValue
from conformance import claim_words as words
from conformance.claim_words import Miss
from conformance.pool import NO_WORKER
from reports.ledger import Met, held, notes
from reports.reading import RunFile
from reports.record import UNEXPECTED, Comparison, Record
from reports.symptoms import failed

Word = Literal["holds", "contradicted", "known", "gone", "document", "advice", "skipped"]
_Key: TypeAlias = tuple[str, str, str]  # a claim or an API, a backend, a mode
_Call: TypeAlias = tuple[str, str, str]  # a case, a backend, a mode
_Pair: TypeAlias = tuple[str, _Call, _Call]  # a claim and the two calls that it is about
_Facts: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Result:
    """One answer. `text` is why it fails, or would; `reason` why it is expected to, or is skipped.

    `gone`: a known difference that was looked for where it should be, and is not there. `seconds` is what its cases
    took, all of them together. `facts` are what else a reader of a result may want, by name.
    """

    word: Word
    text: str = ""
    reason: str = ""
    seconds: float = 0.0
    facts: _Facts = ()


class Results:
    """The answers of one run.

    `run` is how a command names the run. `complete`: its cases are those from which the ledger was made, so that an
    entry which no longer applies says that something changed. `strict`: such an entry fails in any run.
    """

    def __init__(
        self,
        loaded: RunFile,
        entries: Mapping[str, tuple[Entry, ...]],
        *,
        run: str,
        complete: bool = False,
        strict: bool = False,
    ) -> None:
        self.loaded = loaded
        self._entries, self._run, self._complete, self._strict = entries, run, complete, strict
        self._lines = {line.name: line for line in loaded.run.backends}
        self._by_call: dict[_Call, Record] = {(item.case, item.backend, item.mode): item for item in loaded.records}
        self._of_api: defaultdict[_Key, list[Record]] = defaultdict(list)
        self._held: defaultdict[_Key, list[Record]] = defaultdict(list)
        self._missed: defaultdict[_Key, list[Miss]] = defaultdict(list)
        self._seconds: defaultdict[_Key, float] = defaultdict(float)
        self._index_records()
        self._index_comparisons()
        readable = replace(loaded, records=tuple(filter(_is_readable, loaded.records)))
        usable = [line for line in loaded.run.backends if not line.unavailable]
        self._ledger = {line.name: held(readable, line, entries) for line in usable}
        self._known: dict[_Call | _Pair, Entry] = {}
        self._occurred: set[tuple[str, str, str]] = set()  # entry, API, backend
        for backend, item in self._ledger.items():
            for met in item.met:
                self._index_known(met, backend)

    def _index_records(self) -> None:
        for record in self.loaded.records:
            self._of_api[record.api, record.backend, record.mode].append(record)
            for check in record.checks:
                key = check.claim, record.backend, record.mode
                self._seconds[key] += record.milliseconds / 1000
                if check.holds:
                    self._held[key].append(record)
                else:
                    self._missed[key].append(words.of_check(record, check))

    def _index_comparisons(self) -> None:
        for line in self.loaded.comparisons:
            left = self._by_call.get((line.left, line.left_backend, line.left_mode))
            # Where two modes are held against each other, it is the other than the first that may disagree.
            key = line.claim, line.left_backend, line.right_mode if line.left == line.right else line.left_mode
            if line.claim and line.agrees and left is not None:
                self._held[key].append(left)
            elif line.claim and line.contradicts:
                self._missed[key].append(words.of_pair(line, left))

    def _index_known(self, met: Met, backend: str) -> None:
        for failure in met.failures:
            key = (failure.record.case, backend, failure.record.mode) if failure.pair is None else _pair(failure.pair)
            self._known[key] = met.entry
            self._occurred.add((met.entry.name, failure.record.api, backend))

    def claim(self, claim: Claim, backend: str, mode: str) -> Result:
        """What the run says of a claim."""
        key = claim.id, backend, mode
        if lost := self._lost(backend):
            return lost
        missed, passed, seconds = self._missed[key], self._held[key], self._seconds[key]
        told = (("checks held", str(len(passed))), ("checks failed", str(len(missed))))
        counted = [miss for miss in missed if miss.counts]
        if counted:
            return self._failed(counted, words.about(claim), seconds, told)
        if missed:
            ruling = claim.overruled.id if claim.overruled else ""
            why = f"the document is overruled by ruling {ruling}" if ruling else "advice; no document promises it"
            said = words.expected_to_fail(missed, words.about(claim), self._run)
            return Result("document" if ruling else "advice", said, why, seconds, told)
        slug = claim.id.partition("/")[2]
        absent = [met for met in self._absent(claim.api, backend) if slug in met.entry.claims]
        if passed:
            return self._passed(absent, passed, seconds, told)
        if self._strict and absent and mode == self._first(backend):
            return _gone(absent, 0.0, told)
        return Result("skipped", reason=self._unmet(claim, backend), facts=told)

    def verdicts(self, api: str, backend: str, mode: str) -> Result:
        """What is unexpected of an API, and contradicts no claim of its own."""
        if lost := self._lost(backend):
            return lost
        records = self._of_api[api, backend, mode]
        if not records:
            return Result("skipped", reason="no case of it ran in this mode")
        seconds = sum(record.milliseconds for record in records) / 1000
        odd = [words.of_record(item) for item in records if _is_odd(item)]
        told = (("executions", str(len(records))), ("unexpected without a claim", str(len(odd))))
        if odd:
            return self._failed(odd, f"{api}: what contradicts no claim by itself", seconds, told)
        absent = [met for met in self._absent(api, backend) if not met.entry.claims]
        return self._passed(absent, records, seconds, told)

    def known(self) -> Counter[str]:
        """How many failing executions and comparisons each entry of the ledger covers."""
        return Counter(entry.name for entry in self._known.values())

    def notes(self) -> tuple[str, ...]:
        """What is to be said of the ledger: entries that do not occur, are too broad, or speak of nothing at all."""
        frameworks = dict.fromkeys(line.framework for line in self.loaded.run.backends)
        idle = (
            f"{framework}: the known difference {entry.name!r} speaks of no API that there is"
            for framework in frameworks
            for entry in self._entries.get(framework, ())
            if not any(map(entry.names, apis()))
        )
        return (*notes(tuple(self._ledger.values())), *idle)

    def _failed(self, missed: Sequence[Miss], about: str, seconds: float, told: _Facts) -> Result:
        """What fails fails as it is known to, or does not."""
        entries = [self._entry(miss) for miss in missed]
        named = tuple({entry.name: entry for entry in entries if entry}.values())
        told += (("known", ", ".join(entry.name for entry in named)),) if named else ()
        new = [miss for miss, entry in zip(missed, entries, strict=True) if entry is None]
        if new:
            said = words.failing(new, len(missed) - len(new), named, about, self._run)
            return Result("contradicted", said, "", seconds, told)
        said = words.expected_to_fail(missed, about, self._run)
        return Result("known", said, words.reason(named), seconds, told)

    def _entry(self, miss: Miss) -> Entry | None:
        """The entry that covers a failing case.

        A comparison is covered by its own, or where calls are unexpected by themselves, if all of these are known.
        """
        record, line = miss.record, miss.pair
        if record is None:
            return None
        if line is None:
            return self._known.get((record.case, record.backend, record.mode))
        if own := self._known.get(_pair(line)):
            return own
        sides = [side for side in _pair(line)[1:] if side[1] == line.left_backend and side in self._by_call]
        found = [self._known.get(side) for side in sides if self._by_call[side].verdict in UNEXPECTED]
        return found[0] if found and all(found) else None

    def _passed(self, absent: Sequence[Met], passed: Sequence[Record], seconds: float, told: _Facts) -> Result:
        """Nothing fails; where the ledger says that something should, that may be what fails."""
        there = {(record.case, record.mode) for record in passed}
        gone = [met for met in absent if self._strict or (self._complete and _would_show(met, there))]
        if gone:
            return _gone(gone, seconds, told)
        if absent:
            told += (("known, but not seen", ", ".join(met.entry.name for met in absent)),)
        return Result("holds", seconds=seconds, facts=told)

    def _absent(self, api: str, backend: str) -> Iterator[Met]:
        """The entries that speak of an API and a backend, of which nothing failed there in whatever mode."""
        for met in self._ledger[backend].met:
            if met.entry.names(api) and (met.entry.name, api, backend) not in self._occurred:
                yield met

    def _first(self, backend: str) -> str:
        line = self._lines[backend]
        return (line.modes or [line.mode])[0]

    def _lost(self, backend: str) -> Result | None:
        """The answer of a backend on which nothing ran."""
        line = self._lines.get(backend)
        if line is not None and not line.unavailable:
            return None
        why = line.unavailable if line else "it did not start again"
        return Result("contradicted", f"nothing ran on {backend}: {why}")

    def _unmet(self, claim: Claim, backend: str) -> str:
        """Why a claim was held against nothing."""
        if isinstance(claim.detail, Unchecked):
            return f"not checked: {claim.detail.reason}"
        device = self._lines[backend].device
        if not device.startswith(claim.device):
            return f"needs {claim.device}, and this backend is on {device}"
        if isinstance(claim.detail, ModesAgree):
            return "not exercised: nothing ran in this mode that ran in an earlier mode, too"
        return "not exercised: no case that ran in this mode is one that it speaks of"


def _gone(absent: Sequence[Met], seconds: float, told: _Facts) -> Result:
    entries = [met.entry for met in absent]
    why = f"known, but nothing of it failed here: {words.reason(entries)}"
    return Result("gone", "", why, seconds, (*told, ("gone", ", ".join(entry.name for entry in entries))))


def _would_show(met: Met, passed: Iterable[tuple[str, str]]) -> bool:
    """Whether one of these cases conforms, though it is one for which the entry says that it fails."""
    return met.entry.verdict != "unstable" and not {(item.case, item.mode) for item in met.passing}.isdisjoint(passed)


def _pair(line: Comparison) -> _Pair:
    return (
        line.claim,
        (line.left, line.left_backend, line.left_mode),
        (line.right, line.right_backend, line.right_mode),
    )


def _is_odd(record: Record) -> bool:
    """Unexpected without contradicting a claim, or without a worker that could have answered."""
    if record.verdict == "unavailable":
        return record.actual.message.startswith(NO_WORKER)
    return record.verdict in UNEXPECTED and not failed(record)


def _is_readable(record: Record) -> bool:
    """Whether the ledger can be held against a record; only those from somebody else's file may not be."""
    if record.verdict not in UNEXPECTED:
        return True
    try:
        from_canonical(record.arguments)
    except BadValue:
        return False
    return True


__all__ = ["Result", "Results"]
