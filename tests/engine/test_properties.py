"""Properties measured on simulated backends of which the answer is known."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from msgspec.structs import replace as changed
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.data import storage, tensor
from cases.values import Dtype, Tensor
from conformance.expected import OUTPUT, ExpectedValue, prepare
from conformance.properties import properties
from reports.arrays import pack
from reports.record import Property, Record, Side

API, OTHER = "torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"
BACKEND = "torch==2.13.0:cpu"


def accumulating(dtype: str, exponent: int, *, kernel: int = 1, bias: bool = False, api: str = API) -> Case:
    axes = int(api[-2])
    size, taps = (2,) * axes, (kernel,) * axes
    parameters = [Tensor("weight", (32, 1, *taps), dtype)] + [Tensor("bias", (1,), dtype)] * bias
    return Case(
        api,
        Arguments((32, 1, kernel), (("bias", bias), ("dtype", Dtype(dtype)))),
        Arguments((Tensor("input", (1, 32, *size), dtype),)),
        tuple(parameters),
        "accumulate",
        exponent,
    )


def special(number: int, dtype: str = "float32", api: str = API) -> Case:
    size = (24,) if api == API else (4, 4)
    return Case(
        api,
        Arguments((1, 1, 2), (("bias", False), ("stride", 2 + number % 2), ("dtype", Dtype(dtype)))),
        Arguments((Tensor("input", (2 + number, 1, *size), dtype),)),
        (Tensor("weight", (1, 1, *(2 for _ in size)), dtype),),
        "special",
    )


def recorded(case: Case, array: NDArray[Any], **more: Any) -> Record:
    fields: dict[str, Any] = {
        "case": case.id,
        "api": case.api,
        "call": case.show(),
        "arguments": case.canonical,
        "backend": BACKEND,
        "mode": "eager",
        "dtype": case.dtype,
        "verdict": "conforms",
        "checks": [],
        "expected": Side(what="value"),
        "actual": Side(what="returned", array=pack(array)),
    }
    return Record(**(fields | more))


def summed(case: Case, accumulator: Any) -> Record:
    """The case's record of a backend that adds the channels one after the other in a type."""
    total: Any = np.zeros((), accumulator)
    for channel in np.moveaxis(tensor(case, case.call.tensors()[0]), 1, 0):
        total = (total + channel.astype(accumulator)).astype(accumulator)
    if len(case.parameters) > 1:
        total = (total + np.ones((), accumulator)).astype(accumulator)
    return recorded(case, total[:, None].astype(storage(case.dtype)))


def found(records: Iterable[Record], name: str) -> list[Property]:
    return [item for item in properties(records) if item.name == name]


EXPONENTS = {
    "float16": (9, 10, 11, 12, 15),
    "bfloat16": (6, 7, 8, 9, 16, 23, 24, 25),
    "float32": (22, 23, 24, 25, 40, 52, 53),
    "float64": (51, 52, 53, 54),
}


@pytest.mark.parametrize(
    ("dtype", "accumulator", "value", "detail"),
    [
        ("float32", np.float32, "float32 (24 bits)", "sums hold 2^23 + 1, lose 2^24 + 1"),
        ("float32", np.float64, "float64 (53 bits)", "sums hold 2^52 + 1, lose 2^53 + 1"),
        ("float32", np.float16, "at most 22 bits", "sums lose 2^22 + 1, the smallest that was tried"),
        ("bfloat16", ml_dtypes.bfloat16, "bfloat16 (8 bits)", "sums hold 2^7 + 1, lose 2^8 + 1"),
        ("bfloat16", np.float32, "float32 (24 bits)", "sums hold 2^23 + 1, lose 2^24 + 1"),
        (
            "bfloat16",
            np.float64,
            "at least 26 bits (more than float32)",
            "sums hold 2^25 + 1, the largest that was tried",
        ),
        ("float16", np.float16, "float16 (11 bits)", "sums hold 2^10 + 1, lose 2^11 + 1"),
        (
            "float16",
            np.float32,
            "at least 16 bits (more than float16)",
            "sums hold 2^15 + 1, the largest that was tried",
        ),
        ("float64", np.float64, "float64 (53 bits)", "sums hold 2^52 + 1, lose 2^53 + 1"),
        ("float64", np.float32, "at most 51 bits", "sums lose 2^51 + 1, the smallest that was tried"),
    ],
)
@pytest.mark.parametrize("bias", [False, True])
def test_the_precision_of_a_sum_is_found_whatever_the_element_type(
    dtype: str, accumulator: Any, value: str, detail: str, bias: bool
) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        records = [summed(accumulating(dtype, p, bias=bias), accumulator) for p in EXPONENTS[dtype]]
    assert found(records, "accumulation") == [
        Property(backend=BACKEND, mode="eager", api="", dtype=dtype, name="accumulation", value=value, detail=detail)
    ]


@pytest.mark.parametrize(
    ("exponents", "value"),
    [
        ((22, 23), "at least 24 bits (float32)"),
        ((22, 25), "float32 (23 to 25 bits)"),
        ((10, 30), "11 to 30 bits"),
        ((20, 22, 23, 25), "float32 (24 to 25 bits)"),
        ((15, 20), "at least 21 bits (more than float16)"),
        ((24, 26), "at most 24 bits"),
    ],
)
def test_what_was_not_tried_is_not_claimed(exponents: tuple[int, ...], value: str) -> None:
    records = [summed(accumulating("float32", p), np.float32) for p in exponents]
    assert [item.value for item in found(records, "accumulation")] == [value]


