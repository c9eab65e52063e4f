"""What drifted is said with its parameter, tells the whole difference, and is accepted only where its author may."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec import structs

from cases.case import Case
from cases.written import Outline, Parameter, file_of, text, written
from conformance import drift_command
from conformance.drift import KINDS, Drift, Stale, differences, drifts, outlined, patched
from conformance.drift_command import accepted, drift, drift_lines
from conformance.errors import UsageError
from conformance.outcome import CouldNotRun, Described, Raised
from reports import record
from reports.reading import RunFile, load, to_line
from reports.record import BackendLine, Side
from tests.cases.test_written import outlines
from tests.reports import build

API = "torch.nn.ConvTranspose1d"
DOCSTRING = """Makes a thing.

    Args:
        size (int): how large
        mode (str): how

    Returns:
        a thing
    """
SEEN = Described(("size", "mode"), {"mode": "near"}, DOCSTRING, {"size": "int", "mode": "str"})
KNOWN = outlined(API, "1.0", SEEN)


def found(outcome: Described, known: Outline = KNOWN) -> list[tuple[str, str]]:
    return [(item.kind, item.parameter) for item in drifts(API, "torch==2.0:cpu", outcome, {API: known})]


def test_what_says_the_same_did_not_drift() -> None:
    assert found(SEEN) == []
    assert found(replace(SEEN, docstring=DOCSTRING.replace("how large", "how\n            large"))) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"names": ("size",)}, [("parameter removed", "mode")]),
        ({"names": ("size", "more", "mode")}, [("parameter added", "more")]),
        (
            {"names": ("size", "mode", "more"), "defaults": {"mode": "near", "more": 1}},
            [("parameter added", "more"), ("default changed", "more")],
        ),
        ({"names": ("mode", "size")}, [("parameter moved", "mode")]),
        ({"defaults": {"mode": "far"}}, [("default changed", "mode")]),
        ({"defaults": {"mode": "near", "size": 1}}, [("default changed", "size")]),
        ({"defaults": {}}, [("default changed", "mode")]),
        ({"annotations": {"size": "Optional[int]", "mode": "str"}}, [("annotation changed", "size")]),
        (
            {"docstring": DOCSTRING.replace("how large", "how small")},
            [("docstring changed", ""), ("parameter text changed", "size")],
        ),
        (
            {"docstring": DOCSTRING.replace("        a thing", "        it")},
            [("docstring changed", ""), ("section changed", "Returns")],
        ),
        (
            {"docstring": DOCSTRING.replace("Returns", "Note")},
            [("docstring changed", ""), ("section changed", "Returns"), ("section changed", "Note")],
        ),
        ({"docstring": DOCSTRING.replace("Args", "Parameters")}, [("docstring changed", "")]),
    ],
)
def test_each_change_is_told_with_what_it_is_about(now: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert found(replace(SEEN, **now)) == expected  # type: ignore[arg-type]
    assert {kind for kind, _ in expected} <= set(KINDS)


def test_was_and_now_are_values_places_and_digests() -> None:
    changed = replace(SEEN, names=("more", "size", "mode"), defaults={"mode": {"dtype": "float32"}}, docstring="New.")
    by_kind = {(item.kind, item.parameter): item for item in drifts(API, "torch==2.0:cpu", changed, {API: KNOWN})}
    assert by_kind["parameter added", "more"] == Drift(
        API, "torch==2.0:cpu", "parameter added", "more", was="", now="1", documented="1.0"
    )
    default = by_kind["default changed", "mode"]
    assert (default.was, default.now) == ('"near"', '{"dtype": "float32"}')
    assert by_kind["parameter text changed", "size"].now == by_kind["section changed", "Returns"].now == ""
    digests = by_kind["docstring changed", ""]
    assert digests.was != digests.now
    assert all(re.fullmatch("[0-9a-f]{16}", digest) for digest in (digests.was, digests.now))


def test_only_what_moved_is_told_not_what_made_room() -> None:
    names = tuple("abcdefgh")
    known = replace(KNOWN, parameters=tuple(map(Parameter, names)))
    moved = replace(KNOWN, parameters=tuple(map(Parameter, ("h", *names[:-1]))))
    assert [(item.kind, item.parameter, item.was, item.now) for item in differences(known, moved)] == [
        ("parameter moved", "h", "8", "1")
    ]
    swapped = replace(KNOWN, parameters=tuple(map(Parameter, "bacdefhg")))
    assert len(list(differences(known, swapped))) == 2
    added = replace(KNOWN, parameters=tuple(map(Parameter, ("new", *names))))
    assert [item.kind for item in differences(known, added)] == ["parameter added"]
    many = replace(KNOWN, parameters=tuple(map(Parameter, (*names, *"ijklmnop"))))
    last = replace(KNOWN, parameters=(Parameter("p"),))
    for one, other in ((known, moved), (known, swapped), (known, many), (many, added), (last, many), (many, last)):
        assert patched(API, "1.0", one, list(differences(one, other))) == other


def test_an_api_that_is_gone_or_that_nobody_wrote_down_is_told() -> None:
    gone = CouldNotRun(f"this torch has no {API}")
    assert [item.kind for item in drifts(API, "torch==2.0:cpu", gone, {API: KNOWN})] == ["API missing"]
    assert list(drifts(API, "torch==2.0:cpu", gone, {})) == []
    (new,) = drifts(API, "torch==2.0:cpu", SEEN, {})
    assert (new.kind, new.documented) == ("API not written down", "")
    assert patched(API, "2.0", None, [new]) == replace(KNOWN, version="2.0")
    (missing,) = drifts(API, "torch==2.0:cpu", gone, {API: KNOWN})
    assert patched(API, "2.0", KNOWN, [missing]) is None


def test_outcomes_that_say_nothing_and_our_own_reference_do_not_drift() -> None:
    other = replace(SEEN, docstring="Our own words.")
    assert list(drifts(API, "numpy==1.26.4:cpu", other, {API: KNOWN})) == []
    assert list(drifts(API, "numpy", other, {})) == []
    for outcome in (CouldNotRun("no worker"), Raised("call", ("ValueError",), "no")):
        assert list(drifts(API, "torch==2.0:cpu", outcome, {API: KNOWN})) == []


def test_a_parameter_that_changed_sides_but_kept_its_number_was_moved() -> None:
    one = replace(KNOWN, parameters=tuple(map(Parameter, "aefgxbc")))
    other = replace(KNOWN, parameters=tuple(map(Parameter, "abcdx")))
    moved = [item for item in differences(one, other) if item.kind == "parameter moved"]
    assert [(item.parameter, item.was, item.now) for item in moved] == [("x", "5", "5")]
    assert patched(API, "1.0", one, list(differences(one, other))) == other


@settings(max_examples=300)
@given(outlines("torch.f", "1"), outlines("torch.f", "2"))
def test_the_drifts_tell_the_whole_difference(known: Outline, now: Outline) -> None:
    assert patched("torch.f", "2", known, list(differences(known, now))) == now
    assert patched("torch.f", "2", None, list(differences(None, now))) == now
    assert not list(differences(now, replace(now, version="3")))


def test_drifts_from_another_outline_are_not_applied() -> None:
    changed = replace(SEEN, defaults={"mode": "far"}, docstring=DOCSTRING.replace("how large", "big"))
    items = list(drifts(API, "torch==2.0:cpu", changed, {API: KNOWN}))
    for other in (
        replace(KNOWN, parameters=(KNOWN.parameters[0], replace(KNOWN.parameters[1], default='"else"'))),
        replace(KNOWN, texts={**KNOWN.texts, "size": "0" * 16}),
        replace(KNOWN, docstring="0" * 16),
        None,
    ):
        with pytest.raises(Stale, match=re.escape(API)):
            patched(API, "2.0", other, items)
    with pytest.raises(Stale, match="written down"):
        patched(API, "2.0", KNOWN, list(drifts(API, "torch==2.0:cpu", SEEN, {})))


# The command. Its run files are those that a run writes: an inspection of each API, and the drifts.

OTHER = "torch.nn.ConvTranspose2d"
NEWER = replace(SEEN, defaults={"mode": "far"}, docstring=DOCSTRING.replace("how large", "big"))


def line(version: str, framework: str = "torch", **more: Any) -> BackendLine:
    return BackendLine(name=f"{framework}=={version}:cpu", framework=framework, version=version, **more)


def runfile(*seen: tuple[str, str, Described], known: dict[str, Outline], **more: object) -> RunFile:
    """A run in which backends of torch, by version, described APIs so."""
    backends = [line(version) for version in dict.fromkeys(version for version, _, _ in seen)]
    items = [item for version, api, outcome in seen for item in drifts(api, line(version).name, outcome, known)]
    fields = {
        "run": build.run(backends=[*backends, line("9", "oneflow", unavailable="It is not here.")]),
        "records": tuple(
            build.record(Case(api, action="inspect"), line(version).name, actual=Side(what="described"))
            for version, api, _ in seen
        ),
        "comparisons": (),
        "counterparts": (),
        "drifts": tuple(
            record.Drift(
                api=item.api,
                backend=item.backend,
                kind=item.kind,
                parameter=item.parameter,
                was=item.was,
                now=item.now,
                documented=item.documented,
            )
            for item in items
        ),
    }
    return build.runfile(**(fields | more))


def told(loaded: RunFile, names: Sequence[str] = ()) -> str:
    return "\n".join(drift_lines(loaded, [item for item in loaded.run.backends if not names or item.name in names]))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the operators in a checkout in which two APIs are written down."""
    (tmp_path / ".git").mkdir()
    path = file_of("conv_transpose", "torch", tmp_path / "cases")
    path.parent.mkdir(parents=True)
    path.write_text(text([KNOWN, replace(KNOWN, api=OTHER)]))
    return tmp_path / "cases"


