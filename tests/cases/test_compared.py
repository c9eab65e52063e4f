"""What the transposed convolution knows of its APIs beside one another: parameters, lengths, regions, examples."""

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Arguments, Case
from cases.catalogue import apis, operators
from cases.compared import Comparer, comparer, documented_types
from cases.conv_transpose.compared_formulas import SETTINGS
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.understood import understood
from cases.documentation import REQUIRED, Text
from cases.values import Tensor


def knows() -> Comparer:
    found = comparer("conv_transpose")
    assert found is not None
    return found


PAIRS = knows().pairs()
paired = pytest.mark.parametrize(("left", "right"), PAIRS)


def test_there_is_a_page_for_each_pair_of_frameworks_in_each_dimension() -> None:
    layers = [(DIALECTS[left], DIALECTS[right]) for left, right in PAIRS if ".functional." not in left]
    found = {(ours.framework, theirs.framework, ours.axes) for ours, theirs in layers}
    frameworks = ("torch", "mindspore", "oneflow")
    assert found == {(*pair, axes) for pair in itertools.combinations(frameworks, 2) for axes in (1, 2, 3)}
    assert all(DIALECTS[left].axes == DIALECTS[right].axes for left, right in PAIRS)


@paired
def test_every_parameter_of_both_apis_has_just_one_row(left: str, right: str) -> None:
    rows = knows().rows(apis()[left], apis()[right])
    for name, side in ((left, "left"), (right, "right")):
        listed = [getattr(row, side) for row in rows if getattr(row, side) in apis()[name].names]
        assert sorted(listed) == sorted(apis()[name].names)


@paired
def test_a_row_says_of_defaults_what_the_signatures_say(left: str, right: str) -> None:
    ours, theirs = ({item.name: item.default for item in apis()[name].signature} for name in (left, right))
    for row in knows().rows(apis()[left], apis()[right]):
        if row.left in ours and row.right in theirs:
            differ = REQUIRED not in (ours[row.left], theirs[row.right]) and ours[row.left] != theirs[row.right]
            assert ("default" in row.meanings) == differ, row
            assert ("renamed" in row.meanings) == (row.left != row.right), row


@paired
def test_a_parameter_that_one_side_lacks_has_a_rule_in_both_languages(left: str, right: str) -> None:
    for row in knows().rows(apis()[left], apis()[right]):
        assert (row.meanings == ("missing",)) == (not row.left or not row.right)
        assert row.rule.en
        assert re.search(r"[\u4e00-\u9fff]", row.rule.zh)
        if row.meanings == ("missing",):
            assert row.rule.en != "no counterpart", f"{row.left or row.right} has no rule"


def value(formula: str, **given: int) -> int:
    """What a formula in closed form gives; read with its few signs, not evaluated as code."""
    total = 0
    tokens = re.split(r" ([+−]) (?![^()]*\))", formula)
    for sign, term in zip(["+", *tokens[1::2]], tokens[::2], strict=True):
        product = 1
        for factor in term.split("·"):
            inner = factor.strip("()")
            if " − " in inner:
                name, number = inner.split(" − ")
                product *= given[name] - int(number)
            elif " + " in inner:
                product *= sum(given[name] for name in inner.split(" + "))
            else:
                product *= given[inner] if inner in given else int(inner)
        total += product if sign == "+" else -product
    return total


@paired
def test_the_closed_formulas_give_the_lengths_of_the_reference(left: str, right: str) -> None:
    lengths = knows().lengths(apis()[left], apis()[right])
    compared = 0
    for (name, mode), column in zip(lengths.columns, zip(*lengths.rows, strict=True), strict=True):
        stated = {item.when.en.strip("`"): item.formula for item in knows().formulas(apis()[name])}
        formula = stated[mode or "every call"]
        for found, (length, kernel, stride, dilation, padding, longer) in zip(column, SETTINGS, strict=True):
            if isinstance(found, int):
                named = {"L": length, "kernel_size": kernel, "stride": stride, "dilation": dilation}
                named |= {"padding": padding, "begin": padding, "end": padding, "output_padding": longer}
                assert value(formula, **named) == found, (name, mode, formula)
                compared += 1
    assert compared > 12


