"""The plans: enough valid cases, complete coverage, every documented refusal exercised, and nothing left to chance."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.catalogue import apis, operators
from cases.documentation import Accepts, Breaks, Equal, Rejects, Shape, Stored, Values
from conformance.expected import ExpectedDescription, ExpectedError, ExpectedValue
from tests.cases.planned import API_NAMES, configuration, is_refused, is_valid, plan, prepared

EVERY_API = pytest.mark.parametrize("api", API_NAMES)
ROOT = Path(__file__).resolve().parent.parent.parent


@EVERY_API
def test_there_are_150_valid_configurations_each_with_two_kinds_of_data(api: str) -> None:
    kinds: dict[str, set[str]] = {}
    for item in prepared(api):
        if is_valid(item):
            kinds.setdefault(configuration(item.case), set()).add(item.case.data)
    assert sum({"integers", "normal"} <= found for found in kinds.values()) >= plan(api).valid >= 150


@EVERY_API
def test_there_are_150_configurations_whose_values_are_documented(api: str) -> None:
    found = {configuration(item.case) for item in prepared(api) if isinstance(item.expected, ExpectedValue)}
    assert len(found) >= 150


@EVERY_API
def test_the_planned_valid_configurations_are_all_valid(api: str) -> None:
    """What the generator counts as valid has two kinds of data; what it counts as invalid is neither."""
    normal = [item for item in prepared(api) if item.case.data == "normal"]
    assert len(normal) == plan(api).valid
    assert all(map(is_valid, normal))
    refused = [item for item in prepared(api) if is_refused(item)]
    assert 50 <= len(refused) <= plan(api).invalid


@EVERY_API
def test_the_covering_arrays_are_complete(api: str) -> None:
    assert plan(api).tuples == plan(api).covered > 0
    assert (plan(api).api, plan(api).strength) == (api, 2)


@EVERY_API
def test_every_documented_refusal_is_exercised_by_a_case(api: str) -> None:
    refusals = {
        (item.expected.argument, item.expected.rule, error)
        for item in prepared(api)
        if isinstance(item.expected, ExpectedError)
        for error in (item.expected.error, None)
    }
    claims = [claim for claim in apis()[api].claims if isinstance(claim.detail, Breaks)]
    assert claims
    idle = [
        claim.id
        for claim in claims
        if isinstance(claim.detail, Breaks)
        and not any((name, claim.detail.rule, claim.detail.error) in refusals for name in claim.parameters)
    ]
    assert idle == []


@EVERY_API
def test_every_claim_on_valid_calls_speaks_of_some_case(api: str) -> None:
    documented = apis()[api]
    valid = [item for item in prepared(api) if is_valid(item)]
    exact = [item for item in valid if isinstance(item.expected, ExpectedValue)]
    idle = []
    for claim in documented.claims:
        match claim.detail:
            case Accepts(when=when):
                (name,) = claim.parameters
                held = [
                    item for item in valid if name in (item.case.construct or item.case.call).bind(documented.names)
                ]
                spoken = any(when(documented.bound(item.case)) for item in held)
            case Rejects(when=when):
                spoken = any(when(documented.bound(item.case)) for item in valid)
            case Values(when=when):
                spoken = any(when(documented.bound(item.case)) for item in exact)
            case Shape(formula=formula) | Stored(shape=formula):
                spoken = any(formula(documented.bound(item.case)) is not None for item in valid)
            case Equal(pairs=pairs):
                spoken = {pair.left.id for pair in pairs} <= {item.case.id for item in exact}
            case _:
                continue
        if not spoken:
            idle.append(claim.id)
    assert idle == []


@EVERY_API
def test_each_invalid_case_breaks_one_thing_only(api: str) -> None:
    """Mended in the one argument that is refused, the call is no longer refused for it."""
    for item in prepared(api):
        if isinstance(item.expected, ExpectedError) and item.expected.argument != "input":
            given = (item.case.construct or item.case.call).bind(apis()[api].names)
            assert item.expected.argument in given, item.case.show()


@EVERY_API
def test_the_examples_of_the_documents_and_one_inspection_are_in_the_plan(api: str) -> None:
    ids = {item.case.id for item in prepared(api)}
    assert {example.id for example in apis()[api].examples} <= ids
    assert sum(isinstance(item.expected, ExpectedDescription) for item in prepared(api)) == 1
    assert all(item.case.api == api for item in prepared(api))


@EVERY_API
def test_another_seed_gives_other_valid_cases_and_the_same_invalid_ones(api: str) -> None:
    first, second = ({case.id for case in plan(api, seed).cases} for seed in (0, 1))
    assert len(first - second) >= 40
    refused = {item.case.id for item in prepared(api) if is_refused(item)}
    assert refused <= second


def test_a_plan_is_the_same_in_every_process() -> None:
    """Whatever order sets and dictionaries of that process have."""
    code = (
        "import hashlib; from cases.catalogue import apis, operators; api = apis()['torch.nn.ConvTranspose1d'];"
        "ids = [case.id for case in operators()[api.operator].plan(api, seed=3, strength=2).cases];"
        "print(hashlib.sha256(''.join(ids).encode()).hexdigest())"
    )
    here = hashlib.sha256("".join(case.id for case in plan("torch.nn.ConvTranspose1d", 3).cases).encode()).hexdigest()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


@pytest.mark.parametrize("strength", [1, 3])
def test_other_strengths_reach_150_valid_cases_too(strength: int) -> None:
    api = apis()["torch.nn.ConvTranspose2d"]
    found = operators()[api.operator].plan(api, seed=0, strength=strength)
    assert found.strength == strength
    assert found.tuples == found.covered
    assert found.valid >= 150
