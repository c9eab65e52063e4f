"""The learner finds the rule that was planted, among the features of the cases that a run really has."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.features import Feature
from cases.rules import Rule, parse
from reports.learning import LONGEST, Table
from tests.reports.planted import FUNCTIONS, LAYERS, MINDSPORE, described

ONE = ("torch.nn.ConvTranspose3d",)
PLANTED = [
    (ONE, "groups > 1 and dilation > 2"),
    (ONE, "dilation[0] > 1"),
    (ONE, "stride > dilation"),
    (ONE, "all(stride > 1)"),
    (ONE, "groups > 1 and dilation > 1 and stride > 1"),
    (ONE, "stride > extent and bias == True"),
    (ONE, "stride > kernel_size"),
    (ONE, "padding > output_padding"),
    (ONE, "type(stride) == 'tuple'"),
    (ONE, "batch == 0"),
    (MINDSPORE, "pad_mode == 'valid' and stride > extent"),
    (MINDSPORE, "pad_mode in ('pad', 'same') and groups > 1"),
    (LAYERS, "axes == 2 and bias == True and dtype == 'float16'"),
    (LAYERS, "api == 'torch.nn.ConvTranspose2d' and groups > 1"),
    ((*LAYERS, *FUNCTIONS), "kind == 'function' and groups > 1 and stride > 1"),
]
TABLES: dict[tuple[str, ...], Table] = {}


def table(names: tuple[str, ...]) -> Table:
    """The features of the valid cases of these APIs; made once."""
    if names not in TABLES:
        TABLES[names] = Table(described(*names))
    return TABLES[names]


def held(rule: Rule, rows: Sequence[dict[str, Feature]]) -> np.ndarray:
    return np.array([rule.holds(row) for row in rows])


def learned(names: tuple[str, ...], failing: np.ndarray) -> Rule:
    return table(names).learn(np.flatnonzero(failing), np.flatnonzero(~failing))


@pytest.mark.parametrize(("names", "text"), PLANTED, ids=[text for _, text in PLANTED])
def test_a_planted_rule_is_found_again(names: tuple[str, ...], text: str) -> None:
    rows = described(*names)
    failing = held(parse(text), rows)
    assert 2 < failing.sum() < len(rows) - 2
    found = learned(names, failing)
    assert (held(found, rows) == failing).all(), str(found)
    assert len(found.atoms) <= len(parse(text).atoms)


NOISY = [item for item in PLANTED if item[0] in (ONE, MINDSPORE) and item[1] != "batch == 0"]


@pytest.mark.parametrize(("names", "text"), NOISY, ids=[text for _, text in NOISY])
def test_a_planted_rule_is_found_though_two_in_a_hundred_cases_say_otherwise(names: tuple[str, ...], text: str) -> None:
    rows, chance = described(*names), random.Random(text)
    clean = held(parse(text), rows)
    found = learned(names, clean ^ np.array([chance.random() < 0.02 for _ in rows]))
    assert (held(found, rows) == clean).all(), str(found)


def test_a_rule_says_what_a_person_would() -> None:
    rows = described(*ONE)
    for text, said in (
        ("groups > 1 and dilation > 2", "dilation > 2 and groups > 1"),
        ("dilation[0] > 1", "dilation[0] > 1"),
        ("all(stride > 1)", "all(stride > 1)"),
        ("stride > dilation", "stride > dilation"),
    ):
        assert str(learned(ONE, held(parse(text), rows))) == said


def test_every_comparison_means_to_the_learner_what_it_means_as_a_rule() -> None:
    """Also for what has as many numbers as no argument should have, for huge numbers, and for none."""
    rows: list[dict[str, Feature]] = [
        *described("mindspore.nn.Conv2dTranspose")[:80],
        {"stride": (1, 2, 3, 4, 5), "dilation": (2, 1)},
        {"stride": (2, 1), "dilation": (1, 2, 3)},
        {"stride": (2**63,), "dilation": (2**63 - 1,)},
        {"stride": (2**53 + 1,), "dilation": (2**53,)},
        {"stride": (10**400,), "dilation": (1,)},
        {"stride": (float("nan"),), "dilation": (float("inf"),)},
        {"stride": None, "dilation": None},
        {"stride": "same", "dilation": True},
        {"stride": (), "dilation": (1.5,)},
        {},
    ]
    made = Table(rows)
    assert len(made.atoms) > 300
    for atom, mask in zip(made.atoms, made.masks, strict=True):
        assert [bool(number) for number in mask] == [atom.holds(row) for row in rows], str(atom)
        assert parse(str(atom)).atoms == (atom,)


VALUES = st.lists(st.integers(-1, 4), min_size=1, max_size=3).map(tuple) | st.sampled_from(["a", "b", True, None])
ROWS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("p", "q", "type(p)"), VALUES)), max_size=12)


def test_the_axis_of_a_feature_in_brackets_is_read_back() -> None:
    rows: list[dict[str, Feature]] = [{"rank(p)": (0, 1)}, {"rank(p)": (1, 0)}]
    rule = Table(rows).learn([1], [0])
    assert str(rule).startswith("rank(p)[")
    assert parse(str(rule)) == rule


@settings(max_examples=60)
@given(ROWS, st.data())
def test_a_learned_rule_is_short_can_be_read_back_and_holds_for_something_that_fails(rows, data) -> None:
    """With any rows, those that fail and pass and are alike in everything among them."""
    marks = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    failing = [place for place, mark in enumerate(marks) if mark]
    passing = [place for place, mark in enumerate(marks) if not mark]
    rule = Table(rows).learn(failing, passing)
    assert len(rule.atoms) <= LONGEST
    assert parse(str(rule)) == rule
    assert not failing or any(rule.holds(rows[place]) for place in failing)
    again = Table(rows).learn(failing, passing)
    assert str(again) == str(rule)


def test_where_nothing_passes_or_nothing_tells_them_apart_the_rule_is_that_it_always_fails() -> None:
    rows: list[dict[str, Feature]] = [{"p": (1,)}, {"p": (2,)}, {"p": (1,)}]
    assert Table(rows).learn([0, 1, 2], []) == Rule()
    assert Table(rows[:1] * 3).learn([0, 1], [2]) == Rule()
    assert Table([]).learn([], []) == Rule()


def test_a_word_is_told_from_a_number_that_equals_it() -> None:
    rows: list[dict[str, Feature]] = [{"p": True}, {"p": (1,)}, {"p": "1"}, {"p": None}]
    for place in range(4):
        rule = Table(rows).learn([place], [other for other in range(4) if other != place])
        assert [rule.holds(row) for row in rows] == [at == place for at in range(4)]
