"""The ledger asked about a call that nobody has made yet."""

from dataclasses import replace
from datetime import date

import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.known import ANY, Entry, Ledger, ledger
from cases.values import Tensor, Value
from conformance.known_calls import known_trouble
from reports.record import BackendLine

MINDSPORE = BackendLine(name="mindspore==2.10.0:cpu", framework="mindspore", version="2.10.0", mode="pynative")


def call(**keyword: Value) -> Case:
    weight = Tensor("weight", (2, 3, 3, 3), "float32")
    construct = Arguments((2, 3, 3), (("pad_mode", "pad"), *keyword.items()))
    return Case(
        "mindspore.nn.Conv2dTranspose", construct, Arguments((Tensor("input", (1, 2, 5, 5), "float32"),)), (weight,)
    )


def test_a_call_that_a_backend_is_known_to_get_wrong_is_recognised_by_its_arguments() -> None:
    found = known_trouble(call(stride=2, padding=1, output_padding=1), MINDSPORE, ledger())
    assert found is not None
    assert found.verdict == "differs"
    assert "output_padding" in found.rule


@pytest.mark.parametrize("backend", ["2.11.0", "1.0"])
def test_an_entry_does_not_speak_of_other_versions(backend: str) -> None:
    other = BackendLine(name="mindspore", framework="mindspore", version=backend)
    assert known_trouble(call(stride=2, padding=1, output_padding=1), other, ledger()) is None


def test_what_is_not_known_or_not_in_the_ledger_is_no_trouble() -> None:
    plain = call(stride=2, padding=1)
    assert known_trouble(plain, MINDSPORE, ledger()) is None
    assert known_trouble(call(stride=2, padding=1, output_padding=1), MINDSPORE, Ledger({})) is None
    assert known_trouble(replace(plain, api="torch.nn.ConvTranspose2d"), MINDSPORE, ledger()) is None


@pytest.mark.parametrize(
    ("claims", "asked"),
    [(("padding-negative", "errors-name-argument"), False), (("output-values",), True), ((), True), (ANY, True)],
)
def test_an_entry_about_invalid_calls_is_not_asked_about_valid_ones(claims: tuple[str, ...], asked: bool) -> None:
    """Its rule tells which invalid calls are meant, and may hold for any valid one."""
    item = Entry(
        name="it aborts",
        apis=("mindspore.nn.Conv2dTranspose",),
        verdict="crashed",
        claims=claims,
        rule="",
        reason="a reason",
        date=date(2026, 11, 21),
    )
    found = known_trouble(call(), MINDSPORE, Ledger({"mindspore": (item,)}))
    assert found == (item if asked else None)
    names = {claim.id.partition("/")[2] for claim in apis()[call().api].claims}
    assert claims == ANY or set(claims) <= names