def test_a_kernel_of_several_taps_measures_nothing() -> None:
    assert found([summed(accumulating("float32", 23, kernel=2), np.float32)], "accumulation") == []


def test_what_returned_nothing_measures_nothing() -> None:
    record = recorded(accumulating("float32", 23), np.zeros(1), actual=Side(what="raised", error="RuntimeError"))
    assert found([record], "accumulation") == []


def test_apis_that_agree_share_a_line_and_those_that_differ_have_their_own() -> None:
    one = [summed(accumulating("float32", p), np.float32) for p in EXPONENTS["float32"]]
    same = [summed(accumulating("float32", p, api=OTHER), np.float32) for p in EXPONENTS["float32"]]
    wide = [summed(accumulating("float32", p, api=OTHER), np.float64) for p in EXPONENTS["float32"]]
    assert [(item.api, item.value) for item in found(one + same, "accumulation")] == [("", "float32 (24 bits)")]
    assert [(item.api, item.value) for item in found(one + wide, "accumulation")] == [
        (API, "float32 (24 bits)"),
        (OTHER, "float64 (53 bits)"),
    ]


def test_backends_modes_and_element_types_are_kept_apart_in_a_fixed_order() -> None:
    case = accumulating("float32", 23)
    records = [
        summed(case, np.float32),
        changed(summed(case, np.float32), mode="compiled"),
        changed(summed(case, np.float32), backend="oneflow==0.8.0:cpu"),
        summed(accumulating("float64", 52), np.float64),
    ]
    lines = list(properties(records))
    assert [(item.backend, item.mode, item.dtype) for item in lines] == [
        ("oneflow==0.8.0:cpu", "eager", "float32"),
        (BACKEND, "compiled", "float32"),
        (BACKEND, "eager", "float32"),
        (BACKEND, "eager", "float64"),
    ]
    assert list(properties(reversed(records))) == lines


def answered(case: Case, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Record:
    """The record of a backend that returns what is documented, after a change."""
    expected = prepare(case).expected
    assert isinstance(expected, ExpectedValue)
    return recorded(case, change(expected.outputs[OUTPUT].array.copy()))


def minus(array: NDArray[Any]) -> NDArray[Any]:
    array[array == 0] = -0.0
    return array


def flushed(array: NDArray[Any]) -> NDArray[Any]:
    small = float(ml_dtypes.finfo(array.dtype).smallest_normal)
    array[(array != 0) & (np.abs(array.astype(np.float64)) < small)] = 0
    return array


def half_flushed(array: NDArray[Any]) -> NDArray[Any]:
    array[:1] = flushed(array[:1].copy())
    return array


CASES = [special(number) for number in range(12)]


def test_zeros_of_the_other_sign_are_counted() -> None:
    (same,) = found([answered(case, np.copy) for case in CASES], "sign of zero")
    assert (same.api, same.value) == ("", "the reference's sign")
    (other,) = found([answered(case, minus) for case in CASES], "sign of zero")
    assert other.value == "−0 for +0"
    count = same.detail.partition(" ")[0]
    assert int(count.replace(",", "")) > 50
    assert other.detail == f"−0 for +0 in {count} of {count} zeros"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_subnormal_numbers_are_kept_or_flushed(dtype: str) -> None:
    cases = [special(number, dtype) for number in range(24)]
    values = []
    for change in (np.copy, flushed, half_flushed):
        (line,) = found([answered(case, change) for case in cases], "subnormal numbers")
        values.append((line.value, line.dtype))
    assert values == [("kept", dtype), ("flushed to zero", dtype), ("mixed", dtype)]


def test_apis_that_treat_subnormal_numbers_differently_have_their_own_lines() -> None:
    flat = [answered(case, np.copy) for case in CASES]
    square = [answered(special(number, api=OTHER), flushed) for number in range(12)]
    lines = found(flat + square, "subnormal numbers")
    assert [(item.api, item.value) for item in lines] == [(API, "kept"), (OTHER, "flushed to zero")]


def test_an_array_of_another_shape_is_passed_over() -> None:
    record = recorded(CASES[0], np.zeros(3, "f4"))
    assert list(properties([record])) == []


def test_the_largest_margin_of_what_conforms_is_named_with_its_case() -> None:
    normal = [replace(special(number), data="normal") for number in range(3)]
    records = [
        recorded(normal[0], np.zeros(1), margin=0.25),
        recorded(normal[1], np.zeros(1), margin=0.5),
        recorded(normal[2], np.zeros(1), margin=7.0, verdict="differs"),
        recorded(replace(normal[0], data="integers"), np.zeros(1), margin=0.75),
        recorded(normal[0], np.zeros(1), margin=0.125, mode="compiled"),
    ]
    lines = [(item.mode, item.value, item.detail) for item in found(records, "margin")]
    assert lines == [
        ("compiled", "0.125", f"the largest of 1 execution: case {normal[0].id} of {API}"),
        ("eager", "0.5", f"the largest of 2 executions: case {normal[1].id} of {API}"),
    ]
