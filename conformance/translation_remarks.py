"""What the documents of both sides say that somebody who translates this call should read; the most relevant first.

That is little. A ruling on what the call uses; what is stated of an argument that only one side has; and what differs
without any argument: initial values, platforms. What both sides state alike, or what the code shows, is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cases.case import Case
from cases.catalogue import described
from cases.documentation import (
    REQUIRED,
    Api,
    Bound,
    Claim,
    Distributed,
    Runs,
    Shape,
    Text,
    Values,
)
from cases.rewriting import rewritable
from cases.values import Tensor
from reference.initializers import Distribution, Normal, SymmetricUniform, Uniform

MOST = 5
OWN = "suite"  # the document of the suite's own claims, which no framework states
EVERYWHERE = {"cpu", "cuda"}  # what a framework runs on whose documents name no platform


@dataclass(frozen=True)
class Remark:
    """A statement that applies, with the claims that make it, each with its API.

    Where a ruling goes against a claim, `ruling` says what holds instead.
    """

    text: Text
    claims: tuple[tuple[str, Claim], ...]
    ruling: Text | None = None


def remarks(ours: Case, theirs: Case) -> tuple[Remark, ...]:
    """At most five statements on both APIs, the most relevant first; often there is none."""
    found: list[tuple[int, Remark]] = []
    renamed = rewritable(ours.api).rewritten(ours, theirs).renamed
    names = {name for item in renamed for name in (item.ours, item.theirs)}
    for case, other in ((ours, theirs), (theirs, ours)):
        api, bound = described(case.api), described(case.api).bound(case)
        alone = set(api.names) - set(described(other.api).names) - names
        told = _told(api, case) | (_unknown(api, alone) if case is ours else set())
        for claim in _stated(api):
            rank = _rank(claim, bound, told, alone)
            if rank is not None:
                ruling = None if claim.overruled is None else claim.overruled.text
                found.append((rank, Remark(claim.text, ((api.name, claim),), ruling)))
    found.sort(key=lambda item: item[0])
    told_once: dict[str, Remark] = {}
    for remark in (*(item for _, item in found), *_initial(ours, theirs), *_platforms(ours, theirs)):
        told_once.setdefault((remark.ruling or remark.text).en, remark)
    return tuple(told_once.values())[:MOST]


def _stated(api: Api) -> Iterator[Claim]:
    """What the documents say on every device."""
    for claim in api.claims:
        if not claim.advice and claim.device in ("", "cpu") and any(one.document.key != OWN for one in claim.sources):
            yield claim


def _told(api: Api, case: Case) -> set[str]:
    """The parameters, tensors aside, that the call gives another value than their default."""
    given = (case.construct or case.call).bind(api.names)
    defaults = {item.name: item.default for item in api.signature if item.default is not REQUIRED}
    return {
        name
        for name, value in given.items()
        if name in defaults and not isinstance(value, Tensor) and value != defaults[name]
    }


def _unknown(api: Api, alone: set[str]) -> set[str]:
    """The parameters of one side alone that choose by a word: what they do is at work even where they are left out."""
    return {item.name for item in api.signature if item.name in alone and isinstance(item.default, str)}


def _rank(claim: Claim, bound: Bound, told: set[str], alone: set[str]) -> int | None:
    """How much a claim matters, 0 most: a ruling, or what is said of an argument that the other side has not."""
    about = set(claim.parameters)
    match claim.detail:
        case Shape() if claim.overruled is not None and about & told and _is_wrong(claim.detail, bound):
            return 0
        case Values(when) if claim.overruled is not None and about & told and when(bound):
            return 0
        case Values(when) if about and about <= told & alone and when(bound):
            return 1
    return None


def _is_wrong(shape: Shape, bound: Bound) -> bool:
    """Whether an overruled formula gives something else for this call than what is documented."""
    said, needed = shape.formula(bound), rewritable(bound.case.api).work(bound.case)
    if said is None or needed is None:
        return False
    pairs = zip(said, needed.result, strict=False)
    return len(said) != len(needed.result) or any(one is not None and one != other for one, other in pairs)


def _initial(ours: Case, theirs: Case) -> Iterator[Remark]:
    """Where a parameter starts from another law, one line for each."""
    here, there = _laws(ours), _laws(theirs)
    for role in here:
        if role in there and not any(_same(one, other) for one in here[role] for other in there[role]):
            sides = [(case.api, next(iter(laws[role].items()))) for case, laws in ((ours, here), (theirs, there))]
            (mine, (first, _)), (other, (second, _)) = sides
            yield Remark(
                Text(
                    f"the initial {role} is {first} in {mine}, and {second} in {other}",
                    f"{role} 的初始值不同：{mine} 为 {first}，{other} 为 {second}",
                ),
                ((mine, here[role][first]), (other, there[role][second])),
            )


def _laws(case: Case) -> dict[str, dict[Distribution, Claim]]:
    """What each parameter is drawn from, as far as it is documented, the most telling law first."""
    api = described(case.api)
    bound = api.bound(case)
    found: dict[str, dict[Distribution, Claim]] = {}
    for claim in _stated(api):
        if isinstance(claim.detail, Distributed) and claim.overruled is None and case.parameters:
            law = claim.detail.law(bound)
            if law is not None:
                found.setdefault(claim.detail.name, {})[law] = claim
    return {role: dict(sorted(laws.items(), key=lambda one: _is_vague(one[0]))) for role, laws in found.items()}


def _is_vague(law: Distribution) -> bool:
    return isinstance(law, SymmetricUniform)


def _same(one: Distribution, other: Distribution) -> bool:
    """Whether two laws may be the same; a symmetric one of an unknown width may be any that is symmetric."""
    if _is_vague(one) or _is_vague(other):
        return isinstance(one, Uniform | SymmetricUniform) and isinstance(other, Uniform | SymmetricUniform)
    return str(one) == str(other) or (isinstance(one, Normal) and one == other)


def _platforms(ours: Case, theirs: Case) -> Iterator[Remark]:
    """Where one side is documented on fewer platforms than the other."""
    here, there = _devices(ours), _devices(theirs)
    first, second = (set(found) or EVERYWHERE for found in (here, there))
    for case, found, fewer in ((theirs, there, first - second), (ours, here, second - first)):
        if found and fewer:
            names = ", ".join(sorted(found))
            yield Remark(
                Text(
                    f"{case.api} is documented on {names} only, the other side on {', '.join(sorted(fewer))} too",
                    f"{case.api} 的文档只列出 {names}，另一边还包括 {', '.join(sorted(fewer))}",
                ),
                tuple((case.api, claim) for claim in found.values()),
            )
            return


def _devices(case: Case) -> Mapping[str, Claim]:
    """The platforms that the documents of an API name; none where they name none."""
    claims = described(case.api).claims
    return {claim.detail.device: claim for claim in claims if isinstance(claim.detail, Runs)}
