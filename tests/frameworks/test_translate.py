"""Translations on the real frameworks: equal by the judge, and the printed code, run as it stands, does the same."""

import json

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cases.catalogue import operators
from conformance.call_text import parse_call
from conformance.cli import cli
from conformance.code import weights_code
from conformance.reproduce import reproduce
from conformance.translation import INPUTS
from conformance.translation_run import run_code
from tests.frameworks.conftest import backend

EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same')"
FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["translate", *arguments])


@pytest.mark.torch
@pytest.mark.mindspore
def test_the_issues_own_example_is_verified_on_both_frameworks() -> None:
    done = called(EXAMPLE, "--to", "torch", "--input", "1,3,50")
    assert done.exit_code == 0, done.output
    assert "layer = torch.nn.ConvTranspose1d(3, 64, 5, stride=3, padding=1, bias=False)" in done.output
    assert "def counterpart(x):  # (1, 3, 50)" in done.output
    assert "verified: equal on 16 inputs on torch 2.13.0 and mindspore 2.10.0 (forward 16, gradients 2" in done.output
    assert "the code above was run on torch 2.13.0: it gave the documented result" in done.output


@pytest.mark.torch
@pytest.mark.mindspore
@pytest.mark.oneflow
@pytest.mark.parametrize(
    ("text", "framework", "more"),
    [
        ("torch.nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)", "mindspore", ()),
        ("torch.nn.functional.conv_transpose1d(input, weight, bias, stride=2)", "mindspore", ("--weight", "2,3,4")),
        ("mindspore.nn.Conv2dTranspose(4, 4, (3, 5), pad_mode='pad', padding=(0, 1, 2, 0), group=2)", "oneflow", ()),
        ("oneflow.nn.ConvTranspose1d(2, 4, 3, stride=2, padding=1, output_padding=1)", "torch", ()),
        ("torch.nn.ConvTranspose1d(2, 3, 3)(Tensor(2, 7))", "mindspore", ()),
    ],
)
def test_arguments_and_recipes_are_verified_and_their_code_runs(
    text: str, framework: str, more: tuple[str, ...]
) -> None:
    done = called(text, "--to", framework, "--json", *more)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["verified"]
    assert found["verification"]["inputs"] >= INPUTS
    assert found["verification"]["gradients"] >= 1
    assert found["code_run"]["same"]


@pytest.mark.torch
@pytest.mark.mindspore
def test_a_source_that_departs_from_its_document_is_named_and_ends_with_1() -> None:
    done = called("mindspore.nn.Conv1dTranspose(3, 4, 2, stride=3, pad_mode='valid')", "--to", "torch")
    assert done.exit_code == 1, done.output
    assert "known differences:" in done.output
    assert "mindspore 2.10.0 (the source) does not do what its own documents say" in done.output
    assert "(the target)" not in done.output


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_code_of_another_element_type_runs(framework: str) -> None:
    name = {"mindspore": "Conv1dTranspose"}.get(framework, "ConvTranspose1d")
    case = parse_call(f"{framework}.nn.{name}(2, 4, 3)", dtype="float32" if framework == "mindspore" else "float64")
    done = run_code(case, backend(framework))
    assert done.same, done.said


@pytest.mark.torch
@pytest.mark.mindspore
def test_parameters_are_carried_from_a_real_layer_to_a_real_layer_and_back() -> None:
    """In each framework: the state of its layer becomes the other's arrays, and what comes back is loaded again."""
    ours = parse_call("mindspore.nn.Conv1dTranspose(4, 6, 5, group=2, has_bias=True)")
    theirs = operators()["conv_transpose"].counterparts(ours, "torch")
    assert not isinstance(theirs, str)
    code = weights_code(ours, theirs[0])
    there = {item.role: np.arange(np.prod(item.shape)).reshape(item.shape) for item in theirs[0].parameters}
    here = {item.role: np.arange(np.prod(item.shape)).reshape(item.shape) for item in ours.parameters}
    in_mindspore = [
        "import mindspore",
        code,
        "layer = mindspore.nn.Conv1dTranspose(4, 6, 5, group=2, has_bias=True)",
        f"back = to_mindspore({_state(there)})",
        "for name, array in back.items(): getattr(layer, name).set_data(mindspore.Tensor(array))",
        "out = to_torch(layer.parameters_dict())",
        f"print(all(np.array_equal(out[n], a) for n, a in ({_state(there)}).items()) and len(out) == 2)",
    ]
    in_torch = [
        "import torch",
        code,
        "layer = torch.nn.ConvTranspose1d(4, 6, 5, groups=2)",
        f"given = to_torch({_state(here)})",
        "layer.load_state_dict({name: torch.tensor(array) for name, array in given.items()})",
        "out = to_mindspore(layer.state_dict())",
        f"print(all(np.array_equal(out[n], a) for n, a in ({_state(here)}).items()) and len(out) == 2)",
    ]
    for framework, lines in (("mindspore", in_mindspore), ("torch", in_torch)):
        done = reproduce("\n".join(lines), backend(framework), seconds=120)
        assert done.ended == "exit code 0", done.text
        assert done.text.endswith("True"), done.text


def _state(arrays: dict[str, np.ndarray]) -> str:  # type: ignore[type-arg]
    """Arrays as an expression."""
    items = (f"{name!r}: np.array({array.tolist()!r}, np.float32)" for name, array in arrays.items())
    return f"{{{', '.join(items)}}}"
