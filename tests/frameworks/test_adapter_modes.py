"""The slow modes: compiled PyTorch and MindSpore's graphs give the documented results, and leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from conformance.lanes import plan_of
from conformance.outcome import CouldNotRun
from conformance.pool import Lane
from tests.frameworks.adapter_requests import (
    BIAS,
    GEOMETRY,
    GRADIENTS,
    ORDINARY,
    OUTPUT,
    UPSTREAM,
    WEIGHT,
    Ask,
    X,
    arguments,
    asking,
    error,
    layer,
    request,
    tensor,
    values,
)
from tests.frameworks.conftest import backend

SLOW = {"torch": "compiled", "mindspore": "graph"}
FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SLOW]


@pytest.fixture(scope="module", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def ask(framework: str) -> Iterator[Ask]:
    with asking(framework) as found:
        yield found


@pytest.mark.parametrize("name", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ORDINARY])
def test_a_backend_names_its_modes_the_fast_one_first(name: str) -> None:
    with Lane(plan_of(backend(name)), limit=30) as lane:
        facts = lane.start()
    assert facts["modes"][0] == ORDINARY[name]
    assert facts["modes"][1:] == ([SLOW[name]] if name in SLOW else [])
    assert facts["capability"]


def test_the_slow_mode_gives_the_documented_results(framework: str, ask: Ask) -> None:
    outcome = ask(layer(framework, mode=SLOW[framework], upstream=UPSTREAM, of=["input", "weight", "bias"], repeats=2))
    assert np.array_equal(values(outcome), OUTPUT)
    assert np.array_equal(values(outcome, "gradient of input"), GRADIENTS.x)
    assert np.array_equal(values(outcome, "gradient of weight"), GRADIENTS.weight)
    assert np.array_equal(values(outcome, "gradient of bias"), GRADIENTS.bias)


def test_what_is_asked_next_is_compiled_anew(framework: str, ask: Ask) -> None:
    for count in (1, 2, 1):
        outcome = ask(layer(framework, tensor("input", X[:count]), mode=SLOW[framework]))
        assert np.array_equal(values(outcome), OUTPUT[:count])
    doubled = ask(layer(framework, mode=SLOW[framework], parameters={"weight": 2 * WEIGHT, "bias": 2 * BIAS}))
    assert np.array_equal(values(doubled), 2 * OUTPUT)


@pytest.mark.parametrize("layout", ["strided", "channels-last"])
def test_the_slow_mode_takes_every_layout(framework: str, ask: Ask, layout: str) -> None:
    assert np.array_equal(values(ask(layer(framework, tensor("input", X, layout), mode=SLOW[framework]))), OUTPUT)


def test_an_error_in_the_slow_mode_is_an_answer_of_the_call(framework: str, ask: Ask) -> None:
    assert error(ask(layer(framework, tensor("input", X[:, :3]), mode=SLOW[framework]))).stage == "call"
    assert error(ask(layer(framework, 3, mode=SLOW[framework]))).classes[0] == "TypeError"


def test_afterwards_the_ordinary_mode_is_what_it_was(framework: str, ask: Ask) -> None:
    def milliseconds() -> float:
        outcomes = [ask(layer(framework)) for _ in range(10)]
        assert all(np.array_equal(values(outcome), OUTPUT) for outcome in outcomes)
        return float(min(outcome.milliseconds for outcome in outcomes))

    with asking(framework) as fresh:
        fresh(layer(framework))
        before = min(float(fresh(layer(framework)).milliseconds) for _ in range(10))
    ask(layer(framework, mode=SLOW[framework]))
    assert milliseconds() < 3 * before + 1


@pytest.mark.torch
def test_a_function_and_a_lazy_module_are_compiled_too() -> None:
    given = arguments(tensor("input", X), tensor("weight", WEIGHT), tensor("bias", BIAS), **GEOMETRY)
    made = arguments(6, 3, **GEOMETRY)
    with asking("torch") as ask:
        outcome = ask(
            request("torch.nn.functional.conv_transpose2d", given, "compiled", upstream=UPSTREAM, of=["weight"])
        )
        assert np.array_equal(values(outcome), OUTPUT)
        assert np.array_equal(values(outcome, "gradient of weight"), GRADIENTS.weight)
        call = arguments(tensor("input", X))
        loaded = {"weight": WEIGHT, "bias": BIAS}
        lazy = request("torch.nn.LazyConvTranspose2d", call, "compiled", construct=made, parameters=loaded)
        assert np.array_equal(values(ask(lazy)), OUTPUT)


@pytest.mark.torch
def test_what_is_left_to_eager_is_no_result_of_the_compiled_mode() -> None:
    """The shape of what `nonzero` returns hangs on the numbers, which the compiler leaves to eager."""
    with asking("torch") as ask:
        asked = request("torch.nonzero", arguments(tensor("input", X)), "compiled")
        assert len(values(ask(asked | {"mode": "eager"}))) == X.size
        outcome = ask(asked)
    assert isinstance(outcome, CouldNotRun)
    assert "eager" in outcome.reason


@pytest.mark.torch
def test_without_a_compiler_there_is_no_compiled_mode_and_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with Lane(plan_of(backend("torch")), limit=30) as lane:
        facts = lane.start()
        ((_, outcome),) = lane.run([layer("torch", mode="compiled")])
    assert facts["modes"] == ["eager"]
    assert "no-such-compiler" in facts["missing_modes"]["compiled"]
    assert isinstance(outcome, CouldNotRun)


@pytest.mark.torch
def test_a_compiler_that_fails_is_a_reason_and_not_an_error_of_the_framework(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    with asking("torch") as ask:
        for _ in range(2):
            outcome = ask(layer("torch", mode="compiled"))
            assert isinstance(outcome, CouldNotRun)
            assert "does not work on this machine" in outcome.reason
        assert np.array_equal(values(ask(layer("torch"))), OUTPUT)


@pytest.mark.torch
def test_what_is_compiled_lies_in_the_folder_of_the_worker_and_goes_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with asking("torch") as ask:
        assert np.array_equal(values(ask(layer("torch", mode="compiled"))), OUTPUT)
        (folder,) = tmp_path.iterdir()
        assert (folder / "inductor").is_dir()
    assert list(tmp_path.iterdir()) == []
