"""What a comparison page rests on, small enough to be committed beside it: counts, states, outputs, digests.

A run file and the examples' outputs become `Evidence`, JSON in a fixed order without times and paths; with the claims
of today it becomes the pages. `plans` are digests of the cases that each API is planned with today, and of their
counterparts: where they are other ones later, the evidence is stale.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reports.record import Verdict

FORMAT = 1
NAME = "evidence.json"
VALID = "valid"  # what a refusal says of a value that only other APIs refuse


WIDEST = 100  # characters of a value that stands on one line
DEEPEST = 6


class BadEvidence(ValueError):
    """A file of evidence that cannot be read; says where, and what to do."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One framework as it ran: the first backend of it that the run had."""

    framework: str
    name: str
    version: str
    device: str


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pair of calls on two backends, and what was seen: `verdicts` are those of its two records."""

    left: str
    right: str = ""
    detail: str = ""
    verdicts: list[Verdict] = []


class Region(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Calls of one region whose counterpart is written in one way. `arguments` and `steps` say how.

    Of `cases` so many pairs were `equal`, so many `differ`, and of so many a side has no result (`missing`).
    """

    region: str
    arguments: str
    steps: list[str] = []
    cases: int
    equal: int = 0
    differ: int = 0
    missing: int = 0
    differing: Call | None = None
    without: Call | None = None


class Lack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Valid calls without a counterpart, for one reason."""

    reason: str
    cases: int
    example: str


class Direction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The calls of one API and their counterparts in the other framework.

    Of all `calls` some are no documented ones (`undocumented`), some are about their own framework (`own`); the others
    are `valid`, and have a counterpart by arguments alone (`direct`), by a recipe, or none. Of the pairs that differ,
    `departs` counts those in which the source does not do what its own documents say, those in which the target does
    not, and those in which both do.
    """

    source: str
    target: str
    calls: int
    undocumented: int
    own: int
    valid: int
    direct: int
    recipe: int
    none: int
    equal: int
    differ: int
    missing: int
    departs: list[int]
    regions: list[Region]
    lacks: list[Lack]


class State(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Where a claim stands on its framework's backend: the state, checks that held and failed, the counterexample."""

    state: str
    held: int = 0
    failed: int = 0
    call: str = ""
    seen: str = ""


class Refusal(msgspec.Struct, frozen=True, array_like=True):
    """What an API's document says of invalid values of a parameter, and what became of the calls that have one.

    `documented` is an error's class, `error` where none is named, empty where the documents are silent, and `valid` for
    values that are invalid in other APIs only. `values` are
    those with which all of this is the same; an empty one stands for values that are invalid together with the other
    arguments only. `error` is the class that was raised.
    """

    parameter: str
    values: list[str]
    documented: str
    refused: bool
    accepted: bool
    error: str


class Typed(msgspec.Struct, frozen=True, array_like=True):
    """What became of the calls of an API in one element type that no document refuses.

    Of those that `returned` a result it is the documented one in `conforming` calls, as far as a document says;
    `refused` ones gave none.
    """

    dtype: str
    returned: int
    conforming: int
    refused: int


class Program(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A program of one framework, and what running it printed; `reason` says why it was not run.

    `documented` is what the framework's documents make it print, where that is something else.
    """

    framework: str
    code: str
    ended: str = ""
    printed: str = ""
    documented: str = ""
    reason: str = ""

    @property
    def departs(self) -> bool:
        """Whether it printed something else than the documents say."""
        return not self.reason and bool(self.documented)


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Two calls beside one another, as keys of `Evidence.programs`; `reason` says why there is none on the right.

    `counterpart` says that the right one was computed from the left one.
    """

    key: str
    left: str
    right: str = ""
    reason: str = ""
    counterpart: bool = True


class PageEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one page needs, but for what several pages share."""

    left: str
    right: str
    directions: list[Direction]
    examples: list[Example]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What all pages of a folder rest on. `states` are by API and by the claim's id without it."""

    format: int = FORMAT
    suite: str
    seed: int
    strength: int
    backends: list[Seen]
    documents: dict[str, str]
    plans: dict[str, str]
    states: dict[str, dict[str, State]]
    refusals: dict[str, list[Refusal]]
    types: dict[str, list[Typed]]
    programs: dict[str, Program]
    pages: list[PageEvidence]

    def backend(self, api: str) -> Seen | None:
        """The backend on which an API was run."""
        return next((item for item in self.backends if item.framework == api.partition(".")[0]), None)

    def state(self, claim: str) -> State:
        """Where a claim stands; one that the run did not know is not exercised."""
        api, _, slug = claim.partition("/")
        return self.states.get(api, {}).get(slug, State("not exercised"))


def to_json(evidence: Evidence) -> bytes:
    """The bytes of a file: a line for each claim, region or program, so that a change of it is readable."""
    return ("".join(_lines(msgspec.to_builtins(evidence), 0)) + "\n").encode()


def _lines(value: Any, depth: int) -> Iterator[str]:
    """A value as JSON, on lines of its own where it is large, but not below the items of lists and tables."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if depth > DEEPEST or len(plain) <= WIDEST or not isinstance(value, dict | list):
        yield plain
        return
    items = [(f"{json.dumps(key)}:", item) for key, item in value.items()] if isinstance(value, dict) else []
    items = items or [("", item) for item in value]
    yield "{" if isinstance(value, dict) else "["
    for number, (key, item) in enumerate(items):
        yield f"{',' if number else ''}\n{' ' * (depth + 1)}{key}"
        yield from _lines(item, depth + 1)
    yield f"\n{' ' * depth}{'}' if isinstance(value, dict) else ']'}"


def read(path: Path) -> Evidence:
    """Read a file of evidence; BadEvidence for anything that is none."""
    if path.is_dir():
        path = path / NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Evidence)
    except OSError as error:
        raise BadEvidence(f"{path} cannot be read: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvidence(f"{path} is no evidence of a comparison: {error}") from None
    if found.format != FORMAT:
        raise BadEvidence(f"{path}: format {found.format}; this version reads format {FORMAT}")
    return found
