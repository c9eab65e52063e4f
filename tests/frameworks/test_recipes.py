"""Recipes on the real frameworks: every step, gradients included, gives what the other framework documents."""

from collections.abc import Iterator

import pytest

from cases.case import Arguments, Case
from cases.conv_transpose.counterparts import counterparts
from cases.conv_transpose.understood import differentiated
from cases.known import ledger
from cases.steps import Add, Crop, Expand, Pad, Squeeze
from cases.values import Tensor, Value
from conformance.backends import Backend, Specification, resolve
from conformance.known_calls import known_trouble
from conformance.probe import Probe
from conformance.reproduce import reproduce
from conformance.script import script

FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]


def layer(axes: int, *, batch: bool = True, bias: bool = False, **keyword: Value) -> Case:
    size = (5, 4, 3)[:axes]
    tensors = (Tensor("weight", (2, 3, *(3,) * axes), "float32"), Tensor("bias", (3,), "float32"))
    x = Tensor("input", (*((2,) if batch else ()), 2, *size), "float32")
    construct = Arguments((2, 3, 3), (*keyword.items(), ("bias", bias)))
    return Case(f"torch.nn.ConvTranspose{axes}d", construct, Arguments((x,)), tensors[: 1 + bias])


def function(axes: int, **keyword: Value) -> Case:
    size = (5, 4, 3)[:axes]
    tensors = (
        Tensor("input", (2, 2, *size), "float32"),
        Tensor("weight", (2, 3, *(3,) * axes), "float32"),
        Tensor("bias", (3,), "float32"),
    )
    return Case(f"torch.nn.functional.conv_transpose{axes}d", None, Arguments(tensors, tuple(keyword.items())))


def same(axes: int) -> Case:
    weight = Tensor("weight", (2, 3, *((1,) if axes == 1 else ()), *(4,) * axes), "float32")
    x = Tensor("input", (2, 2, *(5, 4, 3)[:axes]), "float32")
    return Case(f"mindspore.nn.Conv{axes}dTranspose", Arguments((2, 3, 4)), Arguments((x,)), (weight,))


SOURCES = (
    *(layer(axes, batch=False, stride=2) for axes in (1, 2, 3)),
    layer(1, stride=2, padding=1, output_padding=1),
    layer(1, stride=2, output_padding=1),
    layer(1, bias=True, stride=2, output_padding=1),
    layer(2, bias=True, batch=False, stride=2, output_padding=1),
    *(function(axes, stride=2, padding=1) for axes in (1, 2, 3)),
    *(same(axes) for axes in (1, 2)),
)


def recipes(framework: str) -> Iterator[Case]:
    """Every counterpart with steps of these calls in a framework, with the gradients of all that goes in."""
    for case in SOURCES:
        made = differentiated(case)
        assert made is not None
        if not case.api.startswith(framework):
            found = counterparts(made, framework)
            assert not isinstance(found, str), found
            yield from (item for item in found if item.around)


@pytest.fixture(params=FRAMEWORKS)
def backend(request: pytest.FixtureRequest) -> Backend:
    found = resolve(Specification.parse(request.param), install=True)
    assert isinstance(found, Backend)
    return found


def test_every_recipe_gives_the_documented_numbers_and_gradients(backend: Backend) -> None:
    cases = list(recipes(backend.specification.framework))
    steps = {type(step) for case in cases for step in (*case.around.before, *case.around.after)}
    assert steps >= ({Expand, Squeeze, Pad, Crop, Add} if backend.specification.framework == "mindspore" else {Crop})
    with Probe(backend) as probe:
        sound = [case for case in cases if known_trouble(case, probe.line, ledger()) is None]
        assert len(sound) >= 2
        for record in probe.ask_all(sound):
            assert record.verdict == "conforms", f"{record.call}: {record.verdict}, {record.checks}, {record.actual}"
            assert len(record.actual.others) >= 2


def test_the_script_of_a_recipe_agrees(backend: Backend) -> None:
    longest = max(recipes(backend.specification.framework), key=lambda case: len(case.show()))
    shown = reproduce(script(longest), backend)
    assert not shown.there, shown.text
    assert "agrees" in shown.text
