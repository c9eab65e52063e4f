"""Groups of failures, and entries of the ledger that occur → findings: what a reader is told, with a stable id."""

import hashlib
import re
from collections.abc import Sequence

from cases.known import Entry
from reports import text
from reports.failures import Failure
from reports.grouping import Group
from reports.ledger import Met
from reports.record import Finding

SYMPTOM = 100  # characters of a symptom in a title

_WORDS = {
    "differs": "wrong {symptom}",
    "rejects-valid": "refuses a valid call ({symptom})",
    "accepts-invalid": "accepts an invalid call",
    "wrong-error": "raises another error than documented ({symptom})",
    "crashed": "dies ({symptom})",
    "timed-out": "does not answer",
    "unstable": "gives two outcomes for one call",
    "": "contradicts {symptom}",
}


def of_group(group: Group) -> Finding:
    """The finding that a group of new failures is; nothing is shrunk, checked or reproduced yet."""
    rule, framework = str(group.rule), group.backend.partition("=")[0]
    return _finding(
        identity(framework, group.verdict, group.symptoms, rule, group.apis),
        group.backend,
        group.verdict,
        group.symptoms,
        rule,
        group.failures,
        group.claims,
        against=group.against,
    )


def of_entry(met: Met, backend: str) -> Finding:
    """The finding that an entry of the ledger is, where it occurs."""
    entry, failures = met.entry, met.failures
    slugs = {slug: place for place, slug in enumerate(entry.claims)}
    every = {claim for failure in failures for claim in failure.claims}
    own = set(min(failures, key=lambda item: item.order).claims)
    order = {claim: (slugs.get(claim.partition("/")[2], len(slugs)), claim not in own, claim) for claim in every}
    symptoms = tuple(dict.fromkeys(item.symptom for item in failures))
    return _finding(
        identity_of(entry, backend.partition("=")[0]),
        backend,
        entry.verdict,
        symptoms,
        entry.rule,
        failures,
        sorted(every, key=lambda claim: order[claim]),
        against=len(met.passing),
        known=entry,
    )


def _finding(
    name: str,
    backend: str,
    verdict: str,
    symptoms: Sequence[str],
    rule: str,
    failures: Sequence[Failure],
    claims: Sequence[str],
    *,
    against: int,
    known: Entry | None = None,
) -> Finding:
    ordered = sorted(failures, key=lambda item: item.order)
    smallest = ordered[0]
    record = smallest.record
    apis = sorted({item.record.api for item in failures})
    return Finding(
        id=name,
        backend=backend,
        verdict=verdict,
        symptoms=list(symptoms),
        claims=list(claims),
        apis=apis,
        modes=sorted({item.record.mode for item in failures}),
        rule=rule,
        support=len(failures),
        against=against,
        cases=list(dict.fromkeys(item.record.case for item in ordered)),
        smallest=record.case,
        mode=record.mode,
        other=smallest.pair.right if smallest.pair else "",
        title=title(apis, verdict, symptoms, rule),
        expected=text.side(record.expected) if smallest.pair is None else "equal results",
        actual=text.side(record.actual) if smallest.pair is None else text.clean(smallest.pair.detail),
        known=known.name if known else "",
        reason=known.reason if known else "",
    )


def identity(framework: str, verdict: str, symptoms: Sequence[str], rule: str, apis: Sequence[str]) -> str:
    """8 hexadecimal digits that are the same wherever the same is found, whatever the version of the framework."""
    parts = (framework, verdict, min(symptoms), rule, ",".join(sorted(short(api) for api in apis)))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def identity_of(entry: Entry, framework: str) -> str:
    """The same of an entry of the ledger."""
    return identity(framework, entry.verdict, entry.symptoms or ("",), entry.rule, entry.apis)


def title(apis: Sequence[str], verdict: str, symptoms: Sequence[str], rule: str) -> str:
    """One line: which APIs do what, and when."""
    names = ", ".join(dict.fromkeys(short(api) for api in apis))
    symptom = re.sub(r"<\w+>", "…", symptoms[0])
    words = _WORDS.get(verdict, verdict).format(symptom=text.fit(symptom.strip(), SYMPTOM))
    return f"{names}: {words}" + (f", if {rule}" if rule else "")


def short(api: str) -> str:
    """An API's name without the packages that it lies in."""
    return api.rpartition(".")[2]


def rates(finding: Finding) -> str:
    """Precision and recall of a rule on fresh cases, empty where it was not held against any."""
    if finding.tried is None:
        return ""
    both = (("precision", finding.tried.precision), ("recall", finding.tried.recall))
    return ", ".join(f"{name} {rate:.0%}" for name, rate in both if rate is not None)


def checked(finding: Finding) -> str:
    """A rule on fresh cases, in words."""
    tried = finding.tried
    if tried is None:
        return "not held against fresh cases"
    inside, outside = tried.inside_failing + tried.inside_passing, tried.outside_failing + tried.outside_passing
    said = f"{tried.inside_failing} of {inside} inside fail, {tried.outside_failing} of {outside} outside"
    return f"{said} ({rates(finding)})" if rates(finding) else said


def plain_title(finding: Finding) -> str:
    """The title without the rule, for where that stands beside it."""
    return finding.title.removesuffix(f", if {finding.rule}")
