"""`check-model` as a person calls it, with PyTorch in miniature and the reference playing both frameworks."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cases.known import Ledger
from conformance import cli_model, model_check, model_collect
from conformance.backends import Backend, Specification, Unavailable
from conformance.cli import cli
from conformance.lanes import ROOT
from conformance.model import report
from conformance.model_collect import Asked, Input
from conformance.model_text import text
from conformance.pool import WorkerPlan
from tests.engine import small_models

REFERENCE = "conformance.adapters.numpy:NumpyAdapter"
SOURCES = ((ROOT, ("reference", "tests.engine")),)
ENTRY = """
[[known]]
name = "primitives-are-wrong"
apis = ["mindspore.ops.*"]
verdict = "differs"
claims = ["*"]
rule = "stride > 1"
reason = "planted"
date = 2026-11-01
"""


@pytest.fixture
def played() -> dict[str, str]:
    """Which adapter plays a framework, where it is not the reference."""
    return {}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played: dict[str, str]) -> Path:
    def plan(backend: Backend, memory_limit: int | None = None) -> WorkerPlan:
        adapter = played.get(backend.specification.framework, REFERENCE)
        return WorkerPlan(backend.python, adapter, "cpu", {}, SOURCES, memory_limit)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(model_collect, "ADAPTER", small_models.ADAPTER)
    monkeypatch.setattr(model_collect, "plan_of", small_models.plan)
    monkeypatch.setattr(model_check, "plan_of", plan)
    monkeypatch.setattr(cli_model, "resolve", lambda item, **_: Backend(item, Path(sys.executable)))
    return small_models.write(tmp_path)


def called(factory: str, *arguments: object, shape: str = "1,2,5", to: str = "mindspore") -> Result:
    given = ("check-model", f"models.py:{factory}", "--input", shape, "--to", to, *arguments)
    return CliRunner().invoke(cli, [str(item) for item in given])


def test_a_model_whose_layers_have_equal_counterparts_ends_with_0() -> None:
    done = called("plain")
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines() == ["1 of 1: 1"]
    said = done.stdout
    assert "1: torch.nn.ConvTranspose1d(2, 3, 4, stride=2, padding=1)(Tensor(1,2,5):float32)" in said
    assert "  equal: mindspore.nn.Conv1dTranspose" in said
    assert "layer = mindspore.nn.Conv1dTranspose(2, 3, 4, stride=2, pad_mode='pad', padding=1, has_bias=True)" in said
    assert "weights: weight (2, 3, 4) → (2, 3, 1, 4), bias (3,)" in said
    assert "verified on mindspore==" in said
    assert "among 30 numbers" in said
    assert "  1 × torch.nn.Conv1d (0): the suite does not know this operator" in said
    assert "a model may print" not in done.output


def test_a_recipe_is_shown_with_its_steps_and_ends_with_0() -> None:
    done = called("longer")
    assert done.exit_code == 0, done.output
    assert (
        "  needs recipe: mindspore.nn.Conv1dTranspose, with pad(axis=2, begin=0, end=1) before the call, "
        in done.stdout
    )
    assert "    x = mindspore.ops.pad(x, " in done.stdout


def test_a_size_that_the_call_asks_for_is_translated() -> None:
    done = called("Sized", to="oneflow")
    assert done.exit_code == 0, done.output
    assert "oneflow.nn.ConvTranspose1d(2, 2, 3, stride=2, output_padding=1)" in done.stdout


def test_where_arguments_differ_in_practice_the_next_way_is_tried_and_the_known_difference_is_named(
    played: dict[str, str],
) -> None:
    played["mindspore"] = "tests.engine.model_faults:WrongPrimitives"
    known = Path("known")
    known.mkdir()
    (known / "mindspore.toml").write_text(ENTRY)
    done = called("Functional", "--known", known)
    assert done.exit_code == 0, done.output
    assert "by the documents mindspore.ops.Conv2DTranspose(" in done.stdout
    assert "differs: 1 of 22 elements differ, by up to 1 (known difference primitives-are-wrong)" in done.stdout
    assert "  needs recipe: mindspore.nn.Conv1dTranspose" in done.stdout
    assert "primitives-are-wrong" not in called("Functional", "--no-known").stdout


def test_a_layer_without_any_equal_way_ends_with_1(played: dict[str, str]) -> None:
    played["mindspore"] = "tests.engine.model_faults:WrongLayers"
    done = called("plain")
    assert done.exit_code == 1, done.output
    assert "  differs: no way to write it that was tried gives the documented result" in done.stdout
    assert "the result has shape (1, 3, 11), not (1, 3, 10)" in done.stdout
    assert "import mindspore" not in done.stdout


def test_a_call_that_no_document_speaks_of_is_impossible_and_ends_with_1() -> None:
    done = called("beyond")
    assert done.exit_code == 1, done.output
    assert "  impossible: not a documented call: " in done.stdout


def test_pytorch_that_differs_from_its_own_documents_is_said(played: dict[str, str]) -> None:
    played["torch"] = "tests.engine.model_faults:WrongLayers"
    done = called("plain")
    assert done.exit_code == 1, done.output
    assert "  differs: PyTorch itself does not give the documented result, when called by itself: " in done.stdout


def test_a_model_that_calls_nothing_known_ends_with_5_and_says_what_it_calls() -> None:
    done = called("unknown")
    assert done.exit_code == 5, done.output
    assert "The model calls no operator that the suite knows." in done.stdout
    assert "  1 × torch.nn.Conv1d (0): " in done.stdout


def test_a_forward_of_its_own_is_said_not_to_be_covered() -> None:
    assert "  1 × models.Own (0): its forward is its own" in called("own").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing",), "has no 'missing'"),
        (("plain", "--dtype", "float1"), "--dtype float1"),
        (("plain", "--weights", "nowhere/w.npz"), "nowhere/w.npz cannot be written"),
        (("plain", "-o", "."), ". cannot be written"),
        (("plain", "--known", "nowhere"), "no folder nowhere"),
        (("plain", "--from", "mindspore"), "--from mindspore: a model is run on PyTorch"),
        (("hangs", "--time-limit", 2), "did not return within 2 seconds"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_is_wrong(arguments: tuple[object, ...], said: str) -> None:
    done = called(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("to", "said"), [("torch", "PyTorch model already"), ("numpy", "no API of it is known")])
def test_a_target_that_cannot_be_ends_with_2(to: str, said: str) -> None:
    done = called("plain", to=to)
    assert (done.exit_code, said in done.stderr, "mindspore, oneflow" in done.stderr) == (2, True, True)


def test_a_backend_that_is_not_there_ends_with_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_model, "resolve", lambda item, **_: Unavailable(item, "nothing here", "install it"))
    done = called("plain")
    assert (done.exit_code, "nothing here\ninstall it" in done.stderr) == (4, True)


def test_a_backend_that_does_not_start_ends_with_4(played: dict[str, str]) -> None:
    played["mindspore"] = "tests.engine.model_faults:NoSuchAdapter"
    done = called("plain")
    assert (done.exit_code, "NoSuchAdapter" in done.stderr) == (4, True)


def test_json_holds_what_the_text_says() -> None:
    done = called("Shared", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["exit_code"], told["counts"], told["inputs"][0]["shape"]) == (0, {"equal": 2}, [1, 2, 5])
    assert (told["from"].partition("==")[0], told["to"].partition("==")[0]) == ("torch", "mindspore")
    assert [(item["name"], item["count"], item["status"]) for item in told["layers"]] == [
        ("up", 2, "equal"),
        ("up", 1, "equal"),
    ]
    first = told["layers"][0]
    assert first["in_model"]["verdict"] == first["alone"]["verdict"] == first["tried"][-1]["verdict"] == "conforms"
    assert first["tried"][-1]["largest_error"] < 1e-5
    assert first["code"].startswith("import mindspore\n")
    assert {"what": "torch.relu", "count": 1, "kind": "function", "where": ["(the model)"], "why": "unknown"} in (
        told["not_covered"]
    )


def test_the_weights_are_written_in_the_shapes_of_the_target_and_the_code_reads_them() -> None:
    done = called("plain", "--weights", "w.npz")
    assert done.exit_code == 0, done.output
    with np.load("w.npz") as held:
        assert {name: item.shape for name, item in held.items()} == {"1.weight": (2, 3, 1, 4), "1.bias": (3,)}
        assert np.any(held["1.weight"])
    assert "weights = numpy.load('w.npz')" in done.stdout
    assert "layer.weight.set_data(mindspore.Tensor(weights['1.weight']))" in done.stdout


def test_two_weights_of_one_place_have_two_names() -> None:
    called("Functional", "--weights", "w.npz")
    with np.load("w.npz") as held:
        assert sorted(held) == ["(the model).weight", "(the model).weight.2"]
        assert not np.array_equal(*held.values())


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("# Sequential: from PyTorch to mindspore", "## Layers", "**equal**")), ("zh", ("## 各层", "**相等**"))],
)
def test_the_markdown_page_has_a_row_for_each_layer_and_its_code(lang: str, words: tuple[str, ...]) -> None:
    done = called("plain", "-o", "page.md", "--lang", lang)
    assert done.exit_code == 0, done.output
    page = Path("page.md").read_text(encoding="utf-8")
    for word in (*words, "```python\nimport mindspore\n", "| 1      | `torch.nn.ConvTranspose1d(", "`torch.nn.Conv1d`"):
        assert word in page


def test_every_sentence_has_its_chinese() -> None:
    """No English sentence of ours is left in the Chinese text."""
    said = called("Shared", "--lang", "zh").stdout
    assert "未覆盖" in said
    for word in ("verified", "called", "largest", "does not know", "not covered", "weights:"):
        assert word not in said


def test_a_tensor_that_is_too_large_is_replaced_and_said_to_be(file: Path) -> None:
    backends = [Backend(Specification(name), Path(sys.executable)) for name in ("torch", "mindspore")]
    asked = Asked(file, "named", (Input((1, 2, 60)),), seconds=30.0, most=64)
    made = report(asked, *backends, Ledger({}))
    assert made.code == 0
    lines = "\n".join(text(made))
    assert "generated numbers of the same shape stand for: input" in lines
    assert "in the model: too large to be compared" in lines
    assert set(made.weights) == {"0.weight"}


def test_a_name_that_means_something_in_a_terminal_or_in_markdown_does_no_harm(file: Path) -> None:
    file.write_text(
        "from torch import nn\n\n\n"
        "def build():\n"
        "    model = nn.Sequential()\n"
        "    setattr(model, '```|<b>\\x1b[31m\\n', nn.ConvTranspose1d(2, 2, 3))\n"
        "    return model\n"
    )
    done = called("build", "-o", "page.md")
    assert done.exit_code == 0, done.output
    page = Path("page.md").read_text(encoding="utf-8")
    assert "\x1b" not in done.stdout + page.replace("\\x1b", "")
    assert "````python\nimport mindspore\n" in page
    assert "<b>" not in page.replace("'```|<b>", "")
