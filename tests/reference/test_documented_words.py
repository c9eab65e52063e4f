"""The words in which documented APIs answer, and the checks of arguments that they share."""

import numpy as np
import pytest

from reference import arguments as check
from reference.documented import NotDocumented, ReferenceApi, Refusal, UnknownApi, find, refuse
from reference.values import Dtype

NOT_DECIDED = [True, False, np.int64(1), np.float32(1), np.True_, np.array([1]), np.array(1), 2**31, -(2**63)]


def refused(function, *arguments, **keyword) -> Refusal:
    with pytest.raises(Refusal) as found:
        function(*arguments, **keyword)
    return found.value


def test_a_refusal_is_the_documented_error_and_says_what_is_refused() -> None:
    made = refuse(ValueError, "padding", "range", "padding must be at least 0")
    assert isinstance(made, Refusal)
    assert isinstance(made, ValueError)
    assert (made.argument, made.rule, made.error, str(made)) == (
        "padding",
        "range",
        ValueError,
        "padding must be at least 0",
    )
    assert type(made).__name__ == "ValueError"


def test_a_refusal_without_a_documented_class_is_none_of_the_usual_errors() -> None:
    made = refuse(None, "groups", "divisible", "no")
    assert made.error is None
    assert not isinstance(made, ValueError | TypeError | RuntimeError)


@pytest.mark.parametrize("value", NOT_DECIDED)
def test_whether_a_bool_or_a_numpy_scalar_counts_as_an_int_is_not_documented(value) -> None:
    for function in (
        lambda: check.integer(value, "n"),
        lambda: check.integers(value, 2, "n"),
        lambda: check.integers((value, 1), 2, "n"),
    ):
        with pytest.raises(NotDocumented, match=r"n (may be as large as .*)?is not documented"):
            function()


@pytest.mark.parametrize("value", [1.0, "1", None, [1], (1,), 1j])
def test_what_is_no_int_is_refused_with_the_class_that_the_document_names(value) -> None:
    found = refused(check.integer, value, "n", TypeError)
    assert (found.argument, found.rule, found.error) == ("n", "type", TypeError)
    assert repr(value) in str(found)
    assert refused(check.integer, value, "n").error is None


def test_an_int_stands_for_every_axis_and_a_tuple_for_itself() -> None:
    assert check.integers(3, 2, "n") == (3, 3)
    assert check.integers((1, 2), 2, "n") == (1, 2)
    assert check.integers(3, 2, "n", repeat=4) == (3, 3, 3, 3)


@pytest.mark.parametrize("value", [(), (1,), (1, 2, 3)])
def test_a_tuple_of_another_length_is_refused(value) -> None:
    found = refused(check.integers, value, 2, "n", type_error=TypeError, length_error=ValueError)
    assert (found.argument, found.rule, found.error) == ("n", "length", ValueError)


def test_a_list_is_refused_only_where_the_document_excludes_it() -> None:
    with pytest.raises(NotDocumented, match="list"):
        check.integers([1, 1], 2, "n")
    assert refused(check.integers, [1, 1], 2, "n", type_error=TypeError, lists="excluded").error is TypeError
    assert check.integers([1, 2], 2, "n", lists="allowed") == (1, 2)
    assert refused(check.integers, [1], 2, "n", length_error=ValueError, lists="allowed").error is ValueError


def test_what_a_tuple_holds_must_be_ints_by_no_documented_class() -> None:
    found = refused(check.integers, (1.5, 1), 2, "n", type_error=TypeError)
    assert (found.rule, found.error) == ("type", None)


@pytest.mark.parametrize("value", [1, 0, None, "yes", 0.5, np.True_])
def test_what_is_no_bool_is_not_documented(value) -> None:
    with pytest.raises(NotDocumented):
        check.boolean(value, "bias")
    assert check.boolean(True, "bias") is True
    assert check.boolean(False, "bias") is False


def test_words_are_compared_letter_by_letter() -> None:
    assert check.word("same", ("same", "pad"), "mode") == "same"
    assert refused(check.word, "SAME", ("same",), "mode", ValueError).rule == "choice"
    assert refused(check.word, "SAME", ("same",), "mode", ValueError).error is ValueError
    no_text = refused(check.word, 1, ("same",), "mode", ValueError)
    assert (no_text.rule, no_text.error) == ("type", None)


def test_a_dtype_is_named_by_a_dtype_only() -> None:
    assert check.dtype(Dtype("int8"), "dtype") == "int8"
    assert refused(check.dtype, "int8", "dtype", TypeError).rule == "type"


@pytest.mark.parametrize(
    ("values", "is_refused"), [(1, False), (0, True), ((1, 2), False), ((2, 0), True), ((-1, 5), True)]
)
def test_a_bound_holds_for_every_axis(values, is_refused) -> None:
    if is_refused:
        found = refused(check.at_least, values, 1, "stride", ValueError)
        assert (found.argument, found.rule, found.error) == ("stride", "range", ValueError)
    else:
        check.at_least(values, 1, "stride", ValueError)


@pytest.mark.parametrize(
    ("value", "divisor", "is_refused"), [(4, 2, False), (4, 3, True), (4, 0, True), (4, -2, True), (0, 2, False)]
)
def test_the_divisor_is_what_is_refused(value, divisor, is_refused) -> None:
    if is_refused:
        found = refused(check.divisible, value, "in_channels", divisor, "groups")
        assert (found.argument, found.rule) == ("groups", "divisible")
    else:
        check.divisible(value, "in_channels", divisor, "groups")


@pytest.mark.parametrize(
    "name", ["torch.nn.ConvTranspose4d", "torch.nn", "", "jax.lax.conv_transpose", "reference.x", "..", "law.x"]
)
def test_an_api_that_nobody_documents_is_not_found(name: str) -> None:
    with pytest.raises(UnknownApi, match="no API named"):
        find(name)


def test_an_api_is_found_by_its_public_name() -> None:
    found = find("mindspore.nn.Conv2dTranspose")
    assert issubclass(found, ReferenceApi)
    assert found.__name__ == "Conv2dTranspose"
