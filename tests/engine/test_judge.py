"""What a record says of a case: verdict, checks, and the arrays of what does not conform."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from cases.case import Arguments, Case, from_canonical
from cases.catalogue import apis
from cases.documentation import REQUIRED
from cases.values import Tensor, encode
from conformance.adapters.numpy import NumpyAdapter
from conformance.expected import (
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Prepared,
    Undocumented,
    prepare,
)
from conformance.judge import digest, fingerprint, judge, unstable
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Parameter, Raised, Returned, TimedOut, decode
from conformance.request import request
from reference.documented import find
from reports.arrays import WHOLE_ARRAY
from reports.record import Record
from tests.cases.planned import API_NAMES, prepared, sample, some

NAME = "mindspore.nn.Conv2dTranspose"
VALID, INVALID = some(NAME, ExpectedValue), some(NAME, ExpectedError)
assert isinstance(VALID.expected, ExpectedValue)
WANTED = VALID.expected.output.array


def judged(outcome: Outcome, item: Prepared = VALID) -> Record:
    return judge(item, outcome, apis()[item.case.api], backend="b", mode="eager", device="cpu")


def returned(array: np.ndarray) -> Returned:
    module = find(NAME)(*VALID.case.construct.positional, **dict(VALID.case.construct.keyword))  # type: ignore[union-attr]
    stored = {name: Parameter(shape, "float32") for name, shape in module.parameter_shapes().items()}
    return Returned({"output": array}, stored, 1.5)


def test_a_conforming_record_says_what_was_called_and_keeps_digests_only() -> None:
    record = judged(returned(WANTED))
    case = VALID.case
    assert (record.case, record.api, record.call, record.dtype) == (case.id, NAME, case.show(), "float32")
    assert (record.backend, record.mode, record.milliseconds) == ("b", "eager", 1.5)
    assert from_canonical(record.arguments).id == case.id
    assert record.verdict == "conforms"
    assert all(made.holds for made in record.checks if made.counts)
    assert record.actual.array is not None
    assert record.actual.array.digest == record.expected.array.digest == digest(WANTED)  # type: ignore[union-attr]
    assert (record.actual.array.data, record.expected.array.data) == ("", "")  # type: ignore[union-attr]
    assert record.difference is None


def test_a_difference_keeps_both_whole_arrays_and_the_place() -> None:
    actual = WANTED.copy()
    actual[..., -1] += 1
    record = judged(returned(actual))
    assert record.verdict == "differs"
    for side, array in ((record.actual, actual), (record.expected, WANTED)):
        assert side.array is not None
        kept = np.frombuffer(base64.b64decode(side.array.data), side.array.dtype).reshape(side.array.shape)
        assert np.array_equal(kept, array)
        assert side.array.digest == digest(array)
    assert record.difference is not None
    assert tuple(record.difference.index) == tuple(int(i) for i in np.argwhere(actual != WANTED)[0])
    assert record.difference.differing == np.count_nonzero(actual != WANTED)


def test_a_large_difference_keeps_its_neighbourhood() -> None:
    x = Tensor("input", (4, 1, 200, 200), "float32")
    case = Case(
        "torch.nn.ConvTranspose2d",
        Arguments((1, 1, 1), (("bias", False),)),
        Arguments((x,)),
        (Tensor("weight", (1, 1, 1, 1), "float32"),),
    )
    item = prepare(case)
    assert isinstance(item.expected, ExpectedValue)
    actual = item.expected.output.array.copy()
    actual[3, 0, 100, 100] += 1
    record = judged(Returned({"output": actual}, {"weight": Parameter((1, 1, 1, 1), "float32")}), item)
    flat = int(np.flatnonzero(actual != item.expected.output.array)[0])
    for side in (record.actual, record.expected):
        assert side.array is not None
        assert len(base64.b64decode(side.array.data)) == WHOLE_ARRAY
        assert side.array.start <= flat < side.array.start + side.array.count
    assert record.actual.array.start == record.expected.array.start  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("outcome", "verdict", "what"),
    [
        (Raised("construct", ("RuntimeError", "Exception"), "no"), "rejects-valid", "raised"),
        (Crashed("SIGSEGV", "stack", "alone"), "crashed", "crashed"),
        (TimedOut(2.0, "alone"), "timed-out", "timed out"),
        (TimedOut(2.0, "not"), "unstable", "timed out"),
        (CouldNotRun("no worker"), "unavailable", "could not run"),
    ],
)
def test_every_other_outcome_of_a_valid_call_has_its_record(outcome, verdict, what) -> None:
    record = judged(outcome)
    assert (record.verdict, record.actual.what, record.actual.array) == (verdict, what, None)
    assert record.expected.what == "value"


def test_an_error_is_recorded_with_class_stage_and_message() -> None:
    item = INVALID
    assert isinstance(item.expected, ExpectedError)
    named = item.expected.error or "ValueError"
    told = f"{item.expected.argument} {'m' * 5000}"
    right = judged(Raised("construct", (named, "Exception"), told), item)
    assert right.verdict == "conforms"
    assert (right.expected.what, right.expected.argument, right.expected.error) == (
        "error",
        item.expected.argument,
        item.expected.error,
    )
    assert (right.actual.error, right.actual.stage, len(right.actual.message)) == (named, "construct", 4000)
    assert judged(returned(WANTED), item).verdict == "accepts-invalid"


def test_a_wrong_class_is_a_wrong_error() -> None:
    item = next(
        item
        for item in prepared(NAME)
        if isinstance(item.expected, ExpectedError) and item.expected.error == "ValueError"
    )
    record = judged(Raised("construct", ("KeyError", "LookupError", "Exception"), "k"), item)
    assert record.verdict == "wrong-error"
    assert any(not made.holds for made in record.checks)


def test_an_overruled_claim_that_is_contradicted_changes_no_verdict() -> None:
    api = apis()["mindspore.nn.Conv1dTranspose"]
    overruled = {claim.id for claim in api.claims if claim.overruled}
    for item in prepared(api.name):
        if isinstance(item.expected, ExpectedValue) and item.case.parameters:
            stored = {wanted.role: Parameter(wanted.shape, "float32") for wanted in item.case.parameters}
            record = judged(Returned({"output": item.expected.output.array}, stored), item)
            contradicted = {made.claim for made in record.checks if not made.holds}
            assert record.verdict == "conforms"
            assert contradicted <= overruled
            if contradicted:
                return
    pytest.fail("no case contradicts a claim that is overruled")


def test_a_contradicted_claim_on_parameters_makes_a_right_result_differ() -> None:
    outcome = replace(returned(WANTED), parameters={"weight": Parameter((1,), "float16")})
    record = judged(outcome)
    assert record.verdict == "differs"
    assert record.difference is None


@pytest.mark.parametrize(
    ("expected", "outcome", "verdict", "what"),
    [
        (Undocumented("nobody says", valid=False), Returned({"output": np.ones(2)}), "undocumented", "not documented"),
        (Undocumented("nobody says", valid=False), Raised("call", ("E",), ""), "undocumented", "not documented"),
        (Undocumented("random", valid=True), Raised("call", ("E",), ""), "rejects-valid", "not documented"),
        (ExpectedUnsupported("CPU only"), Raised("call", ("E",), ""), "unsupported", "unsupported"),
        (ExpectedUnsupported("CPU only"), Returned({"output": np.ones(2)}), "accepts-invalid", "unsupported"),
    ],
)
def test_what_the_documents_leave_open_is_recorded_as_such(expected, outcome, verdict, what) -> None:
    record = judged(outcome, replace(VALID, expected=expected))
    assert (record.verdict, record.expected.what) == (verdict, what)


def test_an_inspection_is_judged_by_the_claims_on_the_signature() -> None:
    api = apis()[NAME]
    item = next(item for item in prepared(NAME) if isinstance(item.expected, ExpectedStatements))
    defaults = {
        parameter.name: encode(parameter.default) for parameter in api.signature if parameter.default is not REQUIRED
    }  # type: ignore[arg-type]
    assert judged(Described(api.names, defaults, "words"), item).verdict == "conforms"
    assert judged(Described(api.names, defaults | {"stride": 2}, "words"), item).verdict == "differs"
    assert judged(Described(api.names[1:], defaults, "words"), item).verdict == "differs"


REFERENCE = NumpyAdapter("cpu")
CONFORMING = {
    ExpectedValue: {"conforms"},
    ExpectedError: {"conforms"},
    ExpectedUnsupported: {"unsupported", "unavailable"},
    Undocumented: {"undocumented", "unavailable"},
    ExpectedStatements: {"conforms", "unavailable"},
}


@pytest.mark.parametrize("api", API_NAMES)
def test_what_the_reference_itself_does_contradicts_no_upheld_claim(api: str) -> None:
    """A claim that contradicts the reference without a ruling would be a mistake of ours."""
    for item in sample(api):
        outcome = decode(REFERENCE.run(request(item.case, item.data, "eager")))
        record = judged(outcome, item)
        wrong = [made for made in record.checks if made.counts and not made.holds]
        assert record.verdict in CONFORMING[type(item.expected)], (item.case.show(), wrong, record.actual)
        assert wrong == [], item.case.show()


def test_a_second_run_that_differs_makes_a_record_unstable() -> None:
    record = judged(returned(WANTED + np.float32(1)))
    again = unstable(record, Raised("call", ("RuntimeError",), "no"))
    assert again.verdict == "unstable"
    assert "raised RuntimeError at call" in again.actual.detail
    assert again.actual.array == record.actual.array


def test_a_digest_tells_bytes_shapes_and_dtypes_apart_and_not_memory_layouts() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert digest(array) == digest(np.asfortranarray(array)) == digest(np.repeat(array, 2, 1)[:, ::2])
    others = [array.T, array.reshape(3, 2), array.astype(np.float64), array + 1, -array]
    assert len({digest(array), *map(digest, others)}) == 6


def test_two_runs_agree_if_kind_bytes_or_error_class_and_stage_are_the_same() -> None:
    array = np.arange(3, dtype=np.float32)
    same = [
        (Returned({"output": array}, milliseconds=1), Returned({"output": array.copy()}, milliseconds=2)),
        (Raised("call", ("E",), "at 0x1"), Raised("call", ("E",), "at 0x2")),
        (Crashed("SIGSEGV", "a"), Crashed("SIGABRT", "b")),
        (TimedOut(1.0), TimedOut(2.0)),
    ]
    assert all(fingerprint(one) == fingerprint(other) for one, other in same)
    different = [
        Returned({"output": array}),
        Returned({"output": array + 1}),
        Returned({"output": array[None]}),
        Raised("call", ("E",), ""),
        Raised("construct", ("E",), ""),
        Raised("call", ("F", "E"), ""),
        Crashed("SIGSEGV", ""),
        TimedOut(1.0),
        CouldNotRun("a"),
        Described(("x",), {}, ""),
    ]
    assert len({fingerprint(outcome) for outcome in different}) == len(different)


def test_a_type_that_no_document_promises_may_be_refused_where_the_values_are_open_too() -> None:
    def expected(dtype: str) -> Undocumented:
        one = tuple(Tensor(role, (1, 1, 1, 1), dtype) for role in ("input", "weight"))
        construct = Arguments((1, 1), (("pad_mode", "same"), ("stride", 2)))
        case = Case("mindspore.ops.Conv2DTranspose", construct, Arguments((*one, (1, 1, 2, 2))))
        found = prepare(case).expected
        assert isinstance(found, Undocumented)
        return found

    assert expected("float32").valid
    assert not expected("complex128").valid
