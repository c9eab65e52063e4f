"""A pinned case is read back as it was written, and a file that is none is named with what is wrong with it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.strategies import strategy
from cases.values import Tensor
from conformance import corpus
from conformance.corpus import Pinned
from conformance.errors import UsageError
from conformance.schedule import schedule
from reports.record import UNEXPECTED

CASE = Case(
    "torch.nn.ConvTranspose1d",
    Arguments((1, 1, 3), (("groups", -1),)),
    Arguments((Tensor("input", (1, 5), "float32"),)),
)
PINNED = Pinned(CASE, "torch==2.13.0:cpu", "accepts-invalid", "returned", ("a/b",), "2026-11-30")


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(list(apis().values())).flatmap(lambda api: strategy(api) | strategy(api, invalid=True)),
    st.sampled_from(sorted(UNEXPECTED)),
    st.text(),
)
def test_whatever_is_pinned_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, case: Case, verdict: str, symptom: str
) -> None:
    folder = tmp_path_factory.mktemp("pinned")
    pinned = Pinned(case, "oneflow==0.8.0:cpu", verdict, symptom, ("x/y", "x/z"))
    path = corpus.write(folder, pinned)
    assert path.name == f"oneflow-{case.id}.json"
    for found in (*corpus.read(folder), *corpus.of(path)):
        assert (found.case.id, corpus.text(found)) == (case.id, corpus.text(pinned))  # nan is not equal to itself


def test_the_first_finding_of_a_case_stays(tmp_path: Path) -> None:
    corpus.write(tmp_path, PINNED)
    corpus.write(tmp_path, Pinned(CASE, "torch==9.9:cpu", "crashed", "SIGABRT", (), "2030-01-01"))
    assert corpus.read(tmp_path) == (PINNED,)


def test_where_there_is_no_folder_nothing_is_pinned(tmp_path: Path) -> None:
    assert corpus.read(tmp_path / "none") == ()
    with pytest.raises(UsageError, match="no file or folder"):
        corpus.of(tmp_path / "none")


def test_what_the_operators_pin_can_be_read() -> None:
    for pinned in corpus.shipped():
        assert pinned.case.api in apis()


Spoil = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda data: [], "needs the texts", id="a list"),
        pytest.param(lambda data: data | {"verdict": "conforms"}, "'conforms' is none of", id="a verdict that is fine"),
        pytest.param(lambda data: data | {"backend": 3}, "needs the texts", id="a backend that is no text"),
        pytest.param(lambda data: data | {"claims": "x"}, "no list of texts", id="claims that are no list"),
        pytest.param(lambda data: data | {"date": "yesterday"}, "'yesterday' is none", id="a date that is none"),
        pytest.param(lambda data: data | {"case": {}}, "no case", id="a case that is none"),
        pytest.param(
            lambda data: data | {"case": data["case"] | {"api": "os.system"}},
            "no operator has an API 'os.system'",
            id="another API",
        ),
        pytest.param(
            lambda data: data | {"case": json.loads(json.dumps(data["case"]).replace("[1, 5]", "[9999999999, 5]"))},
            "49999999995 elements",
            id="a huge tensor",
        ),
    ],
)
def test_a_file_that_is_no_pinned_case_is_named_with_what_is_wrong(tmp_path: Path, spoil: Spoil, said: str) -> None:
    path = corpus.write(tmp_path, PINNED)
    path.write_text(json.dumps(spoil(json.loads(path.read_text()))))
    with pytest.raises(UsageError, match="mend or delete") as caught:
        corpus.read(tmp_path)
    assert str(path) in caught.value.message
    assert said in caught.value.message


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_bytes_that_are_no_json_are_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "torch-0.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="is no pinned case") as caught:
        corpus.read(tmp_path)
    assert str(path) in caught.value.message


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        corpus.write(tmp_path / "file" / "pinned", PINNED)


def test_pinned_cases_of_the_selected_apis_run_however_few_cases_a_run_is_to_have() -> None:
    def cases(**more: object) -> list[str]:
        found = schedule([apis()[CASE.api]], ["torch"], seed=0, strength=2, max_cases=3, **more)  # type: ignore[arg-type]
        return [case.id for case in found.cases("torch")]

    other = replace(CASE, api="torch.nn.ConvTranspose2d")
    plain = cases()
    assert CASE.id not in plain
    pinned = cases(pinned=(CASE, CASE, other))
    assert sorted(pinned) == sorted([*plain, CASE.id])
    assert cases(pinned=(CASE,), only=(CASE.id[:8],)) == [CASE.id]
    assert cases(pinned=(CASE,), only=(plain[0],)) == [plain[0]]


def test_a_pinned_case_that_a_plan_has_runs_once() -> None:
    plan = schedule([apis()[CASE.api]], ["torch"], seed=0, strength=2)
    again = schedule([apis()[CASE.api]], ["torch"], seed=0, strength=2, pinned=plan.cases("torch")[:5])
    assert [case.id for case in again.cases("torch")] == [case.id for case in plan.cases("torch")]
