"""`check-model` on the real frameworks: the examples, and models that are odd in one way each."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from conformance.cli import cli
from conformance.lanes import ROOT
from conformance.reproduce import reproduce
from reference.conv_transpose import law
from tests.frameworks.conftest import backend

EXAMPLES = ROOT / "examples"
UNET = ("1,1024,2,2", "1,512,4,4", "1,256,8,8", "1,128,16,16", "1,64,32,32")
TARGETS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("mindspore", "oneflow")]
LAYERS = {"one": {"stride": 2}, "two": {"stride": 2, "output_padding": 1}}  # of the model Mixed, in effect
ODD = '''
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import weight_norm as old_weight_norm
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


def up(**more):
    return nn.ConvTranspose1d(4, 4, 3, **more)


class Twice(nn.Module):
    """One layer, three calls, two shapes."""

    def __init__(self):
        super().__init__()
        self.up = up()

    def forward(self, x):
        self.up(x)
        return self.up(self.up(x))


class Sized(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = up(stride=3)

    def forward(self, x):
        return self.up(x, output_size=[3 * x.shape[-1] + 2])


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(4, 2, 3)), nn.Parameter(torch.randn(4))

    def forward(self, x):
        return functional.conv_transpose1d(x, self.weight, self.bias, stride=2, padding=1, groups=2)


class Mixed(nn.Module):
    """A layer, a layer with a size that is asked for, and a function; small enough to be printed."""

    def __init__(self):
        super().__init__()
        self.one, self.two, self.three = nn.ConvTranspose1d(4, 2, 2, 2), nn.ConvTranspose1d(2, 4, 3, 2), Functional()

    def forward(self, x):
        x = self.two(self.one(x), output_size=[30])
        return self.three(x)


class Own(nn.ConvTranspose1d):
    def forward(self, x, output_size=None):
        return 2 * super().forward(x, output_size)


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = up()
        self.up.register_forward_pre_hook(lambda module, inputs: (inputs[0] + 1,))
        self.up.register_forward_hook(lambda module, inputs, output: output * 2)

    def forward(self, x):
        return self.up(x)


def normed():
    return nn.Sequential(old_weight_norm(up()), weight_norm(up(stride=2)), spectral_norm(up(padding=1)))


def lazy():
    return nn.LazyConvTranspose1d(3, 4, stride=2, padding=1)


def own():
    return nn.Sequential(Own(4, 4, 3))


def scripted():
    return nn.Sequential(torch.jit.script(nn.Sequential(up())), up())


def compiled():
    return torch.compile(up())


def quantised():
    torch.backends.quantized.engine = "qnnpack"
    quantized = torch.ao.nn.quantized
    return nn.Sequential(quantized.Quantize(0.1, 0, torch.quint8), quantized.ConvTranspose1d(4, 4, 3))


def fails():
    return nn.Sequential(up(), nn.Conv1d(5, 5, 3))


def longer():
    return nn.ConvTranspose2d(2, 2, 3, stride=2, output_padding=1)
'''


def checked(
    target: Any, *inputs: str, to: str = "oneflow", code: int = 0, more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The command's answer as JSON."""
    given = [part for shape in inputs for part in ("--input", shape)]
    done = CliRunner().invoke(cli, ["check-model", str(target), *given, "--to", to, "--json", *more])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.py"
    path.write_text(ODD)
    return path


def states(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["name"], item["status"]) for item in told["layers"]]


def uncovered(told: dict[str, Any]) -> dict[str, str]:
    return {item["what"]: item["why"] for item in told["not_covered"]}


@pytest.mark.torch
@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize(
    ("target", "inputs", "layers"),
    [
        ("hifigan_generator.py:v2", ("1,80,20",), ["ups.0", "ups.1", "ups.2", "ups.3"]),
        ("unet_decoder.py:decoder", UNET, [f"steps.{index}.up" for index in range(4)]),
        ("unet_decoder.py:ported", UNET, [f"steps.{index}.up" for index in range(4)]),
        ("dcgan_generator.py:generator", ("1,100,1,1",), ["0", "3", "6", "9", "12"]),
    ],
)
def test_every_upsampling_of_an_example_has_an_equal_counterpart(
    target: str, inputs: tuple[str, ...], layers: list[str], to: str
) -> None:
    told = checked(EXAMPLES / target, *inputs, to=to)
    assert states(told) == [(name, "equal") for name in layers]
    for item in told["layers"]:
        for side in (item["in_model"], item["alone"], item["tried"][-1]):
            assert side["verdict"] == "conforms"
            assert 0 <= side["share_of_bound"] < 1
        assert item["generated"] == []
    assert {"torch.nn.Conv1d", "torch.nn.Conv2d", "torch.nn.BatchNorm2d"} & set(uncovered(told))


def shown() -> list[tuple[list[str], list[str]]]:
    """The commands of the examples' page, and the lines that it shows of what they print."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    found = []
    for block in re.findall(r"```console\n\$ (.*?)```", page, re.DOTALL):
        command, _, lines = block.replace("\\\n", "").partition("\n")
        found.append((shlex.split(command)[1:], lines.splitlines()))
    return found


@pytest.mark.torch
@pytest.mark.mindspore
@pytest.mark.oneflow
def test_the_page_of_the_examples_shows_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the figures, which hang on the processor."""
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    assert len(shown()) == 4
    for command, lines in shown():
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
        printed = done.stdout.splitlines()
        for line in lines:
            if line != "…" and not line.startswith("  verified"):
                assert line in printed


