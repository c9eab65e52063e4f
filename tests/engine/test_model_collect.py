"""What a model calls: read off a miniature of PyTorch in a worker, whatever the user's code does there."""

from pathlib import Path

import numpy as np
import pytest

from conformance import model_collect
from conformance.errors import UsageError
from conformance.model_collect import Asked, Collected, Input, asked, collect
from tests.engine import small_models
from tests.engine.played import asked as backends


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the user's with models, and the miniature in place of PyTorch."""
    monkeypatch.setattr(model_collect, "ADAPTER", small_models.ADAPTER)
    monkeypatch.setattr(model_collect, "plan_of", small_models.plan)
    return small_models.write(tmp_path)


def collected(file: Path, factory: str, *shape: int, **more) -> Collected:
    wanted = Asked(file, factory, (Input(shape or (1, 2, 5)),), **({"seconds": 30.0} | more))
    return collect(wanted, backends("torch")[0].backend)


def why(found: Collected) -> set[tuple[str, str, int]]:
    return {(other.what, other.why, other.count) for other in found.others}


def test_a_layer_is_told_with_its_arguments_and_every_number(file: Path) -> None:
    found = collected(file, "plain")
    (call,) = found.calls
    assert (call.name, call.api, call.kind, call.count) == ("1", "torch.nn.ConvTranspose1d", "layer", 1)
    assert call.construct is not None
    assert call.construct["stride"] == {"value": (2,)}
    assert call.construct["bias"] == {"value": True}
    shapes = {role: item.shape for role, item in call.tensors.items()}
    assert shapes == {"input": (1, 2, 5), "weight": (2, 3, 4), "bias": (3,)}
    assert all(item.numbers is not None and np.any(item.numbers) for item in call.tensors.values())
    assert call.output.shape == (1, 3, 10)
    assert found.output == ((1, 3, 10),)
    assert (found.model, found.facts["version"]) == ("Sequential", "2.13.0")


def test_a_layer_of_another_operator_is_counted_and_what_it_calls_is_its_own(file: Path) -> None:
    assert why(collected(file, "plain")) == {("torch.nn.Conv1d", "unknown", 1)}


def test_the_same_seed_gives_the_same_weights_and_inputs_and_another_seed_others(file: Path) -> None:
    first, again, other = (collected(file, "plain", seed=seed).calls[0].tensors for seed in (0, 0, 1))
    for role, item in first.items():
        assert np.array_equal(item.numbers, again[role].numbers)
        assert not np.array_equal(item.numbers, other[role].numbers)


def test_a_shared_layer_has_an_entry_for_each_input_shape_and_one_that_is_not_called_is_named(file: Path) -> None:
    found = collected(file, "Shared")
    assert [(call.name, call.tensors["input"].shape, call.count) for call in found.calls] == [
        ("up", (1, 2, 5), 2),
        ("up", (1, 2, 7), 1),
    ]
    assert why(found) == {("torch.nn.ConvTranspose1d", "not-called", 1), ("torch.relu", "unknown", 1)}


def test_functions_are_seen_once_for_each_weight(file: Path) -> None:
    found = collected(file, "Functional")
    assert [(call.name, call.kind, call.construct, call.count) for call in found.calls] == [
        ("(the model)", "function", None, 2),
        ("(the model)", "function", None, 1),
    ]
    assert found.calls[0].call == {"stride": {"value": 2}}
    assert np.array_equal(found.calls[0].tensors["weight"].numbers.ravel(), np.arange(12))
    assert why(found) == {("models.Functional", "own-code", 1)}


def test_a_forward_of_its_own_is_not_covered_and_what_it_calls_is_a_function_call(file: Path) -> None:
    found = collected(file, "own")
    assert [(call.name, call.kind) for call in found.calls] == [("0", "function")]
    assert why(found) == {("models.Own", "own-forward", 1), ("torch.relu", "unknown", 1)}


def test_a_subclass_with_the_forward_of_its_class_is_that_class(file: Path) -> None:
    (call,) = collected(file, "named").calls
    assert (call.api, call.kind) == ("torch.nn.ConvTranspose1d", "layer")
    assert call.construct is not None
    assert call.construct["bias"] == {"value": False}
    assert set(call.tensors) == {"input", "weight"}


