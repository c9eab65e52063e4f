"""Rules: what they mean axis by axis, and that their text is read back as the same rule, whatever stands in it."""

import keyword
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.features import Feature
from cases.rules import OPERATORS, Atom, BadRule, Name, Rule, parse

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}(\([A-Za-z_][A-Za-z0-9_]{0,6}\)|\[[0-9]\])?", fullmatch=True).filter(
    lambda name: (
        not any(map(keyword.iskeyword, name.replace("(", " ").replace(")", " ").replace("[", " ").split()))
        and not name.startswith("all(")
    )
)
WORDS = st.text(st.characters(exclude_categories=())) | st.booleans() | st.none()  # half characters, too
NUMBERS = st.integers() | st.floats(allow_nan=False)
COMPARED = st.builds(
    Atom, NAMES, st.sampled_from(tuple(OPERATORS)), NUMBERS | WORDS | st.builds(Name, NAMES), every=st.booleans()
)
ATOMS = COMPARED | st.builds(Atom, NAMES, st.just("in"), st.lists(WORDS, min_size=1, max_size=4).map(tuple))
RULES = st.lists(ATOMS, max_size=4).map(lambda atoms: Rule(tuple(atoms)))
VALUES: st.SearchStrategy[Feature] = st.lists(NUMBERS, max_size=7).map(tuple) | WORDS


def exactly(rule: Rule) -> list[tuple[Any, ...]]:
    """Its parts with their types, which `True == 1` does not tell apart."""
    return [(a.left, a.sign, repr(a.right), a.every) for a in rule.atoms]


@given(RULES)
def test_the_text_of_a_rule_is_read_back_as_the_same_rule(rule: Rule) -> None:
    again = parse(str(rule))
    assert again == rule
    assert exactly(again) == exactly(rule)
    assert str(again) == str(rule)


@given(RULES, st.data())
def test_a_rule_that_was_read_back_holds_for_the_same_features(rule: Rule, data: st.DataObject) -> None:
    sides = [side for a in rule.atoms for side in (a.left, a.right.text if isinstance(a.right, Name) else a.left)]
    names = [side.partition("[")[0] for side in sides]
    found = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)))
    again = parse(str(rule))
    assert again.holds(found) is rule.holds(found)
    assert rule.holds(found) is all(atom.holds(found) for atom in rule.atoms)


@given(COMPARED, st.data())
def test_what_speaks_of_something_that_is_not_there_does_not_hold(atom: Atom, data: st.DataObject) -> None:
    missing = atom.left.partition("[")[0]
    found = data.draw(st.dictionaries(NAMES.filter(lambda name: name != missing), VALUES, max_size=3))
    assert not atom.holds(found)


FOUND: dict[str, Feature] = {
    "stride": (2, 1),
    "kernel_size": (3,),
    "padding": (1, 2, 0, 0),
    "dilation": (1, 3),
    "groups": (1,),
    "scale": (math.nan,),
    "many": (math.inf,),
    "none": (),
    "pad_mode": "same",
    "mode": "same",
    "type(stride)": "tuple",
    "bias": True,
    "init": None,
}
HOLD = [
    "",
    "  ",
    "stride > 1",
    "stride[0] > 1",
    "stride == 1",
    "all(stride > 0)",
    "groups[1] == 1",  # one number stands for every axis
    "dilation >= kernel_size",
    "all(kernel_size >= dilation)",
    "stride[0] > dilation[0]",
    "dilation > stride[0]",
    "stride != 1",
    "many > 1e308",
    "many == 1e999",
    "stride > -1e999",
    "stride > -1.5",
    "pad_mode == 'same'",
    "pad_mode != 'valid'",
    'pad_mode in ("valid", "same")',
    "type(stride) == 'tuple'",
    "bias == True",
    "bias != False",
    "init == None",
    "init in (None, False)",
    "stride > 1 and bias == True and pad_mode != 'pad'",
]
DO_NOT = [
    "stride > 2",
    "all(stride > 1)",
    "stride[1] > 1",
    "stride[2] > 0",
    "all(stride[2] > 0)",
    "no_such > 0",
    "no_such != 0",
    "no_such == 'x'",
    "no_such != 'x'",
    "stride > no_such",
    "all(none > 0)",
    "none == none",
    "scale > 0",
    "scale == scale",
    "bias == 1",  # a word is no number
    "groups == True",
    "groups != True",
    "stride == 'same'",
    "stride != 'same'",
    "pad_mode != 1",
    "pad_mode > 'a'",
    "pad_mode == mode",  # two features are compared as numbers
    "stride in ('same',)",
    "init == False",
    "init != None",
    "bias in (None, 'True')",
    "stride > 1 and bias == False",
]


@pytest.mark.parametrize("text", HOLD)
def test_a_rule_that_holds(text: str) -> None:
    assert parse(text).holds(FOUND)


@pytest.mark.parametrize("text", DO_NOT)
def test_a_rule_that_does_not_hold(text: str) -> None:
    assert not parse(text).holds(FOUND)


def test_a_number_for_each_side_is_held_against_the_number_of_its_axis() -> None:
    found = {"padding": (1, 2, 0, 5), "stride": (2, 4)}
    assert parse("padding > stride").holds(found)
    assert parse("padding == stride").holds(found)
    assert not parse("padding > stride").holds({"padding": (2, 2, 3, 4), "stride": (2, 4)})
    assert parse("all(padding <= stride)").holds({"padding": (2, 2, 3, 4), "stride": (2, 4)})


NONE = [
    "stride",
    "stride >",
    "1",
    "1 > stride",
    "1 < stride < 3",
    "not stride > 1",
    "stride > 1 or groups > 1",
    "stride > 1 and",
    "stride > 1 and (groups > 1 or bias == True)",
    "all(stride)",
    "all(stride > 1, groups > 1)",
    "all(all(stride > 1))",
    "all(stride) > 1",
    "all(pad_mode in ('same',))",
    "True > 1",
    "'stride' > 1",
    "stride > [1]",
    "stride > (1, 2)",
    "stride > 1 + 1",
    "stride > 1j",
    "stride > b'x'",
    "stride > ...",
    "stride in ()",
    "stride in (1, 2)",
    "stride in ['same']",
    "stride not in ('same',)",
    "stride is None",
    "stride[0][1] > 1",
    "stride[-1] > 1",
    "stride[:] > 1",
    "a.b > 1",
    "f(x)(y) > 1",
    "f(1) > 1",
    "__import__('os').system('x') == 0",
    "(lambda: 1) > 1",
    "(a := 1) > 1",
    "f'{stride}' == 'x'",
    "stride > 1; groups > 1",
    "stride > 1\ngroups > 1",
    "stride \0 > 1",
    "\ud800",
    "(" * 10_000 + ")" * 10_000,
    "-" * 10_000 + "1",
    "a" + ".a" * 10_000 + " > 1",
    "stride > " + "9" * 10_000,
]


@pytest.mark.parametrize("text", NONE, ids=[ascii(text[:40]) for text in NONE])
def test_a_text_that_is_no_rule_is_refused_and_named(text: str) -> None:
    with pytest.raises(BadRule, match="is no rule"):
        parse(text)


@given(st.text())
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse(text)
    except BadRule:
        return
    assert parse(str(rule)) == rule
