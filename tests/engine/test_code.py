"""The code that a person pastes: it is short, it runs as it stands, and it carries parameters over and back."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case import Case
from cases.catalogue import apis, operators
from cases.steps import Add, Around, Crop, Expand, Pad, Squeeze
from cases.strategies import strategy
from cases.values import BadValue, Tensor
from conformance.call_text import parse_call
from conformance.code import counterpart_code, weights_code
from conformance.expected import ExpectedValue, prepare
from conformance.translation_run import runnable
from tests.cases.planned import API_NAMES, FRAMEWORKS
from tests.engine.fakes import executed

MINDSPORE = "mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same', has_bias=True)"


def counterparts(case: Case, framework: str) -> tuple[Case, ...]:
    found = operators()["conv_transpose"].counterparts(case, framework)
    return () if isinstance(found, str) else found


def translated(text: str, framework: str, **more: Any) -> tuple[Case, Case]:
    ours = parse_call(text, **more)
    return ours, counterparts(ours, framework)[0]


def test_a_layer_is_made_once_and_called_in_a_function() -> None:
    _, theirs = translated("mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3)", "torch", input_shape=(1, 3, 50))
    assert counterpart_code(theirs).splitlines() == [
        "import torch",
        "",
        "layer = torch.nn.ConvTranspose1d(3, 64, 5, stride=3, padding=1, bias=False)",
        "",
        "",
        "def counterpart(x):  # (1, 3, 50)",
        "    return layer(x)",
    ]


def test_steps_stand_around_the_call_and_crops_of_several_axes_in_one_index() -> None:
    case = parse_call("torch.nn.functional.conv_transpose2d(Tensor(1,2,4,5), Tensor(2,3,3,3))")
    steps = Around(
        (Expand(2),), (Crop(3, 1, 0), Crop(2, 0, 2), Squeeze(2), Add("bias")), (Tensor("bias", (3,), "float32"),)
    )
    assert counterpart_code(replace(case, around=steps), name="same").splitlines()[3:] == [
        "def same(input, weight, bias):  # input (1, 2, 4, 5), weight (2, 3, 3, 3), bias (3,)",
        "    input = input.unsqueeze(2)",
        "    y = torch.nn.functional.conv_transpose2d(input, weight)",
        "    y = y[:, :, :-2, 1:]",
        "    y = y.squeeze(2)",
        "    return y + bias.reshape(1, -1, 1, 1)",
    ]


def test_what_says_the_default_is_left_out() -> None:
    case = parse_call("torch.nn.ConvTranspose1d(3, 4, 5, stride=1, padding=0, bias=True, groups=1, dilation=2)")
    assert "ConvTranspose1d(3, 4, 5, dilation=2)" in counterpart_code(case)
    odd = parse_call("torch.nn.ConvTranspose1d(3, 4, 5, stride=True, padding=0.0)")
    assert "stride=True, padding=0.0" in counterpart_code(odd)


def test_an_element_type_that_no_argument_names_is_set_on_the_layer() -> None:
    plain = parse_call("oneflow.nn.ConvTranspose1d(3, 4, 5)", dtype="float64")
    assert "oneflow.nn.ConvTranspose1d(3, 4, 5).to(oneflow.float64)" in counterpart_code(plain)
    told = parse_call("torch.nn.ConvTranspose1d(3, 4, 5, dtype=torch.float64)")
    assert "ConvTranspose1d(3, 4, 5, dtype=torch.float64)\n" in counterpart_code(told)


@pytest.mark.parametrize("api", API_NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_the_code_of_any_valid_call_and_of_each_counterpart_gives_the_documented_result(
    api: str, data: st.DataObject
) -> None:
    """With the reference in the framework's place; the data, in the source's shapes, stand behind the printed text."""
    drawn = data.draw(strategy(apis()[api]))
    plain = replace(drawn, data="integers", amplitude=1, differentiate=(), upstream=None)
    case = replace(plain, repeats=1, settings=(), device="")
    if any(tensor.layout != "contiguous" or tensor.parts for tensor in case.tensors()):
        return
    wanted = prepare(case).expected
    if not isinstance(wanted, ExpectedValue):
        return
    here = api.partition(".")[0]
    sides = [case, *(other for name in FRAMEWORKS if name != here for other in counterparts(case, name))]
    for made in sides:
        framework = made.api.partition(".")[0]
        found = prepare(made).expected
        assert isinstance(found, ExpectedValue)
        assert np.array_equal(found.output.array, wanted.output.array)
        ours = None if made is case else case
        text = runnable(made, ours)
        with pytest.MonkeyPatch.context() as patch:
            assert executed(text, framework, patch)[0] == 0, counterpart_code(made, ours=ours)
            if made.dtype in ("float32", "float64") and wanted.output.array.size:
                assert executed(text, framework, patch, add=1)[0] == 1, counterpart_code(made, ours=ours)


@pytest.mark.parametrize(
    ("text", "framework", "steps"),
    [
        ("torch.nn.ConvTranspose1d(2, 3, 4, stride=2, output_padding=1)", "mindspore", {Pad, Crop}),
        ("torch.nn.ConvTranspose2d(2, 3, 3, stride=2, output_padding=1)(Tensor(2, 7, 9))", "mindspore", {Expand}),
        ("torch.nn.functional.conv_transpose1d(Tensor(1,2,7), Tensor(2,3,4), Tensor(3))", "mindspore", {Add, Squeeze}),
        ("torch.nn.functional.conv_transpose3d(Tensor(1,2,3,4,5), Tensor(2,3,3,3,3), Tensor(3))", "mindspore", {Add}),
        ("mindspore.nn.Conv2dTranspose(2, 3, 3, pad_mode='pad', padding=(0, 1, 2, 0))", "torch", {Crop}),
        ("mindspore.nn.Conv3dTranspose(2, 3, 2, pad_mode='pad', padding=(0, 1, 2, 0, 3, 1))", "oneflow", {Crop}),
    ],
)
def test_the_code_of_every_kind_of_recipe_gives_the_documented_result(
    text: str, framework: str, steps: set[type], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = parse_call(text)
    found = counterparts(ours, framework)
    assert steps <= {type(step) for made in found for step in (*made.around.before, *made.around.after)}
    for made in found:
        text = runnable(made, ours)
        assert executed(text, framework, monkeypatch)[0] == 0, text
        assert executed(text, framework, monkeypatch, add=1)[0] == 1, text


def test_what_is_padded_on_several_axes_is_padded_in_one_go() -> None:
    case = parse_call("torch.nn.functional.conv_transpose3d(Tensor(1,2,3,4,5), Tensor(2,3,3,3,3))")
    steps = Around((Pad(2, 1, 0), Pad(4, 0, 2)), (Pad(3, 3, 4), Pad(2, 0, 5)))
    code = counterpart_code(replace(case, around=steps)).splitlines()
    assert "    input = torch.nn.functional.pad(input, (0, 2, 0, 0, 1, 0))" in code
    assert "    return torch.nn.functional.pad(y, (0, 0, 3, 4, 0, 5))" in code


def test_a_function_takes_its_tensors_as_the_call_has_them_that_it_stands_for() -> None:
    ours, theirs = translated("torch.nn.functional.conv_transpose1d(Tensor(1,2,7), Tensor(2,3,4))", "mindspore")
    code = counterpart_code(theirs, ours=ours)
    assert "weight (2, 3, 4)" in code
    assert "    weight = weight.reshape(2, 3, 1, 4)" in code
    assert "reshape" not in counterpart_code(theirs)


def test_a_default_that_a_reader_of_the_other_side_would_not_expect_is_written() -> None:
    ours, theirs = translated("torch.nn.ConvTranspose1d(3, 4, 5, stride=2, bias=False)", "mindspore")
    assert "stride=2, pad_mode='pad', has_bias=False)" in counterpart_code(theirs, ours=ours)
    assert "stride=2, pad_mode='pad')" in counterpart_code(theirs)
    same = next(
        made
        for made in counterparts(parse_call("torch.nn.ConvTranspose1d(3, 4, 5, padding=2)"), "mindspore")
        if made.construct is not None and dict(made.construct.keyword)["pad_mode"] == "same"
    )
    assert "pad_mode='same'" in counterpart_code(same, ours=ours)


def functions(ours: Case, theirs: Case) -> dict[str, Any]:
    made: dict[str, Any] = {}
    exec(compile(weights_code(ours, theirs), "weights", "exec"), made)
    return made


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parameters_are_carried_over_and_back(data: st.DataObject) -> None:
    """NumPy alone is needed, and no number is lost or moved."""
    texts = (
        MINDSPORE,
        "torch.nn.ConvTranspose1d(4, 6, 3, groups=2)",
        "torch.nn.ConvTranspose2d(2, 2, (3, 1), bias=False)",
    )
    ours = parse_call(data.draw(st.sampled_from(texts)))
    here = ours.api.partition(".")[0]
    framework = data.draw(st.sampled_from([name for name in FRAMEWORKS if name != here]))
    theirs = counterparts(ours, framework)[0]
    made = functions(ours, theirs)
    state = {item.role: np.random.default_rng(0).normal(size=item.shape).astype("float32") for item in ours.parameters}
    there = made[f"to_{framework}"](state)
    assert {name: array.shape for name, array in there.items()} == {item.role: item.shape for item in theirs.parameters}
    back = made[f"to_{here}"](there)
    assert back.keys() == state.keys()
    assert all(np.array_equal(back[name], state[name]) for name in state)


def test_functions_hold_no_state() -> None:
    text = "torch.nn.functional.conv_transpose1d(Tensor(1,2,7), Tensor(2,3,3))"
    code = weights_code(*translated(text, "oneflow"))
    assert code.startswith("#")
    assert "def " not in code


def test_nothing_becomes_code_that_is_no_call_of_a_known_api() -> None:
    case = parse_call("torch.nn.ConvTranspose1d(3, 4, 5)")
    for bad in (
        replace(case, api="os.system"),
        replace(case, action="inspect"),
        replace(case, call=replace(case.call, positional=())),
        replace(case, call=replace(case.call, keyword=(("a=1); import os; (b", 1),))),
        replace(case, call=replace(case.call, positional=(Tensor("x); import os; (y", (1,), "float32"),))),
    ):
        with pytest.raises(BadValue):
            counterpart_code(bad)
    with pytest.raises(BadValue, match="no name"):
        counterpart_code(case, name="def")
