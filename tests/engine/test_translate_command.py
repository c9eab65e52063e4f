"""The command `conformance translate`: its sections, its exit codes, and what it says of bad input."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance import translate_command
from conformance.backends import Specification, Unavailable
from conformance.cli import cli
from conformance.pool import WorkerFailed
from conformance.probe import Probe
from conformance.translation import INPUTS

EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 8, 5, stride=3, pad_mode='same')"


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["translate", *arguments])


def test_a_large_input_is_tried_on_smaller_ones_and_this_is_said() -> None:
    text = "torch.nn.ConvTranspose1d(64, 64, 16, 8, 4)"
    done = called(text, "--to", "mindspore", "-b", "numpy", "--input", "1,64,3000")
    assert done.exit_code == 0, done.output
    assert "# (1, 64, 3000)" in done.output
    assert "verified: equal on" in done.output
    assert "on smaller inputs than the one that was given" in done.output
    assert "smaller" not in called(text, "--to", "mindspore", "-b", "numpy", "--input", "1,64,9").output


def test_what_is_too_large_on_every_input_is_not_run() -> None:
    text = "torch.nn.ConvTranspose1d(512, 512, 32)(Tensor(1, 512, 900), output_size=(931,))"
    done = called(text, "--to", "oneflow", "-b", "numpy")
    assert done.exit_code == 0, done.output
    assert "oneflow.nn.ConvTranspose1d(512, 512, 32" in done.output
    assert "not verified: every input that this call takes is too large" in done.output


def test_the_command_prints_its_sections_in_order_and_ends_with_0() -> None:
    done = called(EXAMPLE, "--to", "torch", "-b", "numpy", "--weights")
    assert done.exit_code == 0, done.output
    words = [
        "documented call:",
        "counterpart:",
        "import torch",
        "def to_torch(",
        "renamed:",
        "made explicit",
        "written otherwise:",
    ]
    words += ["held in another shape:", "what the documents say", "verified: equal on"]
    places = [done.output.index(word) for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_verification_nothing_is_run(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate_command, "resolve", lambda *_, **__: pytest.fail("it looks for a backend"))
    done = called(EXAMPLE, "--to", "torch", "--no-verify", "--lang", lang)
    assert done.exit_code == 0, done.output
    assert "torch.nn.ConvTranspose1d(3, 8, 5, stride=3, padding=1, bias=False)" in done.output
    assert ("未验证" if lang == "zh" else "not verified") in done.output


def test_a_call_that_is_documented_on_another_device_is_translated_where_nothing_is_run() -> None:
    text = "mindspore.mint.nn.ConvTranspose2d(3, 4, 3)"
    assert called(text, "--to", "torch", "--no-verify").exit_code == 0
    refused = called(text, "--to", "torch")
    assert refused.exit_code == 2
    assert "Ascend" in refused.output


def test_json_says_all_of_it() -> None:
    done = called(EXAMPLE, "--to", "torch", "-b", "numpy", "--json", "--weights")
    found = json.loads(done.output)
    assert found["verified"] is True
    assert found["verification"]["inputs"] >= INPUTS
    assert found["renamed"] == [{"from": "has_bias", "to": "bias"}]
    assert found["made_explicit"][0]["name"] == "bias"
    assert found["held"] == [{"role": "weight", "from": [3, 8, 1, 5], "to": [3, 8, 5]}]
    assert "def counterpart(x)" in found["code"]
    assert "def to_mindspore(" in found["weights"]


def test_what_has_no_counterpart_ends_with_1_and_the_reason() -> None:
    done = called("torch.nn.LazyConvTranspose1d(3, 5, padding_mode='circular')(Tensor(1, 2, 7))", "--to", "mindspore")
    assert done.exit_code in (1, 2)
    accumulating = called("torch.nn.ConvTranspose1d(2, 3, 3)(Tensor(1, 2, 7)) with called 2 times", "--to", "oneflow")
    assert accumulating.exit_code == 1
    assert "no counterpart in oneflow" in accumulating.output
    assert "repetition" in accumulating.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mindspore.nn.Conv1dTranspose(3, 8, 5, padding=-1)", "--to", "torch"), "ValueError is raised if `padding`"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "torch"), "already"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "tensorflow"), "no such framework"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "--input", "1,x"), "no shape"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "--input", "1,0,3"), "at least 1"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "-b", "mindspore"), "no side"),
        (("torch.nn.ConvTranspose1d(30000, 4000, 5)", "--to", "oneflow"), "elements"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "--input", "1,3,2000000000"), "elements"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "--input", "1,3,1000000000000"), "below"),
        (("torch.nn.ConvTranspose1d(3, 4, 5, stride=1000000000)", "--to", "oneflow"), "computes has"),
        (("torch.nn.ConvTranspose1d(3, 4, 5, dilation=1000000000)", "--to", "oneflow"), "computes has"),
        (
            ("torch.nn.ConvTranspose1d(3, 4, 3, dilation=100000000, padding=100000000)", "--to", "oneflow"),
            "computes has",
        ),
        (("torch.nn.ConvTranspose3d(3, 3, 2147483647)", "--to", "oneflow"), "than any machine can hold"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "pytorch"), "Did you mean torch?"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "--dtype", "float99"), "--dtype 'float99'"),
        (("torch.nn.ConvTranspose1d(3, 4, 5)", "--to", "oneflow", "-b", "torch", "-b", "torch==1.0"), "already"),
        (("torch.nn.ConvTranspose1d(0, 4, 5)", "--to", "oneflow"), "conformance claims torch.nn.ConvTranspose1d"),
        (("mindspore.mint.nn.ConvTranspose2d(3, 4, 3)", "--to", "torch"), "-b mindspore:ascend"),
        (("import os", "--to", "torch"), "no expression"),
    ],
)
def test_bad_input_ends_with_2_and_a_way_out(arguments: tuple[str, ...], said: str) -> None:
    done = called(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_missing_backend_ends_with_4_and_the_code_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(specification: Specification, **_: Any) -> Unavailable:
        return Unavailable(specification, "it is not here.", "Install it.")

    monkeypatch.setattr(translate_command, "resolve", nowhere)
    done = called(EXAMPLE, "--to", "torch")
    assert done.exit_code == 4, done.output
    assert "def counterpart(x)" in done.output
    assert "not verified: mindspore:cpu: it is not here. Install it." in done.output


def test_a_backend_that_does_not_start_ends_with_4(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Probe) -> Probe:
        raise WorkerFailed("it died at once")

    monkeypatch.setattr(Probe, "__enter__", broken)
    done = called(EXAMPLE, "--to", "torch", "-b", "numpy")
    assert done.exit_code == 4, done.output
    assert "it died at once" in done.output
