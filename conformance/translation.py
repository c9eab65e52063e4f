"""A call and a framework → its counterpart there, verified by running both.

The operator solves; here its candidates are tried in their order: what is known not to work on the target's backend is
left out, and the first that gives what the documents say, on inputs of several shapes and kinds, is the answer. Without
backends it is the first of which nothing is known.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cases.case import Case, DataKind
from cases.catalogue import apis, operators
from cases.documentation import Breaks, Claim
from cases.known import Entry
from cases.rewriting import rewritable
from cases.values import Value
from conformance.expected import (
    ExpectedError,
    ExpectedUnsupported,
    ExpectedValue,
    Undocumented,
    prepare,
)
from conformance.probe import Probe
from conformance.translation_known import Known
from reports.record import Record, Side

INPUTS = 12  # at least so many are tried, if the documents allow so many
HALF = ("float16", "bfloat16")
WHOLE = ("bool", "uint8", "int8", "int16", "int32", "int64")  # of which there are no gradients
FIRST = 2  # inputs that are tried before all others
GOES_ON = {"conforms", "differs"}
MOST = 2**27  # multiplications of one call that is run; the reference takes a second or two for it
_RULES = re.compile(r"(?:- )?-{4,}\s*(?:- )?")  # between the parts of some frameworks' messages

Where = Literal["source", "target", "documents"]


@dataclass(frozen=True)
class Invalid:
    """Why the documents make no call of it. `argument`, `rule` and `error` are empty where no argument is refused."""

    reason: str
    argument: str = ""
    rule: str = ""
    error: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Departure:
    """An input on which a side does not give what the documents say of it, and what it gives.

    `refused` says that it gives nothing at all, and `promised` is false where no document promises that it does, as for
    some element types.
    """

    where: Where
    backend: str
    call: str
    detail: str
    promised: bool = True
    refused: bool = False


@dataclass(frozen=True)
class Verified:
    """What running both sides showed. `margin` is the largest share of the error bound that was used up.

    `forward` inputs of `inputs` were equal, and so were the gradients of `gradients` of them.
    """

    inputs: int
    forward: int
    gradients: int
    margin: float | None
    departures: tuple[Departure, ...]

    @property
    def equal(self) -> bool:
        """Both sides gave the documented numbers on every input."""
        return self.inputs > 0 and not self.departures


@dataclass(frozen=True)
class Candidate:
    """One way to write the call; left out where an entry of the ledger says that it does not work."""

    case: Case
    known: Entry | None = None
    verified: Verified | None = None


@dataclass(frozen=True)
class Translation:
    """The answer: the candidate that was chosen, or the reason why there is none, and what else was tried."""

    ours: Case
    framework: str
    chosen: Candidate | None
    reason: str = ""
    left_out: tuple[Candidate, ...] = ()
    source_known: Entry | None = None


def invalid(case: Case, device: str = "cpu") -> Invalid | None:
    """Why the documents make no call of it on this kind of device; None where they give its result."""
    small = affordable(case)
    if small is None:  # it is understood, and what its result would be is not computed
        return None
    match prepare(small, device).expected:
        case ExpectedError(argument=argument, rule=rule, error=error, message=message):
            stated = tuple(
                claim
                for claim in apis()[case.api].claims
                if isinstance(claim.detail, Breaks) and claim.detail.rule == rule and argument in claim.parameters
            )
            return Invalid(message, argument, rule, error, stated)
        case Undocumented(reason=reason):
            return Invalid(reason)
        case ExpectedUnsupported(reason=reason):
            return Invalid(reason)
    return None


def affordable(case: Case) -> Case | None:
    """The call as it stands, or with a smaller input where its own takes too long; None where each one does."""
    operator = rewritable(case.api)
    needed = operator.work(case)
    if needed is None or needed.multiplications <= MOST:
        return case
    return next((with_input(case, shape) for shape in operator.input_shapes(case, MOST)), None)


def candidates(case: Case, framework: str) -> tuple[Case, ...] | str:
    """Every way to write the call in a framework, or the reason why there is none."""
    operator = operators()[apis()[case.api].operator]
    return operator.counterparts(case, framework)


def by_the_documents(ours: Case, framework: str, known: Known) -> Translation:
    """The first candidate of which the ledger knows nothing; nothing is run."""
    return _walk(ours, framework, known, lambda case: None)


def by_running(ours: Case, framework: str, probes: tuple[Probe, Probe], known: Known) -> Translation:
    """The first candidate that both backends, the source's and the target's, show to be right."""
    return _walk(ours, framework, known, lambda case: verify(ours, case, probes))


def _walk(ours: Case, framework: str, known: Known, check: Callable[[Case], Verified | None]) -> Translation:
    found = candidates(ours, framework)
    about = known(ours)
    if isinstance(found, str):
        return Translation(ours, framework, None, found, (), about)
    troubled = {index: entry for index, case in enumerate(found) if (entry := known(case)) is not None}
    tried: dict[int, Candidate] = {index: Candidate(found[index], entry) for index, entry in troubled.items()}
    # What is known not to work comes last: an entry may be broader than the fault, and there may be nothing else.
    for index in (*(place for place in range(len(found)) if place not in troubled), *troubled):
        made = tried[index] = Candidate(found[index], troubled.get(index), check(found[index]))
        if made.verified is None or not any(item.where != "source" for item in made.verified.departures):
            break
    else:
        index = min(tried, key=lambda place: (place in troubled, place))  # none works: the simplest, with what it does
    left_out = tuple(item for place, item in sorted(tried.items()) if place < index or place not in troubled)
    chosen = tried[index]
    return Translation(ours, framework, chosen, "", tuple(item for item in left_out if item is not chosen), about)


def verify(ours: Case, theirs: Case, probes: tuple[Probe, Probe]) -> Verified:
    """Run both sides on many inputs, and hold each against its documents and against the other."""
    framework = theirs.api.partition(".")[0]
    both = ((case, counterpart_of(case, theirs, framework)) for case in inputs(ours))
    pairs = [_paired(case, other) for case, other in both if other is not None]
    records = _records(pairs[:FIRST], probes)
    # A call that is refused is refused on every input; each crash costs a new worker.
    if all({record.verdict for record in pair} <= GOES_ON for pair in records):
        records += _records(pairs[FIRST:], probes)
    count = forward = gradients = 0
    departures: list[Departure] = []
    margins = [0.0]
    for (mine, other), (here, there) in zip(pairs, records, strict=False):
        if (here.expected.what, there.expected.what) != ("value", "value"):
            continue  # as far as both documents go
        count += 1
        found = list(_departures(mine, other, here, there))
        departures += found
        margins += [item.margin for item in (here, there) if item.margin is not None and item.verdict == "conforms"]
        forward += not found
        gradients += bool(mine.differentiate) and not found
    return Verified(count, forward, gradients, max(margins) if count else None, tuple(departures))


def _records(pairs: list[tuple[Case, Case]], probes: tuple[Probe, Probe]) -> list[tuple[Record, Record]]:
    """What both sides did with each pair; the two run at a time."""
    with ThreadPoolExecutor(2) as pool:
        left, right = pool.map(lambda side: list(probes[side].ask_all([pair[side] for pair in pairs])), (0, 1))
    return list(zip(left, right, strict=True))


def _paired(ours: Case, theirs: Case) -> tuple[Case, Case]:
    """Both without gradients where the documents give the two results of different shapes, which no gradient fits."""
    if ours.upstream is None:
        return ours, theirs
    derived = rewritable(theirs.api).differentiated(theirs)
    if derived is not None and derived.upstream is not None and derived.upstream.shape == ours.upstream.shape:
        return ours, theirs
    plain = replace(ours, differentiate=(), upstream=None)
    return plain, replace(theirs, differentiate=(), upstream=None, origin=plain.origin or plain.id)


def inputs(case: Case) -> list[Case]:
    """The same call with other inputs: batches, lengths, whole and normal numbers, and gradients of everything.

    None of them takes longer than `MOST` multiplications, so that there are none of some large calls.
    """
    operator = rewritable(case.api)
    amplitude = 1 if case.dtype in HALF else 4
    shapes = operator.input_shapes(case, MOST)
    found = []
    kinds: tuple[DataKind, ...] = ("integers", "normal")
    for place, shape in enumerate(shapes):
        for kind in kinds:
            made = replace(with_input(case, shape), data=kind, amplitude=amplitude)
            wanted = kind == "integers" and place in (0, 3) and case.dtype not in WHOLE
            derived = operator.differentiated(made) if wanted else None
            found.append(derived or made)
    found = [made for made in found if operator.differentiated(made) is not None]
    more = 1
    while found and len(found) < INPUTS:
        kind = kinds[more % 2]
        found.append(replace(found[0], data=kind, amplitude=amplitude + more, differentiate=(), upstream=None))
        more += 1
    return found


def with_input(case: Case, shape: tuple[int, ...]) -> Case:
    """The call with its first tensor in another shape."""
    first = case.call.tensors()[0]

    def other(value: Value) -> Value:
        return replace(first, shape=shape) if value is first else value

    positional = tuple(map(other, case.call.positional))
    named = tuple((name, other(value)) for name, value in case.call.keyword)
    return replace(case, call=replace(case.call, positional=positional, keyword=named))


def counterpart_of(ours: Case, theirs: Case, framework: str) -> Case | None:
    """The counterpart as it is printed, on the data of another input of the same call.

    One that is told the size of its result is told another one for another input, by the operator; None where there is
    no such call.
    """
    made = with_input(theirs, ours.call.tensors()[0].shape)
    if theirs.construct is not None and any(isinstance(item, tuple | list) for item in theirs.call.positional):
        found = candidates(ours, framework)
        same = (item for item in found if not isinstance(item, str) and _alike(item, theirs))
        again = next(same, None)
        if again is None:
            return None
        made = again
    return replace(
        made,
        data=ours.data,
        amplitude=ours.amplitude,
        origin=ours.origin or ours.id,
        differentiate=ours.differentiate,
        upstream=ours.upstream,
    )


def _alike(one: Case, other: Case) -> bool:
    """The same call, whatever its tensors are."""
    return (one.api, one.construct, one.around) == (other.api, other.construct, other.around)


def _departures(ours: Case, theirs: Case, here: Record, there: Record) -> Iterator[Departure]:
    sides: tuple[tuple[Where, Record], ...] = (("source", here), ("target", there))
    for where, record in sides:
        if record.verdict != "conforms":
            promised = record.verdict != "undocumented"
            refused = record.actual.what != "returned"
            yield Departure(where, record.backend, record.call, departure(record), promised, refused)
    if ours.data == "integers" and not _documented_alike(ours, theirs, here, there):
        yield Departure("documents", "", there.call, "the documents give the two calls different results")


def _documented_alike(ours: Case, theirs: Case, here: Record, there: Record) -> bool:
    """Whether what is expected of both is the same; gradients are held in the shapes of their tensors."""
    left, right = here.expected.array, there.expected.array
    if left is None or right is None or left.digest != right.digest:
        return False
    if not ours.differentiate:
        return True
    first, second = prepare(ours).expected, prepare(theirs).expected
    if not isinstance(first, ExpectedValue) or not isinstance(second, ExpectedValue):
        return False
    return all(
        np.array_equal(array.result.value.reshape(-1), second.outputs[name].result.value.reshape(-1))
        for name, array in first.outputs.items()
    )


def departure(record: Record) -> str:
    """How a record departs from what is documented, in a line."""
    expected, actual, found = record.expected, record.actual, record.difference
    if actual.what != "returned":
        message = " ".join(_RULES.sub(" ", actual.message).split())[:200] if actual.what == "raised" else ""
        said = " ".join(filter(None, [actual.what, actual.error]))
        return ": ".join(filter(None, [record.verdict, said if said != record.verdict else "", message]))
    if found is not None:
        at = tuple(found.index)
        return (
            f"{record.verdict}: {found.output} at {at} is {found.actual}, documented is {found.expected}; "
            f"{found.differing} of {found.of} differ, by {found.largest} at most"
        )
    return f"{record.verdict}: {_shapes(actual)}, documented is {_shapes(expected)}"


def _shapes(side: Side) -> str:
    return "no array" if side.array is None else f"{side.array.dtype} {tuple(side.array.shape)}"
