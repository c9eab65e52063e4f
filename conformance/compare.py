"""`conformance compare`: what two counterpart APIs are to one another, from claims and a run, as pages.

A run file becomes `Evidence`: the regions of the argument space with what was verified, states of claims, and examples
that are run here and now. Evidence becomes pages, again and again, without a framework.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import conformance
from cases.case import Case
from cases.catalogue import apis, operators
from cases.compared import comparer
from cases.documentation import Api, Document
from conformance import compare_examples as examples
from conformance.backends import Backend, Specification, Unavailable, resolve
from conformance.errors import UsageError
from reports.comparison_claims import shown
from reports.comparison_evidence import Evidence, Example, PageEvidence, Program
from reports.comparison_gather import Found, direction, find, states, types
from reports.comparison_refusals import refusals
from reports.reading import RunFile

# Of the plans that tell whether evidence is stale, and of every how many calls counterparts are asked for: all of it
# takes some seconds, and a solver that answers otherwise anywhere does so in several of their calls.
STRENGTH, EVERY = 1, 4


def every_pair() -> tuple[tuple[str, str], ...]:
    """The pairs of every operator that have a page."""
    return tuple(pair for name in operators() if (knows := comparer(name)) for pair in knows.pairs())


def asked(left: str, right: str) -> tuple[str, str]:
    """A pair by its names; UsageError where there is no such page to make."""
    for name in (left, right):
        if name not in apis():
            raise UsageError(f"{name!r} is no API that this suite knows", "`conformance claims` lists the APIs")
    ours, theirs = apis()[left], apis()[right]
    if ours.operator != theirs.operator or comparer(ours.operator) is None:
        raise UsageError(f"{left} and {right} are not of one operator that can be compared", _way_out())
    if ours.framework == theirs.framework:
        raise UsageError(f"{left} and {right} are of one framework", _way_out())
    return left, right


def _way_out() -> str:
    return "Name counterparts, such as " + " and ".join(every_pair()[0])


def gather(loaded: RunFile, pairs: Sequence[tuple[str, str]], *, say: Callable[[str], None]) -> Evidence:
    """The evidence of these pairs, with their examples run by the frameworks that are here."""
    found = find(loaded)
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    held = {pair: examples.sides(*pair) for pair in pairs}
    programs = examples.codes(item for sides in held.values() for item in sides)
    backends = {seen.framework: backend for seen in found.backends if (backend := _here(seen.name)) is not None}
    say(f"{sum(map(len, programs.values()))} programs on {', '.join(backends) or 'no framework'}")
    printed = examples.run(programs, backends)
    shared: dict[str, Program] = {}
    pages = [_page(found, pair, [examples.example(item, shared, printed) for item in held[pair]]) for pair in pairs]
    return Evidence(
        suite=conformance.__version__,
        seed=loaded.run.seed,
        strength=loaded.run.strength,
        backends=list(found.backends),
        documents=documents(names),
        plans={name: digest(name) for name in names},
        states=states(found, names, _claims(pairs)),
        refusals=refusals(found, names),
        types={name: types(found, name) for name in names},
        programs=shared,
        pages=pages,
    )


def _claims(pairs: Sequence[tuple[str, str]]) -> set[str]:
    """The claims of which these pages say where they stand."""
    found: set[str] = set()
    for left, right in ((apis()[left], apis()[right]) for left, right in pairs):
        knows = comparer(left.operator)
        found |= shown(left, right, knows.comparing(left, right) if knows else ())
    return found


def _here(name: str) -> Backend | None:
    backend = resolve(Specification.parse(name), install=False)
    return None if isinstance(backend, Unavailable) else backend


def _page(found: Found, pair: tuple[str, str], made: list[Example]) -> PageEvidence:
    left, right = pair
    return PageEvidence(
        left=left,
        right=right,
        directions=[direction(found, left, right), direction(found, right, left)],
        examples=made,
    )


def documents(names: Iterable[str]) -> dict[str, str]:
    """A digest of each document that the claims of these APIs come from: title, version, statements."""
    found: dict[str, tuple[Document, list[str]]] = {}
    for name in names:
        for claim in apis()[name].claims:
            for source in claim.sources:
                said = found.setdefault(source.document.key, (source.document, []))[1]
                said.append(f"{claim.id}@{source.place}")
    return {key: _hashed([item.title, item.version, *said]) for key, (item, said) in sorted(found.items())}


@cache
def digest(name: str) -> str:
    """What changes with the cases that an API is planned with, or with their counterparts anywhere."""
    api = apis()[name]
    operator = operators()[api.operator]
    others = sorted({item.framework for item in _partners(api)} - {api.framework})
    cases = operator.plan(api, seed=0, strength=STRENGTH).cases
    said = [case.id for case in cases]
    for case in [case for case in cases if case.action == "call"][::EVERY]:
        answers = (operator.counterpart(case, framework) for framework in others)
        said += [answer.id if isinstance(answer, Case) else answer for answer in answers]
    return _hashed(said)


def _partners(api: Api) -> Iterable[Api]:
    return (item for item in apis().values() if item.operator == api.operator)


def _hashed(texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:16]


def stale(evidence: Evidence) -> list[str]:
    """What the evidence was made from and is other today: APIs and documents; none where it still holds."""
    names = list(evidence.plans)
    gone = [name for name in names if name not in apis()]
    known = [name for name in names if name in apis()]
    changed = [name for name in known if digest(name) != evidence.plans[name]]
    today = documents(known)
    return [
        *gone,
        *changed,
        *(key for key in sorted({*today, *evidence.documents}) if today.get(key) != evidence.documents.get(key)),
    ]


def write_all(evidence: Evidence, folder: Path) -> int:
    """Write every page, the index and the evidence; how many files."""
    from reports.comparison_files import folder as made
    from reports.comparison_files import write

    return len([write(folder, name, text) for name, text in made(evidence)])
