"""What the documents of both sides say that somebody who translates this call should read; the most relevant first.

A claim is relevant if it speaks of this call: a ruling on it, a formula for it, a requirement on an argument that it
gives. Beside those stand what differs without any argument: initial values, platforms, precision.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.case import Case
from cases.catalogue import described
from cases.documentation import (
    REQUIRED,
    Api,
    Bound,
    Breaks,
    Claim,
    Distributed,
    Kind,
    Shape,
    Unchecked,
    Values,
)
from cases.values import Tensor

MOST = 8
EACH = 2  # of one API and one sort, so that no sort crowds out the others
OWN = "suite"  # the document of the suite's own claims, which no framework states


@dataclass(frozen=True)
class Remark:
    """A claim that applies; where a ruling goes against it, the ruling says what holds instead."""

    api: str
    claim: Claim


def remarks(ours: Case, theirs: Case) -> tuple[Remark, ...]:
    """At most eight claims of both APIs, the most relevant first."""
    found: list[tuple[int, Remark]] = []
    for case in (theirs, ours):
        api = described(case.api)
        counts: dict[int, int] = {}
        for rank, claim in sorted(_relevant(api, case), key=lambda item: item[0]):
            counts[rank] = counts.get(rank, 0) + 1
            if counts[rank] <= EACH:
                found.append((rank, Remark(case.api, claim)))
    found.sort(key=lambda item: item[0])
    texts: dict[str, Remark] = {}
    for _, remark in found:
        texts.setdefault(f"{remark.api}: {remark.claim.text.en}", remark)
    return tuple(texts.values())[:MOST]


def _relevant(api: Api, case: Case) -> Iterator[tuple[int, Claim]]:
    """The claims that speak of a call, with how much they matter: 0 most."""
    bound, told = api.bound(case), _told(api, case)
    for claim in api.claims:
        if claim.advice or claim.device not in ("", "cpu") or all(item.document.key == OWN for item in claim.sources):
            continue
        about = bool(told & set(claim.parameters))
        rank = _rank(claim, bound, about=about, layer=bool(case.parameters))
        if rank is not None:
            yield rank, claim


def _told(api: Api, case: Case) -> set[str]:
    """The parameters that the call gives another value than their default, tensors aside."""
    given = (case.construct or case.call).bind(api.names)
    defaults = {item.name: item.default for item in api.signature}
    required = {item.name for item in api.signature if item.default is REQUIRED}
    return {
        name
        for name, value in given.items()
        if name not in required and not isinstance(value, Tensor) and value != defaults.get(name)
    }


def _rank(claim: Claim, bound: Bound, *, about: bool, layer: bool) -> int | None:
    speaks = _speaks(claim, bound)
    if claim.overruled is not None:
        return 0 if speaks or (about and not isinstance(claim.detail, Shape | Values)) else None
    match claim.kind:
        case Kind.DISTRIBUTION if layer and speaks:
            return 1
        case Kind.REQUIREMENT if about and not (isinstance(claim.detail, Breaks) and claim.detail.rule == "length"):
            return 2
        case Kind.SHAPE if speaks:
            return 3
        case Kind.VALUES if speaks and about:
            return 4
        case Kind.PLATFORM:
            return 5
        case Kind.PRECISION if isinstance(claim.detail, Unchecked):
            return 6
    return None


def _speaks(claim: Claim, bound: Bound) -> bool:
    """Whether its formula or its condition holds for this call."""
    match claim.detail:
        case Shape(formula):
            return formula(bound) is not None
        case Values(when):
            return when(bound)
        case Distributed(_, law):
            return law(bound) is not None
    return False
