"""The text of a call is read as data: what reports print is read back, and no text ends in a traceback."""

import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case import Case
from cases.catalogue import apis
from cases.strategies import strategy
from cases.values import Dtype, Instance, Scalar, Tensor
from conformance.call_text import DEEPEST, LONGEST, parse_call
from conformance.errors import UsageError
from tests.cases.planned import API_NAMES

EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same')"
LAYER = "torch.nn.ConvTranspose1d"
FUNCTION = "torch.nn.functional.conv_transpose1d"


def documented(api: str) -> st.SearchStrategy[Case]:
    return strategy(apis()[api])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(API_NAMES).flatmap(documented))
def test_what_a_report_prints_of_a_valid_call_is_read_back(case: Case) -> None:
    found = parse_call(case.show())
    assert (found.api, found.construct, found.call) == (case.api, case.construct, case.call)
    assert (found.differentiate, found.upstream) == (case.differentiate, case.upstream)
    assert (found.repeats, found.settings) == (case.repeats, case.settings)
    if case.parameters:
        shapes = {item.role: (item.shape, item.dtype) for item in case.parameters}
        assert {item.role: (item.shape, item.dtype) for item in found.parameters} == shapes


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_text_ends_in_a_traceback(data: st.DataObject) -> None:
    """Any text, and calls with a piece taken out, doubled, or replaced by anything."""
    alphabet = st.sampled_from(string.printable + "λ中\x00\ud800")
    if data.draw(st.booleans()):
        text = data.draw(st.text(alphabet))
    else:
        whole = data.draw(
            st.sampled_from([EXAMPLE, f"{FUNCTION}(Tensor(1,3,7):float32, Tensor((3,4,5)), stride=(2,))"])
        )
        start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
        middle = data.draw(st.sampled_from(["", whole[start:stop] * 2, ")", "[", "-", "**x", "lambda: 1"]))
        text = whole[:start] + (middle or data.draw(st.text(alphabet, max_size=5))) + whole[stop:]
    try:
        parse_call(text)
    except UsageError as error:
        said = (error.message, error.way_out)
    else:
        return
    assert all(said)


def refused(text: str, **more: object) -> str:
    with pytest.raises(UsageError) as caught:
        parse_call(text, **more)  # type: ignore[arg-type]
    assert caught.value.way_out
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("torch.nn.ConvTranspos1d(3, 4, 5)", "did you mean torch.nn.ConvTranspose1d"),
        ("nn.Conv1dTranspose(3, 4, 5)", "did you mean mindspore.nn.Conv1dTranspose"),
        ("numpy.convolve(1)", "no API is called 'numpy.convolve'"),
        (f"{LAYER}(3, 4, 5, strid=2)", "did you mean 'stride'"),
        (f"{LAYER}(3, 4)", "kernel_size is missing"),
        (f"{LAYER}(3, 4, 5, kernel_size=5)", "kernel_size is given twice"),
        (f"{LAYER}(3, 4, 5, stride=2, stride=2)", "stride is given twice"),
        (f"{LAYER}({', '.join('1' * 13)})", "13 arguments"),
        (f"{LAYER}(3, 4, size)", "'size'"),
        (f"{LAYER}(3, 4, 2 * 3)", "2 * 3"),
        (f"{LAYER}(3, 4, kernel_size=len('abc'))", "len('abc')"),
        (f"{LAYER}(*sizes)", "*sizes"),
        (f"{LAYER}(**sizes)", "sizes"),
        (f"{LAYER}(3, 4, 5j)", "5j"),
        (f"{LAYER}(3, 4, b'5')", "b'5'"),
        (f"{LAYER}(3, 4, {{5}})", "{5}"),
        (f"{LAYER}(3, 4, 5, bias=not True)", "not True"),
        (f"{LAYER}(3, 4, 5, dtype=mindspore.float16)", "mindspore.float16"),
        (f"{LAYER}(3, 4, 5)(Tensor(1, 3, 'x'))", "no tensor"),
        (f"{LAYER}(3, 4, 5)(Tensor(1, 3, 7):float31)", "no tensor"),
        (f"{LAYER}(3, 4, 5)(Tensor())", "no tensor"),
        (f"{LAYER}(3, 4, 5)(Tensor(1, 3, 7)) with a smile", "a smile"),
        (f"{LAYER}(3, 4, 5)(Tensor(1, 3, 7)) with crop(axis=2, begin=0, end=1) after", "crop"),
        (f"{FUNCTION}(Tensor(1,3,7), Tensor(3,4,5))(Tensor(1,3,7))", "is a function"),
        (f"{FUNCTION}(input, weight)", "--weight"),
        ("mindspore.ops.Conv3DTranspose(2, 2, 3)", "say what it is called with"),
        (f"signature of {LAYER}", "no expression"),
        ("__import__('os').system('true')", "no name of an API"),
        (f"[{LAYER}(3, 4, 5)][0]", "no call"),
        ("3", "no call"),
        ("", "no expression"),
        ("(" * (DEEPEST + 1), "deep"),
        (f"{LAYER}(3, 4, {'-' * 3000}5)", "deep"),
        ("x" * (LONGEST + 1), "characters"),
    ],
)
def test_what_is_not_understood_is_named(text: str, part: str) -> None:
    assert part in refused(text)


