"""How a script makes its calls: gradients, layouts, modes, settings, repeats, and two calls held together."""

import ast
import builtins
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.documentation import Consistent, Equal, Inverse, Pair
from cases.values import BadValue, Part, Tensor
from conformance.idioms import IDIOMS, laid_out
from conformance.script import pair_script, script
from tests.cases.planned import API_NAMES, is_small
from tests.engine.fakes import FakeTensor, allowed, executed, fake

TORCH = "torch.nn.ConvTranspose1d"
X, W = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 2, 3), "float32")
LOADED = Case(TORCH, Arguments((2, 2, 3), (("bias", False),)), Arguments((X,)), (W,))


# Gradients

SLOPED = replace(
    LOADED,
    construct=Arguments((2, 2, 3)),
    parameters=(W, Tensor("bias", (2,), "float32")),
    differentiate=("weight", "input", "bias"),
    upstream=Tensor("upstream", (1, 2, 7), "float32"),
)


def elsewhere(case: Case, api: str) -> Case:
    return replace(case, api=api, construct=Arguments((2, 2, 3), (("pad_mode", "pad"), ("has_bias", True))))


@pytest.mark.parametrize("of", [("input",), ("weight",), ("weight", "bias"), ("input", "bias"), SLOPED.differentiate])
@pytest.mark.parametrize("api", [TORCH, "oneflow.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"])
def test_gradients_are_asked_for_in_each_frameworks_way_and_told_apart(
    api: str, of: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = api.partition(".")[0]
    case = replace(SLOPED, api=api) if framework != "mindspore" else elsewhere(SLOPED, api)
    text = script(replace(case, differentiate=of))
    code, printed = executed(text, framework, monkeypatch)
    assert code == 0, printed
    for role in of:
        assert f"gradient of {role} expected:" in printed

    def exchanged(*arguments: Any) -> Any:
        return [FakeTensor(item.array[::-1] + 1) for item in right.autograd_grad(*arguments)]

    right: Any = fake(framework)
    right.autograd_grad = right.autograd.grad
    if framework != "mindspore":  # a wrong gradient beside a right result
        right.autograd.grad = exchanged
        assert executed(text, framework, monkeypatch, module=right)[0] == 1


def test_a_function_is_differentiated_by_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    api = "torch.nn.functional.conv_transpose1d"
    case = Case(
        api,
        None,
        Arguments((X, W), (("stride", 2),)),
        differentiate=("weight", "input"),
        upstream=Tensor("upstream", (1, 2, 11), "float32"),
    )
    text = script(case)
    assert f"module = {api}" in text
    assert "tensors = [weight, input]" in text
    assert executed(text, "torch", monkeypatch)[0] == 0
    assert executed(text, "torch", monkeypatch, add=1)[0] == 1


# Layouts, modes, settings, repeats


@pytest.mark.parametrize("framework", IDIOMS)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 2, 4), (2, 3, 4, 5), (2, 3, 2, 3, 2)])
@pytest.mark.parametrize("layout", ["contiguous", "strided", "transposed", "channels-last", "expanded"])
def test_a_tensor_lies_as_its_layout_says_and_holds_the_same_numbers(framework: str, shape: Any, layout: Any) -> None:
    array = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    if layout == "expanded":
        array = np.array(np.broadcast_to(array[:1], shape))
    module = fake(framework)
    expression = laid_out(IDIOMS[framework], "x", len(shape), layout)
    found = eval(expression, {framework: module, "x": FakeTensor(array)})
    assert np.array_equal(found.array, array)
    strides = [step // array.itemsize for step in found.array.strides]
    if layout == "contiguous":
        assert found.array.flags.c_contiguous
    elif layout == "expanded":
        assert strides[0] == 0
    elif layout == "strided" or len(shape) < 2:
        assert strides[-1] == 2
    elif layout == "transposed":
        assert (strides[-2], strides[-1]) == (1, shape[-2])
    elif len(shape) > 2:
        assert strides[1] == 1
        # The other axes in their own order, as a framework's format of that name has them.
        others = [strides[axis] for axis in (0, *range(2, len(shape)))]
        assert others == sorted(others, reverse=True)


@pytest.mark.parametrize("layout", ["strided", "transposed", "expanded"])
def test_a_script_lays_its_input_out(layout: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(LOADED, call=Arguments((replace(X, layout=layout),)))
    text = script(case)
    assert laid_out(IDIOMS["torch"], "input", 3, layout) in text
    assert executed(text, "torch", monkeypatch)[0] == 0


@pytest.mark.parametrize(
    ("api", "mode", "said"),
    [
        (TORCH, "eager", []),
        (TORCH, "compiled", ["compiled"]),
        ("mindspore.nn.Conv1dTranspose", "", ["pynative"]),
        ("mindspore.nn.Conv1dTranspose", "graph", ["graph"]),
        ("oneflow.nn.ConvTranspose1d", "eager", []),
    ],
)
def test_a_script_runs_in_the_mode_that_it_is_asked_for(
    api: str, mode: str, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = api.partition(".")[0]
    module = fake(framework)
    case = replace(LOADED, api=api, construct=Arguments((2, 2, 3)))
    assert executed(script(case, mode), framework, monkeypatch, module=module)[0] == 0
    assert module.did == said


def test_a_mode_or_a_setting_that_no_script_knows_is_refused_by_name() -> None:
    with pytest.raises(BadValue, match="no mode 'graph', only eager, compiled"):
        script(LOADED, "graph")
    for settings in ((("tf32", 1),), (("precision", True),)):
        with pytest.raises(BadValue, match=settings[0][0]):
            script(replace(LOADED, settings=settings))
    with pytest.raises(BadValue, match="tf32"):
        script(replace(LOADED, api="oneflow.nn.ConvTranspose1d", settings=(("tf32", True),)))


def test_settings_are_switched_before_the_call_and_widen_what_is_allowed() -> None:
    text = script(replace(LOADED, settings=(("tf32", True), ("deterministic", True)), data="normal"))
    lines = text.splitlines()
    switched = next(at for at, line in enumerate(lines) if "allow_tf32" in line and line.endswith("= True"))
    fixed = next(at for at, line in enumerate(lines) if line.strip() == "torch.backends.cudnn.deterministic = True")
    called = next(at for at, line in enumerate(lines) if "result = module(" in line)
    assert switched < fixed < called
    plain = allowed(script(replace(LOADED, data="normal", origin=LOADED.id)))
    narrow = allowed(script(replace(LOADED, data="normal", origin=LOADED.id, settings=(("tf32", True),))))
    assert np.all(narrow > 10 * plain)


def test_a_repeated_call_is_made_as_often_and_judged_by_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    text = script(replace(LOADED, repeats=3))
    assert text.count("module(input)") == 3
    module = fake("torch")
    layer, calls = module.nn.ConvTranspose1d, []

    class Worse(layer):  # type: ignore[valid-type,misc]
        def __call__(self, *inputs: Any) -> FakeTensor:
            calls.append(1)
            return FakeTensor(super().__call__(*inputs).array + (len(calls) == 3))

    module.nn.ConvTranspose1d = Worse
    assert executed(text, "torch", monkeypatch, module=module)[0] == 1
    assert len(calls) == 3


# Two calls

ONE = replace(LOADED, call=Arguments((replace(X, parts=(Part(0, 2, (4, 2, 5)),)),)), origin="0" * 16)
BATCH = replace(LOADED, call=Arguments((replace(X, shape=(4, 2, 5)),)), origin="0" * 16)
STRETCH = (Part(0, 2, (4, 2, 7)),)


def paired(pair: Pair, **more: Any) -> str:
    return pair_script(pair.left, pair.right, parts=pair.parts, output=pair.output, **more)


def test_a_script_of_two_calls_compares_the_stretch_that_the_claim_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    assert executed(paired(Pair(BATCH, ONE, STRETCH)), "torch", monkeypatch)[0] == 0
    assert executed(paired(Pair(BATCH, ONE, (Part(0, 1, (4, 2, 7)),))), "torch", monkeypatch)[0] == 1
    assert executed(paired(Pair(BATCH, ONE)), "torch", monkeypatch)[0] == 1


def test_a_script_of_two_calls_may_cut_twice_and_look_at_a_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    text = paired(Pair(BATCH, ONE, (Part(0, 2, (4, 2, 7)), Part(2, 0, (1, 2, 7)))))
    assert executed(text, "torch", monkeypatch)[0] == 0
    slope = replace(ONE, differentiate=("input",), upstream=Tensor("upstream", (1, 2, 7), "float32"))
    text = paired(Pair(ONE, slope, output="gradient of input"))
    assert "right()['gradient of input']" in text
    assert executed(text, "torch", monkeypatch)[0] == 1
    assert executed(paired(Pair(slope, ONE)), "torch", monkeypatch)[0] == 0


def test_a_script_of_inverse_calls_compares_each_shape_with_the_others_input(monkeypatch: pytest.MonkeyPatch) -> None:
    back = Case("torch.nn.Conv1d", Arguments((2, 2, 3)), Arguments((Tensor("input", (1, 2, 7), "float32"),)))
    text = paired(Pair(LOADED, back), inverse=True)
    for shape, code in (((1, 2, 5), 0), ((1, 2, 6), 1)):
        module = fake("torch")
        module.nn.Conv1d = lambda *given, shape=shape, **more: lambda x: FakeTensor(np.zeros(shape, np.float32))
        assert executed(text, "torch", monkeypatch, module=module)[0] == code


def test_one_script_cannot_call_two_frameworks() -> None:
    with pytest.raises(BadValue, match="two frameworks"):
        paired(Pair(LOADED, replace(LOADED, api="oneflow.nn.ConvTranspose1d")))


# Every name is defined


def undefined(text: str) -> set[str]:
    """The names that a script reads and nobody defines; a function sees its own, and the module's."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    outer = set(dir(builtins)) | {function.name for function in functions}
    outer |= {name for node in tree.body if node not in functions for name in bound(node)}
    found: set[str] = set()
    for function in functions:
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        found |= {node.id for node in names if isinstance(node.ctx, ast.Load)} - outer - bound(function)
    return found


def bound(tree: ast.AST) -> set[str]:
    """The names that a piece of code defines."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.Import(names=names):
                found |= {alias.asname or alias.name for alias in names}
    return found


def test_the_look_at_names_sees_one_that_is_missing() -> None:
    assert undefined("def run():\n    y = 1\n    return x + y\n") == {"x"}
    assert undefined("def run():\n    f = lambda x: x\n    return f(len(''))\n") == set()
    assert undefined("import a\ndef left():\n    x = a\ndef right():\n    return x\n") == {"x"}


@pytest.mark.parametrize("api", API_NAMES)
def test_every_pair_of_calls_within_a_framework_has_a_script_in_which_every_name_is_defined(api: str) -> None:
    """Of the gradient of a convolution the upstream has another's role, so that both sides share its numbers."""
    framework, seen = api.partition(".")[0], 0
    for claim in apis()[api].claims:
        if not isinstance(claim.detail, Equal | Consistent | Inverse):
            continue
        within = [pair for pair in claim.detail.pairs if pair.right.api.startswith(f"{framework}.")]
        small = [pair for pair in within if is_small(pair.left) and is_small(pair.right)]
        for pair in small[:2]:
            text = paired(pair, inverse=isinstance(claim.detail, Inverse))
            compile(text, claim.id, "exec")
            assert undefined(text) == set(), (claim.id, text)
            seen += 1
    assert seen