@pytest.mark.torch
@pytest.mark.mindspore
def test_the_code_and_the_weights_that_are_written_give_the_documented_result(odd: Path, tmp_path: Path) -> None:
    """The code runs outside of the suite, in MindSpore's own interpreter, with the weights read from the file."""
    path = tmp_path / "weights.npz"
    told = checked(f"{odd}:Mixed", "2,4,7", to="mindspore", more=("--weights", str(path)))
    with np.load(path) as held:
        weights = dict(held)
    assert [item["status"] for item in told["layers"]] == ["equal", "recipe", "recipe"]
    for item in told["layers"]:
        shape = item["shapes"]["input"]
        given = ["x"] if item["kind"] == "layer" else ["x", "weight", "bias"]
        end = [
            f"x = mindspore.Tensor(numpy.arange({np.prod(shape)}, dtype=numpy.float32).reshape({shape}) % 7)",
            f"print(counterpart({', '.join(given)}).asnumpy().astype(float).round(4).ravel()[:200].tolist())",
        ]
        printed = reproduce("\n".join([item["code"], *end]), backend("mindspore"))
        assert printed.ended == "exit code 0", printed.text
        keys = item["weights"]
        weight, bias = weights[keys["weight"]].reshape(item["shapes"]["weight"]), weights[keys["bias"]]
        x = np.arange(np.prod(shape)).reshape(shape) % 7
        held = {"stride": 2, "padding": 1, "groups": 2} if item["kind"] == "function" else LAYERS[item["name"]]
        wanted = law.conv_transpose(x.astype(float), weight.astype(float), bias.astype(float), **held)
        assert np.allclose(json.loads(printed.text.splitlines()[-1]), wanted.ravel()[:200], atol=2e-4)


@pytest.mark.torch
@pytest.mark.mindspore
def test_the_weight_of_a_weight_norm_is_the_one_that_the_call_used() -> None:
    told = checked(EXAMPLES / "hifigan_generator.py:v2", "1,80,4", to="mindspore")
    assert all(item["notes"] == ["computed"] for item in told["layers"])
    assert not any("weight_norm" in name for name in uncovered(told))


@pytest.mark.torch
@pytest.mark.oneflow
@pytest.mark.parametrize(
    ("factory", "layers", "notes"),
    [
        ("Twice", [("up", 2, "equal"), ("up", 1, "equal")], []),
        ("Sized", [("up", 1, "equal")], []),
        ("Functional", [("(the model)", 1, "equal")], []),
        ("Hooked", [("up", 1, "equal")], ["changed"]),
        ("normed", [(name, 1, "equal") for name in "012"], ["computed"]),
        ("lazy", [("(the model)", 1, "equal")], ["lazy"]),
        ("own", [("0", 1, "equal")], []),
        ("scripted", [("1", 1, "equal")], []),
        ("compiled", [("_orig_mod", 1, "equal")], []),
    ],
)
def test_an_odd_model_is_seen_as_it_is(
    odd: Path, factory: str, layers: list[tuple[str, int, str]], notes: list[str]
) -> None:
    told = checked(f"{odd}:{factory}", "2,4,7")
    assert [(item["name"], item["count"], item["status"]) for item in told["layers"]] == layers
    assert all(item["notes"] == notes for item in told["layers"])
    if factory == "own":
        assert uncovered(told)["odd.Own"] == "own-forward"
        assert told["layers"][0]["kind"] == "function"
    if factory == "scripted":
        assert uncovered(told) == {"torch.jit.ScriptModule of Sequential": "scripted"}


@pytest.mark.torch
@pytest.mark.oneflow
def test_a_quantised_layer_is_not_covered(odd: Path) -> None:
    told = checked(f"{odd}:quantised", "1,4,7", code=5)
    assert "quantised" in uncovered(told).values()
    assert told["layers"] == []


@pytest.mark.torch
@pytest.mark.mindspore
@pytest.mark.parametrize("factory", ["Sized", "Functional"])
def test_what_mindspore_has_no_arguments_for_becomes_a_recipe(odd: Path, factory: str) -> None:
    told = checked(f"{odd}:{factory}", "2,4,7", to="mindspore")
    assert [status for _, status in states(told)] == ["recipe"]


@pytest.mark.torch
@pytest.mark.mindspore
def test_where_mindspore_differs_from_its_documents_the_next_way_is_taken(odd: Path) -> None:
    told = checked(f"{odd}:longer", "1,2,5,5", to="mindspore")
    (item,) = told["layers"]
    assert item["status"] == "recipe"
    first, last = item["tried"][0], item["tried"][-1]
    assert (first["verdict"], last["verdict"]) == ("differs", "conforms")
    assert first["known"].startswith("conv2dtranspose-differs")


@pytest.mark.torch
def test_a_model_that_fails_ends_with_2_and_the_end_of_its_traceback(odd: Path) -> None:
    said = checked(f"{odd}:fails", "1,4,7", code=2)["stderr"]
    assert "the model cannot be called with inputs of shape (1, 4, 7): RuntimeError" in said
    assert "channels" in said
    assert "torch_model" not in said