def test_a_shape_that_the_call_gives_already_cannot_be_given_again() -> None:
    assert "no other shape" in refused(f"{LAYER}(3, 4, 5)(Tensor(1, 3, 7))", input_shape=(1, 3, 9))
    assert "no other" in refused(f"{LAYER}(3, 4, 5)", weight_shape=(3, 4, 5))
    assert "float31" in refused(EXAMPLE, dtype="float31")


@pytest.mark.parametrize(
    "text", [f"self.up = {LAYER}(3, 4, 5)", f"  up={LAYER}(\n    3, 4,  # channels\n    5,\n),", f"{LAYER}(3, 4, 5)(x)"]
)
def test_a_call_is_read_as_it_stands_in_a_source(text: str) -> None:
    assert parse_call(text) == parse_call(f"{LAYER}(3, 4, 5)")


def test_any_name_stands_for_a_tensor_where_the_call_takes_one() -> None:
    shapes: dict[str, Any] = {"input_shape": (1, 3, 9), "weight_shape": (3, 2, 5)}
    case = parse_call(f"{FUNCTION}(x, self.weight, self.b, 2)", **shapes)
    assert case == parse_call(f"{FUNCTION}(input, weight, bias, 2)", **shapes)
    assert "stride is 's'" in refused(f"{FUNCTION}(x, w, b, s)", **shapes)
    assert "bias is 'b'" in refused(f"{LAYER}(3, 4, 5, bias=b)")


def test_an_element_type_that_the_call_contradicts_is_refused() -> None:
    assert "of float16" in refused(f"{LAYER}(3, 4, 5, dtype=torch.float16)", dtype="float32")


def test_a_layer_gets_an_input_and_its_parameters_as_they_are_stored() -> None:
    case = parse_call(EXAMPLE, input_shape=(1, 3, 50))
    assert case.call.positional == (Tensor("input", (1, 3, 50), "float32"),)
    assert case.parameters == (Tensor("weight", (3, 64, 1, 5), "float32"),)
    biased = parse_call(f"{LAYER}(4, 6, 5, groups=2)")
    assert [item.shape for item in biased.parameters] == [(4, 3, 5), (6,)]


def test_an_input_that_nobody_gave_is_long_enough_for_the_documents() -> None:
    assert parse_call(EXAMPLE).call.tensors()[0].shape == (2, 3, 7)
    wide = parse_call("mindspore.nn.Conv2dTranspose(2, 2, 3, dilation=(20, 1))")
    assert wide.call.tensors()[0].shape == (2, 2, 28, 24)
    # torch does not ask for it, but the others do: a counterpart must not have to pad what nobody gave.
    assert parse_call(f"{LAYER}(3, 4, 5, dilation=9)").call.tensors()[0].shape == (2, 3, 14)
    assert parse_call(f"{LAYER}(3, 4, 5, padding=10)").call.tensors()[0].shape == (2, 3, 28)


def test_tensors_of_a_function_are_named_and_have_the_shapes_that_are_given() -> None:
    case = parse_call(f"{FUNCTION}(input, weight, bias, groups=3)", weight_shape=(3, 2, 5), input_shape=(1, 3, 9))
    assert [item.shape for item in case.call.tensors()] == [(1, 3, 9), (3, 2, 5), (6,)]
    assert [item.role for item in case.call.tensors()] == ["input", "weight", "bias"]
    written = parse_call(f"{FUNCTION}(Tensor(1, 3, 9), Tensor((3, 2, 5)), Tensor((6,)), groups=3)")
    assert written == case


@pytest.mark.parametrize("name", ["torch.float16", "float16"])
def test_an_element_type_by_its_name_is_that_of_the_tensors(name: str) -> None:
    case = parse_call(f"{LAYER}(3, 4, 5, dtype={name})")
    assert dict(case.construct.keyword)["dtype"] == Dtype("float16") if case.construct else False
    assert {item.dtype for item in case.tensors()} == {"float16"}
    assert {item.dtype for item in parse_call(f"{LAYER}(3, 4, 5)", dtype="float64").tensors()} == {"float64"}


def test_every_kind_of_value_is_read() -> None:
    case = parse_call(
        f"{LAYER}(+3, numpy.int64(4), [5], stride=(2,), padding=-1, output_padding=nan, bias=None, padding_mode='a\"b')"
    )
    assert case.construct is not None
    assert case.construct.positional == (3, Scalar("int64", 4), [5])
    named = dict(case.construct.keyword)
    assert repr(named.pop("output_padding")) == "nan"
    assert named == {"stride": (2,), "padding": -1, "bias": None, "padding_mode": 'a"b'}
    made = parse_call(
        "mindspore.nn.Conv1dTranspose(3, 4, 5, weight_init=mindspore.common.initializer.Normal(sigma=0.1))"
    )
    assert made.construct is not None
    assert made.construct.keyword == (
        ("weight_init", Instance("mindspore.common.initializer.Normal", (("sigma", 0.1),))),
    )


def test_a_string_that_looks_like_a_tensor_stays_a_string() -> None:
    case = parse_call(f"{LAYER}(3, 4, 5, padding_mode='Tensor(2,3):float32')")
    assert case.construct is not None
    assert case.construct.keyword == (("padding_mode", "Tensor(2,3):float32"),)
