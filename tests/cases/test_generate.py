"""The plans: enough valid cases, complete coverage, every claim and refusal exercised, and nothing left to chance."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.catalogue import apis, operators
from cases.conv_transpose.documents import SUITE
from cases.conv_transpose.generate import cases
from cases.documentation import (
    Accepts,
    Breaks,
    Claim,
    Distributed,
    Equal,
    Gradient,
    Kind,
    Rejects,
    Shape,
    Stored,
    Values,
)
from cases.values import Tensor
from conformance.expected import ExpectedError, ExpectedStatements, ExpectedValue, Prepared
from tests.cases.generated import EVERY_API, FEW, MANY, MOST_APIS, category, documented, everything, made
from tests.cases.planned import configuration, is_refused, is_valid, plan

ROOT = Path(__file__).resolve().parent.parent.parent
# Claims that no case with documented values can meet, each for a reason that the documents give.
OPEN = {
    "mindspore.ops.Conv2DTranspose/data-format-accepts-nhwc": "how the weight lies in that format is not documented",
    "mindspore.ops.conv3d_transpose/gradient-input-group": "only group 1 is supported",
    "mindspore.ops.conv3d_transpose/gradient-weight-group": "only group 1 is supported",
}


@MOST_APIS
def test_there_are_150_valid_configurations_each_with_two_kinds_of_data(api: str) -> None:
    kinds: dict[str, set[str]] = {}
    for item in documented(api, "configurations"):
        assert is_valid(item), item.case.show()
        kinds.setdefault(configuration(item.case), set()).add(item.case.data)
    assert all(found == {"integers", "normal"} for found in kinds.values())
    assert len(kinds) == plan(api).valid >= 150


@MOST_APIS
def test_there_are_150_configurations_whose_values_are_documented(api: str) -> None:
    found = {configuration(item.case) for item in everything(api) if isinstance(item.expected, ExpectedValue)}
    assert len(found) >= 150


@pytest.mark.parametrize("api", FEW)
def test_the_plan_of_an_api_for_ascend_alone_is_small_and_has_valid_configurations(api: str) -> None:
    assert len(plan(api).cases) <= 80
    found = {configuration(item.case) for item in documented(api, "configurations") if is_valid(item)}
    assert len(found) == plan(api).valid >= 12


@EVERY_API
def test_what_is_counted_as_invalid_is_mostly_refused(api: str) -> None:
    refused = [item for item in documented(api, "invalid") if is_refused(item)]
    assert len(category(api, "invalid")) == plan(api).invalid
    assert plan(api).invalid >= len(refused) >= (10 if api in FEW else 80)


@EVERY_API
def test_the_covering_arrays_are_complete(api: str) -> None:
    assert plan(api).tuples == plan(api).covered > 0
    assert (plan(api).api, plan(api).strength) == (api, 1 if api in FEW else 2)


@EVERY_API
def test_every_documented_refusal_is_exercised_by_a_case(api: str) -> None:
    refusals = {
        (item.expected.argument, item.expected.rule, error)
        for item in everything(api)
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
    documentation = apis()[api]
    items = list(everything(api))
    valid = [item for item in items if is_valid(item)]
    exact = [item for item in valid if isinstance(item.expected, ExpectedValue)]
    started = [item for item in items if item.case.action == "initialise" and not is_refused(item)]
    idle = []
    for claim in documentation.claims:
        match claim.detail:
            case Accepts(when=when):
                (name,) = claim.parameters
                held = [
                    item
                    for item in (*valid, *started)
                    if name in (item.case.construct or item.case.call).bind(documentation.names)
                ]
                spoken = any(when(documentation.bound(item.case)) for item in held)
            case Rejects(when=when):
                spoken = any(when(documentation.bound(item.case)) for item in items)
            case Values(when=when):
                spoken = any(when(documentation.bound(item.case)) for item in exact)
            case Shape(formula=formula) | Stored(shape=formula):
                spoken = any(formula(documentation.bound(item.case)) is not None for item in valid)
            case Gradient(of=of, when=when):
                differentiated = (item for item in exact if of in item.case.differentiate)
                spoken = any(when(documentation.bound(item.case)) for item in differentiated)
            case Distributed(law=law):
                spoken = any(law(documentation.bound(item.case)) is not None for item in started)
            case Equal(pairs=pairs):
                spoken = bool(pairs)
            case _:
                continue
        if not spoken and claim.id not in OPEN:
            idle.append(claim)
    # Of the suite's own claims on element types it is enough that there are cases: many documents exclude them.
    assert [claim.id for claim in idle if not (claim.kind is Kind.DTYPE and _is_met(claim, items))] == []


def _is_met(claim: Claim, items: list[Prepared]) -> bool:
    assert isinstance(claim.detail, Values)
    when, documentation = claim.detail.when, apis()[claim.api]
    return {source.document for source in claim.sources} == {SUITE} and any(
        when(documentation.bound(item.case)) for item in items
    )


@EVERY_API
def test_each_invalid_case_breaks_one_thing_only(api: str) -> None:
    """What is refused is given in the call: no refusal follows from something that was left out."""
    names = apis()[api].names
    for item in documented(api, "invalid"):
        if isinstance(item.expected, ExpectedError):
            given = set((item.case.construct or item.case.call).bind(names))
            called = {value.role for value in item.case.call.positional if isinstance(value, Tensor)}
            assert item.expected.argument in given | called | {"input", "weight", "input_size"}, item.case.show()


@EVERY_API
def test_the_examples_of_the_documents_and_one_inspection_are_in_the_plan(api: str) -> None:
    planned = plan(api).cases
    assert {example.id for example in apis()[api].examples} <= {case.id for case in planned}
    assert [case.action for case in planned].count("inspect") == 1
    assert isinstance(documented(api, "inspection")[0].expected, ExpectedStatements)
    assert {case.api for case in planned} == {api}
    assert len({case.id for case in planned}) == len(planned)


@EVERY_API
def test_another_seed_gives_other_valid_cases_and_the_same_invalid_ones(api: str) -> None:
    first, second = ({case.id for case in plan(api, seed).cases} for seed in (0, 1))
    assert len(first - second) >= (4 if api in FEW else 40)
    assert {case.id for case in category(api, "invalid")} <= second


@EVERY_API
def test_the_plan_is_the_categories_and_nothing_else(api: str) -> None:
    every = {case.id for found in made(api).categories.values() for case in found}
    assert every == {case.id for case in plan(api).cases}
    assert plan(api).slow == {case.id for case in category(api, "slow")} <= every


@pytest.mark.parametrize("api", ["torch.nn.ConvTranspose1d", "mindspore.ops.Conv2DTranspose"])
def test_a_plan_is_the_same_in_every_process(api: str) -> None:
    """Whatever order sets and dictionaries of that process have."""
    code = (
        f"import hashlib; from cases.catalogue import apis, operators; api = apis()[{api!r}];"
        "plan = operators()[api.operator].plan(api, seed=3, strength=2);"
        "ids = [case.id for case in plan.cases] + sorted(plan.slow);"
        "print(hashlib.sha256(''.join(ids).encode()).hexdigest())"
    )
    ids = [*(case.id for case in plan(api, 3).cases), *sorted(plan(api, 3).slow)]
    here = hashlib.sha256("".join(ids).encode()).hexdigest()
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


def test_the_thorough_plan_has_more_of_everything_that_has_settings() -> None:
    api = apis()["oneflow.nn.functional.conv_transpose1d"]
    thorough = cases(api, seed=0, strength=3).categories
    for name in ("configurations", "gradients", "element types", "special values", "layouts", "slow"):
        assert len(thorough[name]) > len(category(api.name, name)), name
    assert len(thorough["element types"]) >= 1.9 * len(category(api.name, "element types"))


def test_the_apis_are_those_of_the_issue() -> None:
    assert len(MANY) + len(FEW) == 24