def accept(loaded: RunFile, root: Path) -> list[str]:
    return list(accepted(loaded, loaded.run.backends, root))


def test_the_terminal_shows_per_backend_and_api_what_changed() -> None:
    loaded = runfile(("2.0", API, NEWER), ("2.0", OTHER, SEEN), ("1.0", API, SEEN), known={API: KNOWN, OTHER: KNOWN})
    shown = told(loaded).splitlines()
    assert shown[0] == "torch==2.0:cpu: 1 of 2 APIs documented as their claims have it"
    assert shown[1] == f"  {API}: the documentation changed here, against 1.0"
    assert shown[2] == "    mode: default changed ('near' → 'far')"
    assert re.fullmatch(r"    size: parameter text changed \([0-9a-f]{16} → [0-9a-f]{16}\)", shown[3])
    assert shown[4:] == [
        "torch==1.0:cpu: 1 of 1 APIs documented as their claims have it",
        "oneflow==9:cpu: no signature was looked at. It is not here.",
    ]


def test_the_terminal_shows_places_and_what_is_not_there() -> None:
    added = replace(SEEN, names=("size", "mode", "last"))
    assert "    last: parameter added (none → place 3)" in told(runfile(("2.0", API, added), known={API: KNOWN}))
    assert f"  {API}: API not written down" in told(runfile(("2.0", API, added), known={})).splitlines()
    other = replace(SEEN, docstring=DOCSTRING.replace("Args", "Parameters"))
    assert "    as a whole: docstring changed (" in told(runfile(("2.0", API, other), known={API: KNOWN}))


