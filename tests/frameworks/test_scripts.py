"""Scripts in the frameworks' own interpreters: a script says what the run says, of every kind of case there is.

The cases are chosen so that each thing that a script spells in its own way occurs: kinds of API, data, element types,
layouts, gradients, modes, and every verdict that a script can show.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain

import pytest

from cases.case import Case
from cases.catalogue import apis
from cases.documentation import Claim, Consistent, Equal, Inverse, Pair
from conformance.comparisons import compare
from conformance.expected import ExpectedError
from conformance.lanes import line_of, plan_of, records
from conformance.pool import Lane
from conformance.reproduce import Printed, reproduce
from conformance.script import pair_script, script
from reports.record import BackendLine, Record
from tests.cases.planned import is_small, sample
from tests.frameworks.conftest import backend

FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]
# What a script ends with where it can tell: 0 while the backend does as documented, 1 while it does not.
ENDS = {"conforms": 0, "unsupported": 0, "differs": 1, "rejects-valid": 1, "accepts-invalid": 1, "wrong-error": 1}


def features(case: Case) -> Iterator[tuple[str, object]]:
    """What a script spells in a way of its own."""
    last = case.api.rpartition(".")[2]
    yield "api", last[:4] if case.construct else "function"
    yield "action", case.action
    yield "data", case.data
    yield "type", case.dtype
    for tensor in case.tensors():
        yield "layout", (tensor.role, tensor.layout)
    yield "gradients", tuple(sorted(case.differentiate))
    yield "keyword", bool(case.call.keyword)
    yield "bias", any(tensor.role == "bias" for tensor in case.tensors())


@cache
def chosen(framework: str) -> tuple[Case, ...]:
    """As few cases as have every feature, and some that are refused."""
    names = [name for name, api in apis().items() if api.framework == framework]
    cases = [item.case for item in chain.from_iterable(map(sample, names)) if _is_shown(item.case)]
    found: list[Case] = []
    left = {feature for case in cases for feature in features(case)}
    while left:
        best = max(cases, key=lambda case: len(left & set(features(case))))
        found.append(best)
        left -= set(features(best))
    errors = [item.case for name in names[::3] for item in sample(name) if isinstance(item.expected, ExpectedError)]
    return (*found, *errors[:: max(1, len(errors) // 4)][:4])


def _is_shown(case: Case) -> bool:
    """Its script is short."""
    return case.action != "inspect" and not case.device and not case.settings and is_small(case, 512)


@cache
def judged(framework: str) -> tuple[tuple[Case, Record], ...]:
    """What the suite says of the chosen cases, in every mode of the backend."""
    found = []
    by_id = {case.id: case for case in chosen(framework)}
    with Lane(plan_of(backend(framework)), limit=120) as lane:
        line = line_of(backend(framework), lane.start())
        for mode in line.modes:
            few = chosen(framework) if mode == line.modes[0] else chosen(framework)[:2]
            found += [(by_id[record.case], record) for record in records(lane, line, few, mode)]
    return tuple(found)


def printed(framework: str, texts: list[str]) -> list[Printed]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda text: reproduce(text, backend(framework), seconds=120), texts))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_ends_as_the_run_judged(framework: str) -> None:
    told = [(case, record) for case, record in judged(framework) if record.verdict in ENDS and case.action == "call"]
    assert {"conforms"} <= {record.verdict for _, record in told}
    assert {case.construct is None for case, _ in told} == {True, False}
    assert len({record.mode for _, record in told}) == len({record.mode for _, record in judged(framework)})
    done = printed(framework, [script(case, record.mode) for case, record in told])
    wrong = [
        (case.id, case.show(), record.mode, record.verdict, shown.ended, shown.text[-600:])
        for (case, record), shown in zip(told, done, strict=True)
        if shown.ended != f"exit code {ENDS[record.verdict]}"
        or ("Traceback" in shown.text and record.verdict != "rejects-valid")
    ]
    assert wrong == []


def falsified(text: str) -> str:
    """A script that expects something else."""
    text = re.sub(r"^(expected\['.*'\] = .*)$", r"\1 + 1", text, flags=re.MULTILINE)
    return re.sub(r"isinstance\(error, \w+\)", "isinstance(error, KeyboardInterrupt)", text)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_that_expects_something_else_exits_1(framework: str) -> None:
    """One of a plain result, one of gradients, and one of an error: on what conforms, only the expectation is wrong."""
    wanted = {"value": 1, "gradients": 1, "error": 1}
    texts = []
    for case, record in judged(framework):
        kind = "gradients" if case.differentiate else record.expected.what
        if record.verdict == "conforms" and case.data == "integers" and case.action == "call" and wanted.get(kind):
            wanted[kind] -= 1
            texts.append(script(case, record.mode))
    assert not any(wanted.values())
    for text, shown in zip(texts, printed(framework, [falsified(text) for text in texts]), strict=True):
        assert falsified(text) != text
        assert (shown.ended, shown.there) == ("exit code 1", True), shown.text
        assert "Traceback" not in shown.text


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_initial_values_are_printed_and_nothing_is_judged(framework: str) -> None:
    told = [case for case, record in judged(framework) if case.action == "initialise" and record.verdict == "conforms"]
    assert told
    for case, shown in zip(told, printed(framework, [script(case) for case in told]), strict=True):
        assert (shown.ended, shown.there) == ("exit code 0", False), (case.show(), shown.text)
        assert shown.text.endswith("the documents do not say what these values are")


def pairs(framework: str) -> Iterator[tuple[Claim, Pair]]:
    """A pair of each claim on two calls within one framework."""
    names = [name for name, api in apis().items() if api.framework == framework]
    for name in names[:1]:
        for claim in apis()[name].claims:
            if isinstance(claim.detail, Equal | Consistent | Inverse):
                within = [pair for pair in claim.detail.pairs if pair.right.api.startswith(f"{framework}.")]
                small = [pair for pair in within if _is_shown(pair.left) and _is_shown(pair.right)]
                yield from ((claim, pair) for pair in small[:1])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_of_two_calls_ends_as_they_compare(framework: str) -> None:
    found = backend(framework)
    held = list(pairs(framework))
    cases = {case.id: case for _, pair in held for case in (pair.left, pair.right)}
    with Lane(plan_of(found), limit=120) as lane:
        line: BackendLine = line_of(found, lane.start())
        of = {item.case: item for item in records(lane, line, cases.values(), line.modes[0], kept=frozenset(cases))}
    texts, wanted = [], []
    for claim, pair in held:
        made = compare(of[pair.left.id], of[pair.right.id], claim, pair)
        if "missing" not in (made.shapes, made.values):
            inverse = isinstance(claim.detail, Inverse)
            texts.append(pair_script(pair.left, pair.right, parts=pair.parts, output=pair.output, inverse=inverse))
            whole = made.shapes == made.values == "equal"
            wanted.append((claim.id, made.detail, f"exit code {0 if whole else 1}"))
    assert len(texts) >= 5
    for (name, detail, ended), shown in zip(wanted, printed(framework, texts), strict=True):
        assert shown.ended == ended, (name, detail, shown.text[-600:])
        assert "Traceback" not in shown.text, (name, shown.text[-600:])
