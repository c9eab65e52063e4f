"""Where a backend's documentation says something else than what the claims were written from.

In go what a backend reports of an API (its outcome of an `inspect` case) and the outlines that the claims rest on
(`cases.written`); out come `Drift` values, one for each thing that differs, with the parameter or section concerned.
A claim is not wrong because of a drift: it was written from another text, and its author has to read the new one. The
drifts of an API tell all of the difference: `patched` makes the backend's outline from them, so that a run file is
enough to accept the new text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from cases.written import Outline, Parameter, decode, outline, text
from conformance.outcome import CouldNotRun, Described, Outcome

NEW = "API not written down"
MISSING = "API missing"
ADDED, REMOVED, MOVED = "parameter added", "parameter removed", "parameter moved"
DOCSTRING, DEFAULT = "docstring changed", "default changed"
# What an outline says, fact by fact, and the kind of a drift of each; a parameter's place has three.
_CHANGED = {
    "docstring": DOCSTRING,
    "default": DEFAULT,
    "annotation": "annotation changed",
    "section": "section changed",
    "text": "parameter text changed",
}
_FACT = {ADDED: "place", REMOVED: "place", MOVED: "place"} | {kind: fact for fact, kind in _CHANGED.items()}
KINDS = (NEW, MISSING, *_FACT)


class Difference(Protocol):
    """What every drift has, here and in a run file."""

    @property
    def kind(self) -> str:
        """One of KINDS."""

    @property
    def parameter(self) -> str:
        """The parameter or section concerned, empty for an API as a whole."""

    @property
    def was(self) -> str:
        """What the claims were written from; empty where there was nothing."""

    @property
    def now(self) -> str:
        """What the backend reports; empty where there is nothing."""


@dataclass(frozen=True)
class Drift:
    """One thing in which a backend documents an API differently from what its claims were written from.

    `was` and `now` are, by kind: a parameter's place in the signature, counted from 1; its default as JSON in the form
    of the wire; its annotation; digests of the text on it, of a section, or of the docstring. What is not there is
    empty. For an API that is not written down `now` is its whole outline. `documented` is the version that the claims
    were written from.
    """

    api: str
    backend: str
    kind: str
    parameter: str
    was: str
    now: str
    documented: str


class Stale(ValueError):
    """Drifts that do not start from the outline that they are applied to."""


class _Change(NamedTuple):
    kind: str
    parameter: str
    was: str
    now: str


def drifts(api: str, backend: str, outcome: Outcome, baseline: Mapping[str, Outline]) -> Iterator[Drift]:
    """Everything in which an API drifted; nothing for outcomes that say nothing of it, and for the reference."""
    if backend.partition(":")[0].partition("==")[0] != api.partition(".")[0]:
        return  # our own reference has docstrings too, and they document no framework
    known = baseline.get(api)
    changes: Iterable[_Change] = ()
    match outcome:
        case Described():
            changes = differences(known, outlined(api, "", outcome))
        case CouldNotRun(reason=reason) if known and reason.endswith(f" has no {api}"):
            changes = [_Change(MISSING, "", known.docstring, "")]
    for change in changes:
        yield Drift(api, backend, *change, known.version if known else "")


def outlined(api: str, version: str, described: Described) -> Outline:
    """The outline of what a backend reports."""
    return outline(
        api, version, described.names, described.defaults, described.annotations, docstring=described.docstring
    )


def differences(known: Outline | None, found: Outline) -> Iterator[_Change]:
    """What was and what is, for every fact that differs; the version is none."""
    if known is None:
        yield _Change(NEW, "", "", text([found]))
        return
    were, are = _facts(known), _facts(found)
    common = [item.name for item in known.parameters if ("place", item.name) in are]
    stayed = _rising({name: int(are["place", name]) for name in common})
    for fact, name in dict.fromkeys([*were, *are]):
        was, now = were.get((fact, name), ""), are.get((fact, name), "")
        if fact == "place" and was and now:
            # One that changed sides with others may by chance have the number that it had.
            if name not in stayed:
                yield _Change(MOVED, name, was, now)
        elif was != now and (fact not in ("default", "annotation") or ("place", name) in are):
            yield _Change(_CHANGED.get(fact, REMOVED if was else ADDED), name, was, now)


def _facts(item: Outline) -> dict[tuple[str, str], str]:
    """An outline, fact by fact; what is empty is left out."""
    facts = {("docstring", ""): item.docstring}
    for place, one in enumerate(item.parameters, 1):
        facts["place", one.name] = str(place)
        facts["default", one.name] = one.default
        facts["annotation", one.name] = one.annotation
    facts |= {("section", title): digest for title, digest in item.sections.items()}
    facts |= {("text", name): digest for name, digest in item.texts.items()}
    return {key: value for key, value in facts.items() if value}


def _rising(places: Mapping[str, int]) -> set[str]:
    """The most names whose new places rise in the old order: the others were moved, these merely made room."""
    best: list[list[str]] = [[]]
    for name, place in places.items():
        longest = max((run for run in best if not run or places[run[-1]] < place), key=len)
        best.append([*longest, name])
    longest = max(best, key=len)
    return set(longest)


def patched(api: str, version: str, known: Outline | None, found: Sequence[Difference]) -> Outline | None:
    """The outline of a backend of `version`, from the known one and the API's drifts; None for an API that is gone.

    Stale if the drifts do not start from what is known: the outline was written anew since they were found.
    """
    new = [item for item in found if item.kind == NEW]
    if bool(new) == (known is not None):
        raise Stale(f"{api}: the run found it {'not ' if new else ''}written down, which is otherwise by now")
    if new:
        (whole,) = decode(new[0].now)
        return replace(whole, api=api, version=version)
    assert known is not None
    facts = _facts(known)
    for item in found:
        if item.kind == MISSING:
            return None
        key = (_FACT.get(item.kind, item.kind), item.parameter)
        if facts.get(key, "") != item.was:
            raise Stale(f"{api}: {item.kind} {item.parameter}, but not from what is written down by now")
        facts[key] = item.now
    names = _order(known, [item for item in found if _FACT.get(item.kind) == "place"])
    return Outline(
        api,
        version,
        tuple(Parameter(name, facts.get(("annotation", name), ""), facts.get(("default", name), "")) for name in names),
        facts["docstring", ""],
        {name: digest for (fact, name), digest in facts.items() if fact == "section" and digest},
        {name: digest for (fact, name), digest in facts.items() if fact == "text" and digest},
    )


def _order(known: Outline, found: Sequence[Difference]) -> list[str]:
    """The names of a signature, given those of the known one, and what was added, removed and moved."""
    gone = {item.parameter for item in found}
    names = [item.name for item in known.parameters if item.name not in gone]
    # From the front: when its turn comes, all that stands before a name is in its place.
    for item in sorted((item for item in found if item.now), key=lambda item: int(item.now)):
        names.insert(int(item.now) - 1, item.parameter)
    return names