def test_accepting_writes_what_the_backend_reports_and_keeps_the_rest(root: Path) -> None:
    before = written(root)
    (said,) = accept(runfile(("2.0", API, NEWER), known=before), root)
    assert said == f"written: {file_of('conv_transpose', 'torch', root)}"
    assert written(root) == {API: outlined(API, "2.0", NEWER), OTHER: before[OTHER]}
    assert not list(drifts(API, "torch==2.0:cpu", NEWER, written(root)))


def test_accepting_what_did_not_change_notes_the_version_that_was_read(root: Path) -> None:
    accept(runfile(("2.0", API, SEEN), known=written(root)), root)
    assert written(root) == {API: replace(KNOWN, version="2.0"), OTHER: replace(KNOWN, api=OTHER)}


def test_what_the_reference_says_of_itself_is_not_accepted(root: Path) -> None:
    loaded = runfile(("2.0", API, NEWER), known=written(root))
    numpy = line("1.26.4", "numpy")
    seen = build.record(Case(API, action="inspect"), numpy.name, actual=Side(what="described"))
    loaded = replace(
        loaded, run=structs.replace(loaded.run, backends=[numpy, line("2.0")]), records=(seen, *loaded.records)
    )
    accept(loaded, root)
    assert written(root)[API] == outlined(API, "2.0", NEWER)


