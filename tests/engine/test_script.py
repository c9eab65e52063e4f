"""The stand-alone script of a case: python for its framework only, and it tells right from wrong."""

from dataclasses import replace
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cases.case import Arguments, Case
from cases.values import BadValue, Dtype, Instance, Tensor
from conformance.agreement import agreement
from conformance.expected import ExpectedError, ExpectedUnsupported, ExpectedValue, Prepared, Undocumented, prepare
from conformance.idioms import IDIOMS
from conformance.script import LITERAL, _array, script
from tests.cases.planned import API_NAMES, sample
from tests.engine.fakes import FakeTensor, Held, allowed, executed, fake

TORCH = "torch.nn.ConvTranspose1d"


def scripted(api: str) -> list[Prepared]:
    """The sampled cases of an API that a script can show: the largest arrays are not written out."""
    found = []
    for item in sample(api):
        expected = item.expected
        sizes = [array.size for array in item.data.values()]
        if isinstance(expected, ExpectedValue):
            sizes += [wanted.array.size for wanted in expected.outputs.values()]
        if max(sizes, default=0) <= LITERAL and not item.case.settings:
            found.append(item)
    return found


def few(api: str) -> list[Prepared]:
    """One case of each kind of expectation, data, element type, layout and gradient."""
    found: dict[object, Prepared] = {}
    for item in scripted(api):
        case, expected = item.case, item.expected
        rule = expected.rule if isinstance(expected, ExpectedError) else ""
        layouts = frozenset(tensor.layout for tensor in case.tensors())
        key = (type(expected), case.action, case.data, case.dtype, layouts, rule, len(case.differentiate))
        found.setdefault(key, item)
    return list(found.values())


@pytest.mark.parametrize("api", API_NAMES)
def test_the_script_of_every_kind_of_case_is_python_for_its_framework_only(api: str) -> None:
    framework = api.partition(".")[0]
    for number, item in enumerate(scripted(api)):
        for mode in ("", *IDIOMS[framework].modes)[: 1 if number else None]:
            text = script(item.case, mode)
            compile(text, item.case.id, "exec")
            assert f"import {framework}\n" in text
            assert api in text
            assert not {"import conformance", "import cases", "import reference"} & set(text.splitlines())


@pytest.mark.parametrize("api", API_NAMES)
def test_a_script_exits_0_on_what_is_documented_and_1_on_anything_else(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = api.partition(".")[0]
    for item in few(api):
        text, expected = script(item.case), item.expected
        if isinstance(expected, ExpectedValue):
            assert executed(text, framework, monkeypatch)[0] == 0, item.case.show()
            judged = item.case.data == "integers" and expected.output.array.size
            if judged and item.case.dtype in ("float32", "float64"):
                assert executed(text, framework, monkeypatch, add=1)[0] == 1, item.case.show()
        elif isinstance(expected, ExpectedError):
            code, printed = executed(text, framework, monkeypatch)
            assert code == 0, (item.case.show(), printed)
            assert f"which names {expected.argument}" in printed


X, W = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 2, 3), "float32")
LOADED = Case(TORCH, Arguments((2, 2, 3), (("bias", False),)), Arguments((X,)), (W,))
NEGATIVE = Case(
    "mindspore.nn.Conv1dTranspose", Arguments((2, 2, 3), (("pad_mode", "pad"), ("padding", -1))), Arguments((X,))
)


# Errors


class Loose:
    """A layer that takes everything."""

    weight = bias = Held()

    def __init__(self, *given: Any, **keyword: Any) -> None: ...

    def __call__(self, *inputs: Any, **options: Any) -> FakeTensor:
        return FakeTensor(np.zeros((1, 2)))


def refusing(error: Exception) -> Any:
    def refuse(*given: Any, **keyword: Any) -> None:
        raise error

    return refuse


