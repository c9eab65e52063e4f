"""Pairs of calls under a claim: stretches of a result, gradients, inverse shapes, modes, and calls of one backend."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as with_fields
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.catalogue import apis, described
from cases.documentation import Claim, Consistent, Detail, Equal, Inverse, Kind, ModesAgree, Pair, Text
from cases.values import Part, Tensor
from conformance.comparisons import compare, comparisons, cut
from conformance.expected import ExpectedValue, prepare
from conformance.judge import judge
from conformance.outcome import CouldNotRun, Crashed, Outcome, Parameter, Raised, Returned
from conformance.schedule import Schedule
from reports.record import Comparison, Counterpart, Record

NAME = "torch.nn.ConvTranspose1d"
LEFT = Case(
    NAME,
    Arguments((2, 4, 3), (("groups", 2), ("bias", False))),
    Arguments((Tensor("input", (4, 2, 5), "float32"),)),
    (Tensor("weight", (2, 2, 3), "float32"),),
)
STORED = {"weight": Parameter((2, 2, 3), "float32")}
WHOLE = (4, 4, 7)
SAMPLE = Part(0, 2, WHOLE)
ONE = replace(
    LEFT,
    call=Arguments((Tensor("input", (1, 2, 5), "float32", parts=(Part(0, 2, (4, 2, 5)),)),)),
    origin=LEFT.id,
)
REFUSED = Raised("call", ("RuntimeError", "Exception"), "no")


def array_of(case: Case) -> NDArray[Any]:
    expected = prepare(case).expected
    assert isinstance(expected, ExpectedValue)
    return expected.output.array


def record(
    case: Case, outcome: Outcome | NDArray[Any] | None = None, *, backend: str = "torch", mode: str = "eager"
) -> Record:
    """The record of a case whose whole arrays are kept; of the documented result unless another is given."""
    if outcome is None:
        expected = prepare(case).expected
        assert isinstance(expected, ExpectedValue)
        outcome = Returned({name: item.array for name, item in expected.outputs.items()}, STORED)
    elif isinstance(outcome, np.ndarray):
        outcome = Returned({"output": outcome}, STORED)
    return judge(prepare(case), outcome, described(case.api), backend=backend, mode=mode, device="cpu", keep=True)


def claim(detail: Detail, *, kind: Kind = Kind.EQUIVALENCE, api: str = NAME, **more: Any) -> Claim:
    return Claim(f"{api}/claim", api, kind, Text("So it is.", "如此。"), (), detail, **more)


def consistent(*pairs: Pair, **more: Any) -> Claim:
    return claim(Consistent(pairs), **more)


def against(left: Record, right: Record, pair: Pair, held: Claim | None = None) -> Comparison:
    return compare(left, right, held or consistent(pair), pair)


# Stretches of a result

BATCH = Pair(LEFT, ONE, parts=(SAMPLE,))


def test_a_sample_alone_equals_its_stretch_of_the_batch() -> None:
    found = against(record(LEFT), record(ONE), BATCH)
    assert (found.shapes, found.values, found.agrees, found.contradicts) == ("equal", "equal", True, False)


@pytest.mark.parametrize("start", [0, 1, 3])
def test_another_stretch_of_the_batch_is_another_result(start: int) -> None:
    """A fault that mixed the samples up would pass if the wrong stretch were looked at."""
    found = against(record(LEFT), record(ONE), replace(BATCH, parts=(Part(0, start, WHOLE),)))
    assert (found.shapes, found.values, found.contradicts) == ("equal", "different", True)


def test_one_wrong_number_in_the_stretch_differs_and_one_outside_of_it_does_not() -> None:
    inside, outside = array_of(LEFT).copy(), array_of(LEFT).copy()
    inside[2, 1, 4] += 1
    outside[1, 1, 4] += 1
    found = against(record(LEFT, inside), record(ONE), BATCH)
    assert found.contradicts
    assert "at (0, 1, 4), 1 of 28 differ" in found.detail
    assert against(record(LEFT, outside), record(ONE), BATCH).agrees


def test_a_stretch_of_a_result_of_another_shape_is_different() -> None:
    short = array_of(LEFT)[..., 1:]
    found = against(record(LEFT, short), record(ONE), BATCH)
    assert (found.shapes, found.values, found.contradicts) == ("different", "different", True)
    assert "(4, 4, 6) against (1, 4, 7)" in found.detail


def test_a_group_of_a_sample_is_cut_twice() -> None:
    group = Case(
        NAME,
        Arguments((1, 2, 3), (("bias", False),)),
        Arguments((Tensor("input", (4, 1, 5), "float32", parts=(Part(1, 1, (4, 2, 5)),)),)),
        (Tensor("weight", (1, 2, 3), "float32", parts=(Part(0, 1, (2, 2, 3)),)),),
        origin=LEFT.id,
    )
    second = Pair(LEFT, group, parts=(Part(1, 2, WHOLE),))
    assert against(record(LEFT), record(group), second).agrees
    assert against(record(LEFT), record(group), replace(second, parts=(Part(1, 0, WHOLE),))).contradicts
    inner = (4, 2, 7)
    array = np.arange(np.prod(WHOLE)).reshape(WHOLE)
    both = (Part(1, 2, WHOLE), Part(0, 3, inner))
    assert np.array_equal(cut(array, both, (1, 2, 7)), array[3:4, 2:4])
    assert np.array_equal(cut(array, (), WHOLE), array)


# Gradients

SLOPED = replace(ONE, differentiate=("input",), upstream=Tensor("upstream", (1, 4, 7), "float32"), origin=LEFT.id)


def sloped(gradient: NDArray[Any]) -> Record:
    return record(SLOPED, Returned({"output": array_of(SLOPED), "gradient of input": gradient}, STORED))


def test_the_right_result_of_a_pair_may_be_a_gradient() -> None:
    slope = np.arange(10, dtype=np.float32).reshape(1, 2, 5)
    forward = record(ONE, slope)
    pair = Pair(ONE, SLOPED, output="gradient of input")
    held = claim(Equal((pair,), values=True))
    assert against(forward, sloped(slope), pair, held).agrees
    wrong = against(forward, sloped(slope + np.float32(1)), pair, held)
    assert (wrong.shapes, wrong.values, wrong.contradicts) == ("equal", "different", True)
    assert against(forward, sloped(slope[..., 1:]), pair, held).shapes == "different"


def test_a_gradient_that_is_not_there_is_missing_and_contradicts_nothing() -> None:
    pair = Pair(ONE, SLOPED, output="gradient of input")
    found = against(record(ONE), record(SLOPED, array_of(SLOPED)), pair, claim(Equal((pair,), values=True)))
    assert (found.shapes, found.values, found.agrees, found.contradicts) == ("missing", "missing", False, False)


def test_two_conforming_outputs_do_not_make_up_for_a_gradient_that_is_another() -> None:
    """Both calls conform, to the same output; what is compared is the gradient, and that differs from it."""
    case = Case(
        NAME,
        Arguments((2, 2, 1), (("bias", False),)),
        Arguments((Tensor("input", (1, 2, 5), "float32"),)),
        (Tensor("weight", (2, 2, 1), "float32"),),
    )
    slope = replace(case, differentiate=("input",), upstream=Tensor("upstream", (1, 2, 5), "float32"), origin=case.id)
    stored = {"weight": Parameter((2, 2, 1), "float32")}
    expected = prepare(slope).expected
    assert isinstance(expected, ExpectedValue)
    arrays = {name: item.array for name, item in expected.outputs.items()}
    assert arrays["output"].shape == arrays["gradient of input"].shape
    assert not np.array_equal(arrays["output"], arrays["gradient of input"])
    left, right = record(case, Returned({"output": array_of(case)}, stored)), record(slope, Returned(arrays, stored))
    assert left.verdict == right.verdict == "conforms"
    pair = Pair(case, slope, output="gradient of input")
    assert against(left, right, pair, claim(Equal((pair,), values=True))).contradicts


# Shapes that are inverse to each other


def test_inverse_calls_return_each_the_shape_of_what_the_other_takes() -> None:
    back = Case("torch.nn.Conv1d", Arguments((4, 2, 3)), Arguments((Tensor("input", WHOLE, "float32"),)))
    pair = Pair(LEFT, back)
    held = claim(Inverse((pair,)))
    there = record(back, np.zeros((4, 2, 5), np.float32))
    found = against(record(LEFT), there, pair, held)
    assert (found.shapes, found.agrees) == ("equal", True)
    assert found.detail == "(4, 2, 5) → (4, 4, 7); (4, 4, 7) → (4, 2, 5)"
    for wrong in ((4, 2, 6), (4, 2), WHOLE):
        assert against(record(LEFT), record(back, np.zeros(wrong, np.float32)), pair, held).contradicts
    longer = record(LEFT, np.zeros((4, 4, 8), np.float32))
    assert against(longer, there, pair, held).contradicts
    refused = against(record(LEFT), record(back, REFUSED), pair, held)
    assert (refused.shapes, refused.contradicts) == ("missing", False)


# Modes


def run_of(*records: Record, held: Claim, cases: tuple[Pair, ...] = (), lines: tuple[Counterpart, ...] = ()):
    whole = Schedule((), {}, lines, tuple((held, pair) for pair in cases), (replace(apis()[NAME], claims=(held,)),))
    return list(comparisons(whole, records))


AGREE = claim(ModesAgree())


def test_each_further_mode_of_a_backend_is_compared_with_its_first() -> None:
    wrong = array_of(LEFT) + np.float32(1)
    found = run_of(
        record(LEFT),
        record(LEFT, mode="compiled"),
        record(LEFT, wrong, mode="graph"),
        record(LEFT, backend="other"),
        record(ONE, mode="compiled"),
        held=AGREE,
    )
    assert [(item.left_mode, item.right_mode, item.agrees) for item in found] == [
        ("eager", "compiled", True),
        ("eager", "graph", False),
    ]
    assert {(item.left_backend, item.right_backend, item.claim) for item in found} == {("torch", "torch", AGREE.id)}
    assert found[1].contradicts


def test_modes_agree_if_both_refuse_and_not_if_one_does() -> None:
    other = Raised("construct", ("TypeError", "Exception"), "another text")
    (both,) = run_of(record(LEFT, REFUSED), record(LEFT, other, mode="compiled"), held=AGREE)
    assert (both.agrees, both.contradicts) == (True, False)
    assert "RuntimeError" in both.detail
    assert "TypeError" in both.detail
    (one,) = run_of(record(LEFT), record(LEFT, REFUSED, mode="compiled"), held=AGREE)
    assert (one.shapes, one.agrees, one.contradicts) == ("different", False, True)
    (died,) = run_of(record(LEFT, REFUSED), record(LEFT, Crashed("SIGSEGV", ""), mode="compiled"), held=AGREE)
    assert died.contradicts


def test_a_gradient_that_only_one_mode_cannot_give_says_nothing_on_the_result() -> None:
    """The call itself succeeded; that there is no derivative is what the claims on gradients see."""
    slope = Raised("gradient", ("RuntimeError", "Exception"), "no derivative")
    (one,) = run_of(record(LEFT), record(LEFT, slope, mode="compiled"), held=AGREE)
    assert (one.shapes, one.agrees, one.contradicts) == ("missing", False, False)


def test_a_mode_that_could_not_run_is_not_compared() -> None:
    absent = record(LEFT, CouldNotRun("no compiler"), mode="compiled")
    assert run_of(record(LEFT), absent, held=AGREE) == []


# One backend with itself

SLOW = replace(LEFT, repeats=3, origin=LEFT.id)
REPEATED = Pair(LEFT, SLOW)


def test_calls_of_one_framework_are_compared_on_one_backend_in_one_mode() -> None:
    records = [
        record(case, backend=backend, mode=mode)
        for case in (LEFT, SLOW)
        for backend in ("torch==2.12:cpu", "torch==2.13:cpu")
        for mode in ("eager", "compiled")
    ]
    found = run_of(*records, held=consistent(REPEATED), cases=(REPEATED,))
    sides = [(item.left_backend, item.left_mode, item.right_backend, item.right_mode) for item in found]
    assert all(side[:2] == side[2:] for side in sides)
    assert len(sides) == len(set(sides)) == 4


def test_the_reference_is_compared_with_itself_and_with_nobody_else() -> None:
    records = [record(LEFT, backend="numpy==2"), record(SLOW, backend="numpy==2"), record(SLOW, backend="torch")]
    (found,) = run_of(*records, held=consistent(REPEATED), cases=(REPEATED,))
    assert found.left_backend == found.right_backend == "numpy==2"


def test_counterparts_are_compared_in_the_first_mode_of_each_backend() -> None:
    other = replace(LEFT, api="oneflow.nn.ConvTranspose1d", origin=LEFT.id)
    lines = (Counterpart(case=LEFT.id, api=NAME, framework="oneflow", counterpart=other.id),)
    records = [record(LEFT), record(LEFT, mode="compiled"), record(other, backend="oneflow")]
    found = run_of(*records, held=consistent(), lines=lines)
    assert [(item.left_mode, item.right_mode) for item in found] == [("eager", "eager")]


def test_a_repeated_call_must_give_the_same_bits() -> None:
    held = consistent(REPEATED, kind=Kind.PRECISION)
    last = np.nextafter(array_of(LEFT), np.float32(np.inf))
    assert against(record(LEFT), record(SLOW), REPEATED, held).agrees
    assert against(record(LEFT), record(SLOW, last), REPEATED, held).contradicts
    zero = array_of(LEFT) * np.float32(0)
    assert against(record(LEFT, zero), record(SLOW, -zero), REPEATED, held).contradicts
    assert against(record(LEFT, zero), record(SLOW, -zero), REPEATED).agrees


def test_what_could_not_run_on_either_side_is_no_agreement() -> None:
    """A claim that met nothing must not count as held."""
    absent = CouldNotRun("this adapter makes contiguous tensors only")
    found = against(record(LEFT, absent), record(SLOW, absent), REPEATED)
    assert (found.agrees, found.contradicts) == (False, False)


def test_a_claim_of_a_device_is_not_held_on_another() -> None:
    records = [record(LEFT, backend="torch==2.13:cpu"), record(SLOW, backend="torch==2.13:cpu")]
    assert run_of(*records, held=consistent(REPEATED, device="cuda"), cases=(REPEATED,)) == []
    there = [with_fields(item, backend="torch==2.13:cuda:1") for item in records]
    assert len(run_of(*there, held=consistent(REPEATED, device="cuda"), cases=(REPEATED,))) == 1


# Where nothing bounds a difference


def rounded(case: Case, *, backend: str = "torch", add: float = 0.0) -> Record:
    """What no document describes: the framework's own convolution on rounded numbers."""
    return record(case, np.full(WHOLE, np.float32(0.1 + add)), backend=backend)


@pytest.mark.parametrize(("data", "compared"), [("normal", 0), ("integers", 1)])
def test_rounded_numbers_that_no_document_describes_are_not_compared(data: Any, compared: int) -> None:
    left = Case("torch.nn.Conv1d", Arguments((2, 4, 3)), LEFT.call, data=data)
    pair = Pair(left, replace(left, repeats=2, origin=left.id))
    records = [rounded(pair.left), rounded(pair.right, add=1e-7)]
    assert {item.verdict for item in records} == {"undocumented"}
    found = run_of(*records, held=consistent(pair), cases=(pair,))
    assert len(found) == compared
    assert all(item.contradicts for item in found)


def test_a_claim_that_is_advice_or_overruled_is_compared_and_does_not_count() -> None:
    assert against(record(LEFT), record(SLOW), REPEATED).counts
    assert not against(record(LEFT), record(SLOW), REPEATED, consistent(REPEATED, advice=True)).counts
