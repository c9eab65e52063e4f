"""The run file on disk: read back as written, readable when cut short at any byte, else refused."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from reports import arrays, reading
from reports.reading import BadRunFile, RunFile, load, to_line
from tests.reports import build, build_hostile


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return build.stored(build.runfile(), tmp_path)


def parts(runfile: RunFile) -> tuple[object, ...]:
    held = (runfile.records, runfile.counterparts, runfile.comparisons, runfile.drifts, runfile.properties)
    return (runfile.run, *held, runfile.end)


def test_a_run_file_is_read_back_as_it_was_written(stored: Path) -> None:
    assert parts(load(stored)) == parts(build.runfile())
    assert load(stored.parent) == load(stored)


def test_a_hostile_run_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert parts(load(build.stored(build_hostile.hostile(), tmp_path))) == parts(build_hostile.hostile())


def test_a_file_cut_short_at_any_byte_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    claim = build.claim(build.MINDSPORE, "output-values")
    run = build.run(claims=[claim], backends=[], documents=[], rulings=[], coverage=[])
    small = build.runfile(
        run=run, records=tuple(build.records()[:2]), comparisons=(), end=build.END, drifts=(), properties=()
    )
    lines = build.lines(small)
    data = b"".join(map(to_line, lines))
    ends = np.cumsum([len(to_line(line)) for line in lines])
    path = tmp_path / "run.jsonl"
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        whole = int((ends <= cut).sum())
        if whole == 0:
            with pytest.raises(BadRunFile, match="starts with a whole line"):
                load(path)
        else:
            assert build.lines(load(path)) == lines[:whole]


@pytest.mark.parametrize(
    "damage", [b"not json\n", b"{}\n", b'{"type":"other"}\n', b"\xff\xfe\n", b'{"type":"record"}\n']
)
def test_a_line_that_is_none_is_refused_with_its_offset(stored: Path, damage: bytes) -> None:
    first = stored.read_bytes().index(b"\n") + 1
    stored.write_bytes(stored.read_bytes()[:first] + damage + stored.read_bytes()[first:])
    with pytest.raises(BadRunFile, match=f"byte {first}"):
        load(stored)


def test_another_format_is_refused_by_number(tmp_path: Path) -> None:
    path = build.stored(build.runfile(run=build.run(format=2)), tmp_path)
    with pytest.raises(BadRunFile, match="format 2; this version reads format 1"):
        load(path)


def test_a_file_that_starts_otherwise_or_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_bytes(to_line(build.END))
    with pytest.raises(BadRunFile, match="type 'run'"):
        load(tmp_path)
    with pytest.raises(BadRunFile, match="cannot be read"):
        load(tmp_path / "none.jsonl")


def test_the_schema_fits_every_line_and_nothing_else() -> None:
    schema = json.loads(json.dumps(reading.schema()))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lines = [
        json.loads(to_line(line)) for run in (build.runfile(), build_hostile.hostile()) for line in build.lines(run)
    ]
    assert {line["type"] for line in lines} == {
        "run",
        "record",
        "counterpart",
        "comparison",
        "finding",
        "drift",
        "property",
        "end",
    }
    for line in lines:
        validator.validate(line)
        assert not validator.is_valid({**line, "type": "other"})
    for line in lines:
        needed = ("case", "left", "suite", "seconds", "kind", "value", "support")
        assert not validator.is_valid({key: value for key, value in line.items() if key not in needed})


def test_a_case_is_found_by_the_beginning_of_its_id(stored: Path) -> None:
    runfile = load(stored)
    assert {item.mode for item in runfile.record(build.SAME.id[:8])} == {"eager", "graph"}
    with pytest.raises(LookupError, match="no case"):
        runfile.record("no such case")
    with pytest.raises(LookupError, match="beginning of"):
        runfile.record("")


def test_a_small_array_is_kept_whole_and_a_large_one_around_its_difference() -> None:
    small = arrays.pack(np.arange(6, dtype="<f4").reshape(2, 3))
    assert (small.shape, small.dtype, small.start, small.count) == ([2, 3], "float32", 0, 6)
    large = np.arange(100_000, dtype="<f8")
    packed = arrays.pack(large, around=50_000)
    kept = np.frombuffer(msgspec.json.decode(f'"{packed.data}"', type=bytes), "<f8")
    assert kept.nbytes == arrays.WHOLE_ARRAY
    assert np.array_equal(kept, large[packed.start : packed.start + packed.count])
    assert packed.start < 50_000 < packed.start + packed.count
