"""What rules may speak of: every case has it, under the names that the APIs of an operator share, with defaults."""

import math
from dataclasses import replace

import pytest

from cases.case import Arguments, Case
from cases.features import features, kind
from cases.rules import parse
from cases.steps import Around, Crop, Squeeze
from cases.values import Dtype, Instance, Scalar, Tensor
from tests.cases.planned import API_NAMES, plan

INPUT = Tensor("input", (2, 2, 5), "float32")
LAYER = Case(
    "torch.nn.ConvTranspose1d",
    Arguments((2, 4, 3), (("stride", 2),)),
    Arguments((INPUT,)),
    (Tensor("weight", (2, 4, 3), "float32"), Tensor("bias", (4,), "float32")),
)
FUNCTION = Case(
    "torch.nn.functional.conv_transpose1d",
    call=Arguments((INPUT, Tensor("weight", (2, 4, 3), "float32"), Tensor("bias", (4,), "float32"), 2)),
)
MINDSPORE = Case(
    "mindspore.nn.Conv1dTranspose",
    Arguments((2, 4, 3), (("stride", 2), ("pad_mode", "pad"))),
    Arguments((INPUT,)),
    (Tensor("weight", (2, 4, 3), "float32"),),
)


@pytest.mark.parametrize("api", API_NAMES)
def test_every_planned_case_has_features_that_are_words_or_numbers(api: str) -> None:
    """A number that is none (nan) may be an argument, too."""
    for case in plan(api).cases:
        found = features(case, "compiled")
        assert found["api"] == api
        assert found["execution"] == "compiled"
        for name, value in found.items():
            if isinstance(value, tuple):
                assert all(isinstance(item, int | float) and not isinstance(item, bool) for item in value), name
            else:
                assert value is None or isinstance(value, str | bool), name


@pytest.mark.parametrize("api", API_NAMES)
def test_the_shapes_of_a_call_are_told_wherever_its_arguments_are_as_documented(api: str) -> None:
    found = [features(case) for case in plan(api).cases if case.action == "call" and case.data == "integers"]
    # How many channels a lazy layer has, none of its arguments says.
    channels = "out_channels" if "Lazy" in api else "in_channels"
    for name in ("axes", "kind", "batch", "length", "kernel_size", "extent", channels, "groups", "type(groups)"):
        assert sum(name in item for item in found) > 0.6 * len(found), name
    assert len({item.get("extent") for item in found}) > 1


def test_a_layer_and_a_function_speak_of_the_same_by_the_same_names() -> None:
    layer, function, other = features(LAYER), features(FUNCTION), features(MINDSPORE)
    shared = {
        "axes": (1,),
        "batch": (2,),
        "length": (5,),
        "in_channels": (2,),
        "out_channels": (4,),
        "stride": (2,),
        "dilation": (1,),
        "groups": (1,),
        "padding": (0,),
        "kernel_size": (3,),
        "extent": (3,),
        "dtype": "float32",
        "data": "integers",
        "repeats": (1,),
    }
    for found in (layer, function, other):
        assert {name: found.get(name) for name in shared} == shared
    assert layer["bias"] is True
    assert function["bias"] is True
    assert (layer["kind"], function["kind"]) == ("module", "function")
    assert other["pad_mode"] == "pad"


def test_an_argument_is_a_feature_with_its_type_and_a_sequence_with_its_length() -> None:
    case = replace(LAYER, construct=Arguments((2, 4), (("kernel_size", (3,)), ("dilation", [2]), ("bias", False))))
    found = features(case)
    assert (found["kernel_size"], found["type(kernel_size)"], found["len(kernel_size)"]) == ((3,), "tuple", (1,))
    assert (found["dilation"], found["type(dilation)"], found["extent"]) == ((2,), "list", (5,))
    assert (found["bias"], found["type(bias)"]) == (False, "bool")
    assert found["padding_mode"] == "zeros"
    assert "len(stride)" not in found


def test_what_cannot_be_worked_out_of_invalid_arguments_is_left_out() -> None:
    for wrong in ("x", None, True, (1, 2, 3), (1.5,), math.nan):
        found = features(replace(LAYER, construct=Arguments((2, 4, wrong))))
        assert "extent" not in found, wrong
        assert found["type(kernel_size)"] == type(wrong).__name__
    assert "batch" not in features(replace(LAYER, call=Arguments((replace(INPUT, shape=(5,)),))))
    assert "kernel_size" not in features(replace(LAYER, construct=Arguments(())))


def test_an_input_without_samples_has_batch_0() -> None:
    found = features(replace(LAYER, call=Arguments((replace(INPUT, shape=(2, 5)),))))
    assert (found["batch"], found["length"], found["rank(input)"]) == ((0,), (5,), (2,))


def test_how_a_case_is_run_is_told_where_it_is_not_the_usual() -> None:
    plain = features(LAYER)
    assert not {"execution", "action", "layout", "keyword(input)", "gradient(weight)", "dtype(input)"} & set(plain)
    case = replace(
        LAYER,
        call=Arguments((), (("input", replace(INPUT, layout="strided")),)),
        differentiate=("weight",),
        upstream=Tensor("upstream", (2, 4, 11), "float32"),
        repeats=2,
    )
    found = features(case, "compiled")
    assert (found["execution"], found["layout"], found["repeats"]) == ("compiled", "strided", (2,))
    assert found["keyword(input)"] is True
    assert found["gradient(weight)"] is True
    mixed = replace(LAYER, parameters=(Tensor("weight", (2, 4, 3), "float64"), LAYER.parameters[1]))
    assert features(mixed)["dtype(weight)"] == "float64"
    assert features(replace(LAYER, action="inspect"))["action"] == "inspect"


def test_the_same_case_has_its_features_in_the_same_order() -> None:
    assert list(features(LAYER).items()) == list(features(replace(LAYER)).items())


def test_an_api_that_no_operator_documents_has_its_named_arguments() -> None:
    case = Case("torch.nn.Conv1d", Arguments((), (("groups", 2), ("bias", False))), Arguments((INPUT,)))
    found = features(case)
    assert (found["api"], found["groups"], found["bias"]) == ("torch.nn.Conv1d", (2,), False)
    assert "axes" not in found


def test_kinds_of_values_are_named_as_a_person_would() -> None:
    named = {
        "tensor": INPUT,
        "numpy.int64": Scalar("int64", 1),
        "Normal": Instance("mindspore.common.initializer.Normal", ()),
        "NoneType": None,
        "Dtype": Dtype("float32"),
    }
    assert {name: kind(value) for name, value in named.items()} == {name: name for name in named}


def test_a_recipe_says_which_kinds_of_steps_it_has() -> None:
    tensors = (Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 3, 3), "float32"))
    case = Case("torch.nn.functional.conv_transpose1d", None, Arguments(tensors))
    around = replace(case, around=Around(after=(Crop(2, 0, 1), Squeeze(0))))
    assert {name for name in features(around) if name.startswith("step(")} == {"step(crop)", "step(squeeze)"}
    assert not any(name.startswith("step(") for name in features(case))
    assert parse("step(crop) == True").holds(features(around))
    assert not parse("step(crop) == True").holds(features(case))