@pytest.mark.parametrize(
    ("layer", "code", "said"),
    [
        (Loose, 1, "actual: output (1, 2)"),
        (refusing(ValueError("padding must not be negative")), 0, "ValueError padding"),
        (refusing(ValueError("the PAD is negative")), 0, "ValueError the PAD"),
        (refusing(ValueError("no")), 1, "ValueError no"),
        (refusing(TypeError("padding must not be negative")), 1, "TypeError padding"),
    ],
    ids=["accepted", "named", "worded", "nameless", "another class"],
)
def test_a_script_asks_for_the_documented_class_and_for_a_message_that_names_the_argument(
    layer: Any, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = prepare(NEGATIVE).expected
    assert isinstance(expected, ExpectedError)
    assert (expected.argument, expected.error) == ("padding", "ValueError")
    module = fake("mindspore")
    module.nn.Conv1dTranspose = layer
    left, printed = executed(script(NEGATIVE), "mindspore", monkeypatch, module=module)
    assert left == code
    assert "expected: ValueError, which names padding" in printed
    assert said in printed


@pytest.mark.parametrize(("layer", "code"), [(Loose, 1), (refusing(RuntimeError("not on CPU")), 0)])
def test_what_a_document_says_does_not_work_is_there_while_it_does(
    layer: Any, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = next(item for item in sample("mindspore.mint.nn.ConvTranspose2d") if item.case.action == "call")
    assert isinstance(item.expected, ExpectedUnsupported)
    module = fake("mindspore")
    module.mint.nn.ConvTranspose2d = layer
    left, printed = executed(script(item.case), "mindspore", monkeypatch, module=module)
    assert left == code, printed


@pytest.mark.parametrize(("layer", "code"), [(Loose, 0), (refusing(ValueError("zeros only")), 1)])
def test_a_valid_call_whose_values_no_document_gives_differs_while_it_is_refused(
    layer: Any, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = Tensor("input", (1, 2, 5, 5), "float32")
    reflecting = Case(
        "torch.nn.ConvTranspose2d", Arguments((2, 4, 3), (("padding_mode", "reflect"),)), Arguments((image,))
    )
    expected = prepare(reflecting).expected
    assert isinstance(expected, Undocumented)
    assert expected.valid
    module = fake("torch")
    module.nn.ConvTranspose2d = layer
    left, printed = executed(script(reflecting), "torch", monkeypatch, module=module)
    assert left == code, printed
    assert "expected: a result, whatever its values are" in printed


def test_the_script_of_an_inspection_prints_the_signature() -> None:
    text = script(Case(TORCH, action="inspect"))
    compile(text, "inspection", "exec")
    assert f"print(inspect.signature({TORCH}))" in text


# Lazy layers, initial values, what the framework itself makes


def test_a_lazy_layer_has_its_parameters_after_its_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose initial values a script can read only then."""
    lazy = Case("torch.nn.LazyConvTranspose1d", Arguments((2, 3)), Arguments((X,)), action="initialise")
    code, printed = executed(script(lazy), "torch", monkeypatch)
    assert code == 0
    assert "weight float32 (2, 2, 3)" in printed
    assert "bias float32 (2,)" in printed


def test_initial_values_are_printed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for api, framework in ((TORCH, "torch"), ("mindspore.nn.Conv1dTranspose", "mindspore")):
        case = Case(api, Arguments((2, 4, 3)), action="initialise")
        code, printed = executed(script(case), framework, monkeypatch)
        assert code == 0
        assert "weight float32 (2, 4, " in printed
        assert "the documents do not say what these values are" in printed


def test_an_object_that_the_framework_makes_is_made_by_its_public_name() -> None:
    made = Instance("mindspore.common.initializer.Normal", (("sigma", 0.5), ("mean", 1.0)))
    case = Case("mindspore.nn.Conv1dTranspose", Arguments((2, 2, 3), (("weight_init", made),)), action="initialise")
    text = script(case)
    assert "weight_init=mindspore.common.initializer.Normal(sigma=0.5, mean=1.0)" in text
    compile(text, "made", "exec")


@pytest.mark.parametrize(
    "target", ["torch.nn.Module", "os.system", "mindspore.common.initializer.Normal('x')", "mindspore.a b"]
)
def test_an_object_of_another_framework_or_of_no_name_has_no_script(target: str) -> None:
    construct = Arguments((2, 2, 3), (("weight_init", Instance(target)),))
    with pytest.raises(BadValue):
        script(Case("mindspore.nn.Conv1dTranspose", construct, action="initialise"))


# Element types and special values


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "complex64", "int32"])
def test_other_element_types_are_made_and_read_back(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(
        "torch.nn.functional.conv_transpose1d", None, Arguments((replace(X, dtype=dtype), replace(W, dtype=dtype)))
    )
    expected = prepare(case).expected
    assert isinstance(expected, ExpectedValue)
    text = script(case)
    assert ("torch.bfloat16" in text.partition("return")[0]) is (dtype == "bfloat16")
    assert executed(text, "torch", monkeypatch)[0] == 0
    assert executed(text, "torch", monkeypatch, add=1)[0] == 1


def test_a_result_of_another_element_type_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal numbers of another type are not what is documented."""
    module = fake("torch")
    layer = module.nn.ConvTranspose1d

    class Wide(layer):  # type: ignore[valid-type,misc]
        def __call__(self, *inputs: Any) -> FakeTensor:
            return FakeTensor(super().__call__(*inputs).array.astype(np.float64))

    module.nn.ConvTranspose1d = Wide
    assert executed(script(LOADED), "torch", monkeypatch, module=module)[0] == 1


def test_the_fakes_round_bfloat16_as_the_frameworks_do() -> None:
    narrow = FakeTensor(np.array([1 + 2**-9], np.float32), Dtype("bfloat16"))
    assert narrow.array.tolist() == np.array([1 + 2**-9]).astype(ml_dtypes.bfloat16).astype(float).tolist()


@pytest.mark.parametrize("number", range(6))
def test_special_values_are_written_out_and_compared_by_class(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(LOADED, data="special", amplitude=2 + number)
    item = prepare(case)
    assert isinstance(item.expected, ExpectedValue)
    text = script(case)
    assert executed(text, "torch", monkeypatch)[0] == 0
    odd = ~np.isfinite(item.expected.output.result.value)
    if odd.any():
        module = fake("torch")
        layer = module.nn.ConvTranspose1d

        class Finite(layer):  # type: ignore[valid-type,misc]
            def __call__(self, *inputs: Any) -> FakeTensor:
                return FakeTensor(np.where(odd, np.float32(1), super().__call__(*inputs).array))

        module.nn.ConvTranspose1d = Finite
        assert executed(text, "torch", monkeypatch, module=module)[0] == 1


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.float16, np.int64, np.uint8, np.bool_, np.complex64]),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_an_array_is_written_as_an_expression_that_gives_the_same_bits(array: Any) -> None:
    if array.dtype.kind == "c":
        array = np.nan_to_num(array) + 0
    found = eval(_array(array), {"np": np})
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    same = found == array
    assert np.all(same | ((found != found) & (array != array)))
    assert (
        array.dtype.kind == "c"
        or np.array_equal(np.signbit(found[same]), np.signbit(array[same]))
        or (array.dtype.kind not in "f")
    )


def test_an_array_that_is_too_large_is_not_written_out() -> None:
    large = Tensor("input", (1, 2, LITERAL), "float32")
    with pytest.raises(BadValue, match="too large for a script"):
        script(replace(LOADED, call=Arguments((large,))))
    assert script(replace(LOADED, call=Arguments((large,)), data="ones", parameters=()))


def test_what_a_script_allows_is_what_the_judgement_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(LOADED, data="normal")
    item = prepare(case)
    assert isinstance(item.expected, ExpectedValue)
    text, wanted = script(case), item.expected.output
    for share, code in ((0.5, 0), (4.0, 1)):
        module = fake("torch")
        off = (wanted.array + share * allowed(text)).astype(np.float32)
        module.nn.ConvTranspose1d.__call__ = lambda self, x, off=off: FakeTensor(off)
        assert agreement(off, wanted, "normal").whole is (code == 0)
        assert executed(text, "torch", monkeypatch, module=module)[0] == code