def test_what_a_call_asks_for_is_kept(file: Path) -> None:
    (call,) = collected(file, "Sized").calls
    assert call.call == {"output_size": {"value": (12,)}}
    assert call.output.shape == (1, 2, 12)


@pytest.mark.parametrize(("limits", "missing"), [({"most": 47}, {"weight", "input"}), ({"total": 60}, {"weight"})])
def test_a_tensor_beyond_the_limits_comes_without_its_numbers(file: Path, limits: dict, missing: set[str]) -> None:
    (call,) = collected(file, "named", 1, 2, 6, **limits).calls
    assert {role for role, item in call.tensors.items() if item.numbers is None} == missing
    assert call.tensors["weight"].shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("factory", "shape", "said"),
    [
        ("missing", (1, 2, 5), "models.py has no 'missing'; it has Functional"),
        ("number", (1, 2, 5), "number is a int, which cannot be called"),
        ("instance", (1, 2, 5), "instance is a module itself"),
        ("needs", (1, 2, 5), "needs() fails: TypeError"),
        ("raises", (1, 2, 5), 'raise ValueError("no such'),
        ("gives_up", (1, 2, 5), "gives_up() fails: SystemExit: no device"),
        ("none", (1, 2, 5), "none() returned a NoneType"),
        ("plain", (1, 3, 5), "inputs of shape (1, 3, 5)"),
        ("Two", (1, 2, 5), "inputs of shape (1, 2, 5): TypeError"),
        ("leaves", (1, 2, 5), "ended while it ran (exit code 3)\n    the last words"),
    ],
)
def test_what_goes_wrong_in_the_users_code_is_said(file: Path, factory: str, shape: tuple, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        collected(file, factory, *shape)
    assert said in str(caught.value)
    assert caught.value.way_out
    assert "torch_model" not in str(caught.value)  # frames of ours say nothing to the user


def test_a_model_that_hangs_is_ended(file: Path) -> None:
    with pytest.raises(UsageError, match="did not return within 2 seconds"):
        collected(file, "hangs", seconds=2.0)


@pytest.mark.parametrize("text", ["this is no Python", "import nothing_of_this_name", "raise SystemExit(2)"])
def test_a_file_that_cannot_be_imported_is_said(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=r"models\.py cannot be imported"):
        collected(file, "plain")


@pytest.mark.parametrize(
    ("target", "inputs", "dtypes", "said"),
    [
        ("models.py", ("1",), (), "names no factory"),
        ("models.py:", ("1",), (), "names no factory"),
        ("models.py:1x", ("1",), (), "names no factory"),
        ("nowhere.py:plain", ("1",), (), "there is no file nowhere.py"),
        ("{text}:plain", ("1",), (), "is no Python file"),
        ("{file}:plain", (), (), "needs an input"),
        ("{file}:plain", ("1,x",), (), "'1,x' is no shape"),
        ("{file}:plain", ("1,-2",), (), "is no shape"),
        ("{file}:plain", ("",), (), "is no shape"),
        ("{file}:plain", ("1", "2"), ("float32",) * 3, "3 dtypes are given for 2 inputs"),
        ("{file}:plain", ("1",), ("float33",), "--dtype float33 is no element type"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    file: Path, target: str, inputs: tuple[str, ...], dtypes: tuple[str, ...], said: str
) -> None:
    text = file.with_suffix(".txt")
    text.write_text("")
    with pytest.raises(UsageError, match=said):
        asked(target.format(file=file, text=text), inputs, dtypes)


def test_inputs_are_read_with_one_dtype_for_all_or_one_for_each(file: Path) -> None:
    read = [asked(f"{file}:a.b", ("1,80,100", "(3,)"), dtypes).inputs for dtypes in ((), ("int64",), ("bool", "int64"))]
    assert [[item.shape for item in items] for items in read] == [[(1, 80, 100), (3,)]] * 3
    types = [[item.dtype for item in items] for items in read]
    assert types == [["float32"] * 2, ["int64"] * 2, ["bool", "int64"]]
