"""Recipes judged without a framework: the reference conforms, and a step that is done wrong is found."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cases.case import Arguments, Case
from cases.catalogue import described
from cases.conv_transpose.counterparts import counterparts
from cases.conv_transpose.understood import differentiated
from cases.steps import Add, Around, Crop, Expand, Pad, Squeeze
from cases.values import BadValue, Tensor, Value
from conformance.adapters.numpy import NumpyAdapter
from conformance.expected import prepare
from conformance.judge import judge
from conformance.outcome import decode
from conformance.request import request
from reference import steps
from reports.record import Record


def layer(axes: int, *, batch: bool = True, bias: bool = False, **keyword: Value) -> Case:
    tensors = (Tensor("weight", (2, 3, *(3,) * axes), "float32"), Tensor("bias", (3,), "float32"))
    x = Tensor("input", (*((2,) if batch else ()), 2, *(5, 4, 3)[:axes]), "float32")
    construct = Arguments((2, 3, 3), (*keyword.items(), ("bias", bias)))
    return Case(f"torch.nn.ConvTranspose{axes}d", construct, Arguments((x,)), tensors[: 1 + bias])


def function(axes: int) -> Case:
    shapes = {"input": (2, 2, *(5, 4, 3)[:axes]), "weight": (2, 3, *(3,) * axes), "bias": (3,)}
    tensors = tuple(Tensor(role, shape, "float32") for role, shape in shapes.items())
    return Case(f"torch.nn.functional.conv_transpose{axes}d", None, Arguments(tensors, (("padding", 1),)))


def recipes() -> Iterator[Case]:
    """Calls with every kind of step around them, with the gradients of all that goes in."""
    for case in (
        layer(2, batch=False, stride=2),
        layer(1, stride=2, padding=1, output_padding=1),
        layer(1, stride=2, output_padding=1),
        layer(1, bias=True, stride=2, output_padding=1),
        function(1),
        function(3),
    ):
        made = differentiated(case)
        assert made is not None
        found = counterparts(made, "mindspore")
        assert not isinstance(found, str)
        yield from (item for item in found if item.around)


RECIPES = list(recipes())


def judged(adapter: NumpyAdapter, case: Case) -> Record:
    prepared = prepare(case)
    outcome = decode(adapter.run(request(case, prepared.data, "eager")))
    return judge(prepared, outcome, described(case.api), backend="numpy", mode="eager", device="cpu")


def test_the_recipes_have_every_step() -> None:
    found = {type(step) for case in RECIPES for step in (*case.around.before, *case.around.after)}
    assert found == {Expand, Squeeze, Pad, Crop, Add}


@pytest.mark.parametrize("case", RECIPES, ids=lambda case: case.id)
@pytest.mark.parametrize("data", ["integers", "normal"])
def test_the_reference_conforms_gradients_included(case: Case, data: Any) -> None:
    record = judged(NumpyAdapter("cpu"), replace(case, data=data))
    assert record.verdict == "conforms", record.actual
    assert record.difference is None
    assert {f"gradient of {role}" for role in case.differentiate} == set(record.actual.others)


class Wrong(NumpyAdapter):
    """The reference with one kind of step done wrong, forward and backward."""

    def __init__(self, kind: type, other: Any) -> None:
        super().__init__("cpu")
        self.kind, self.other = kind, other

    def around(self, request: dict[str, Any]) -> tuple[list[steps.Step], list[steps.Step], dict[str, Any]]:
        before, after, added = super().around(request)
        first, last = (
            [self.other(step) if type(step) is self.kind else step for step in part] for part in (before, after)
        )
        return first, last, {role: added[role] for role in added}


FAULTS = {
    "crops at the other end": (Crop, lambda step: Crop(step.axis, step.end, step.begin)),
    "pads at the other end": (Pad, lambda step: Pad(step.axis, step.end, step.begin)),
    "pads one too many": (Pad, lambda step: Pad(step.axis, step.begin, step.end + 1)),
    "adds nothing": (Add, lambda step: Crop(1, 0, 0)),
    "leaves the axis": (Squeeze, lambda step: Crop(0, 0, 0)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_step_that_is_done_wrong_is_found_in_every_recipe_that_has_it(fault: str) -> None:
    kind, other = FAULTS[fault]
    having = [
        case for case in RECIPES if any(isinstance(step, kind) for step in (*case.around.before, *case.around.after))
    ]
    assert having
    for case in having:
        record = judged(Wrong(kind, other), case)
        assert record.verdict in ("differs", "rejects-valid"), case.show()
        assert any(check.counts and not check.holds for check in record.checks)


@pytest.mark.parametrize(
    "around", [Around(after=(Crop(2, 99, 0),)), Around(after=(Squeeze(0),)), Around(before=(Squeeze(1),))]
)
def test_steps_that_do_not_fit_are_a_mistake_of_the_case_that_is_told(around: Around) -> None:
    with pytest.raises(BadValue, match="of this case do not fit its"):
        prepare(replace(layer(1), around=around))