def test_accepting_makes_the_first_file_of_a_framework(root: Path) -> None:
    path = file_of("conv_transpose", "torch", root)
    path.unlink()
    accept(runfile(("1.0", API, SEEN), known={}), root)
    assert written(root) == {API: KNOWN}


def test_nothing_is_accepted_that_is_not_clear(root: Path) -> None:
    known = written(root)
    whole = runfile(("2.0", API, NEWER), ("1.0", API, SEEN), known=known)
    stale = {API: replace(KNOWN, docstring="0" * 16)}
    refused = [
        ("document .* differently", whole),
        ("did not come to its end", replace(whole, end=None)),
        ("did not come to its end", replace(whole, end=structs.replace(build.END, interrupted=True))),
        ("says of no API", replace(whole, records=(), drifts=())),
        ("is no API of this version", runfile(("2.0", "torch.nn.Thing", SEEN), known={})),
        ("not from what is written down", runfile(("2.0", API, NEWER), known=stale)),
        ("the run found it not written down", runfile(("2.0", API, SEEN), known={})),
    ]
    for words, loaded in refused:
        with pytest.raises(UsageError, match=words):
            accept(loaded, root)
        assert written(root) == known
    assert list(accepted(whole, whole.run.backends[:1], root))


@pytest.mark.parametrize(
    ("kind", "now"), [("default changed", "{"), ("API not written down", "{}"), ("parameter moved", "x")]
)
def test_a_run_file_made_by_hand_cannot_spoil_the_files(root: Path, kind: str, now: str) -> None:
    loaded = runfile(("2.0", API, SEEN), known={} if kind.startswith("API") else written(root))
    if kind.startswith("API"):
        file_of("conv_transpose", "torch", root).unlink()
    before = written(root)
    was = {"default changed": '"near"', "parameter moved": "2"}.get(kind, "")
    bad = record.Drift(
        api=API, backend="torch==2.0:cpu", kind=kind, parameter="mode", was=was, now=now, documented="1.0"
    )
    with pytest.raises(UsageError, match="cannot accept"):
        accept(replace(loaded, drifts=(bad,)), root)
    assert written(root) == before


def test_an_installed_suite_is_never_written_to(root: Path) -> None:
    (root.parent / ".git").rmdir()
    with pytest.raises(UsageError, match="is no checkout"):
        accept(runfile(("2.0", API, NEWER), known=written(root)), root)
    assert written(root)[API] == KNOWN


def test_the_command_prints_and_says_whether_something_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drift_command, "ROOT", root)
    loaded = runfile(("2.0", API, NEWER), ("1.0", API, SEEN), known=written(root))
    path = build.stored(loaded, tmp_path)
    with path.open("ab") as stream:  # in whatever order
        stream.writelines(map(to_line, loaded.drifts))
    assert load(path).drifts == loaded.drifts
    assert drift(path, (), accept=False) == 1
    assert "against 1.0" in capsys.readouterr().out
    assert drift(path, ("torch==1.0:cpu",), accept=False) == 0
    assert "torch==2.0" not in capsys.readouterr().out
    with pytest.raises(UsageError, match="is no backend of"):
        drift(path, ("torch",), accept=False)
    assert written(root)[API] == KNOWN
    assert drift(path, ("torch==2.0:cpu",), accept=True) == 0
    assert "written: " in capsys.readouterr().out
    assert written(root)[API] == outlined(API, "2.0", NEWER)