def test_lengths_say_why_there_is_none() -> None:
    lengths = knows().lengths(apis()["torch.nn.ConvTranspose1d"], apis()["mindspore.nn.Conv1dTranspose"])
    words = {item.en for row in lengths.rows for item in row if isinstance(item, Text)}
    assert words == {"no such argument", "not documented"}


def layer(**keyword: Any) -> Case:
    construct = Arguments((1, 1, 3), tuple(keyword.items()))
    parameters = (Tensor("weight", (1, 1, 3), "float32"),)
    return Case("torch.nn.ConvTranspose1d", construct, Arguments((Tensor("input", (1, 1, 9), "float32"),)), parameters)


@given(st.integers(0, 4), st.integers(0, 4), st.integers(1, 5))
def test_the_region_of_a_call_is_what_it_crops(padding: int, longer: int, stride: int) -> None:
    if longer >= stride:
        return
    found = knows().region(layer(stride=stride, padding=padding, output_padding=longer, bias=False))
    crop = understood(layer(stride=stride, padding=padding, output_padding=longer, bias=False)).geometry
    begin, end = crop.crop[0][0], crop.crop[0][1] - crop.longer[0]
    wanted = "beyond" if end < 0 else "less" if end < begin else "alike" if begin else "whole"
    assert found == wanted


@pytest.mark.parametrize(
    ("pad_mode", "kernel", "wanted"), [("same", 4, "more"), ("same", 3, "alike"), ("valid", 4, "whole")]
)
def test_the_regions_of_pad_modes(pad_mode: str, kernel: int, wanted: str) -> None:
    construct = Arguments((1, 1, kernel), (("pad_mode", pad_mode),))
    weight = Tensor("weight", (1, 1, 1, kernel), "float32")
    given_ = Arguments((Tensor("input", (1, 1, 5), "float32"),))
    assert knows().region(Case("mindspore.nn.Conv1dTranspose", construct, given_, (weight,))) == wanted


def test_an_input_without_batch_is_a_region_of_its_own_with_words_in_both_languages() -> None:
    single = Arguments((Tensor("input", (1, 9), "float32"),))
    plain = layer(bias=False)
    key = knows().region(Case(plain.api, plain.construct, single, plain.parameters))
    text = knows().region_text(key)
    assert "without batch" in text.en
    assert "没有批量轴" in text.zh


@paired
def test_every_reason_of_the_solver_is_known_in_chinese(left: str, right: str) -> None:
    for source, target in ((left, right), (right, left)):
        operator = operators()[apis()[source].operator]
        for case in operator.plan(apis()[source], seed=0, strength=1).cases[::7]:
            answer = operator.counterpart(case, target.partition(".")[0])
            if isinstance(answer, str):
                found = knows().reason(answer)
                assert found.text.zh != found.text.en, answer


def test_a_reason_that_nobody_knows_counts_as_none_and_keeps_its_words() -> None:
    found = knows().reason("the moon is full")
    assert (found.why, found.text.zh) == ("none", "the moon is full")


@paired
def test_the_examples_are_documented_calls_and_the_default_pair_comes_first(left: str, right: str) -> None:
    found = knows().illustrations(apis()[left], apis()[right])
    assert len({item.key for item in found}) == len(found) >= 3
    for item in found:
        assert understood(item.case)
        assert re.search(r"[\u4e00-\u9fff`]", item.title.zh)
    if DIALECTS[left].loads:
        assert found[0].key == "defaults"


def test_only_the_seed_s_pair_has_a_document_that_compares_it() -> None:
    compared = {pair for pair in PAIRS if knows().comparing(apis()[pair[0]], apis()[pair[1]])}
    assert compared == {("torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose")}


def test_documented_types_come_from_the_claims() -> None:
    found = documented_types(apis()["mindspore.nn.Conv1dTranspose"], "stride")
    assert found == Text("an int", "整数")
    assert documented_types(apis()["torch.nn.ConvTranspose1d"], "no_such") is None
