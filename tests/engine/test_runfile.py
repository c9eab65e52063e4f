"""Writing a run file: nothing is lost to a second run, to a cut line, to threads or to another writer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from conformance.errors import UsageError
from conformance.runfile import Writer, create, output_file, put_findings, resume
from reports.reading import load, read_lines, to_line
from reports.record import Finding
from tests.reports import build

RUN = build.run()


def write(path: Path, *, seed: int = 0, whole: bool = True) -> bytes:
    with create(path) as writer:
        lines = build.lines(build.runfile(run=build.run(seed=seed)))
        for line in lines if whole else lines[:-1]:
            writer.write(line)
    return output_file(path).read_bytes()


def test_an_output_is_a_folder_or_a_file_of_that_name(tmp_path: Path) -> None:
    assert output_file(tmp_path / "report") == tmp_path / "report" / "run.jsonl"
    assert output_file(tmp_path / "my.jsonl") == tmp_path / "my.jsonl"


def test_what_is_written_can_be_read_at_once(tmp_path: Path) -> None:
    with create(tmp_path / "new" / "folder") as writer:
        assert writer.path == tmp_path / "new" / "folder" / "run.jsonl"
        writer.write(RUN)
        assert load(writer.path).run == RUN
        writer.write(build.END)
        assert load(writer.path).end == build.END


def test_an_earlier_run_file_is_kept_under_another_name(tmp_path: Path) -> None:
    before = write(tmp_path, seed=1)
    after = write(tmp_path, seed=2)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert names[1] == "run.jsonl"
    assert (tmp_path / names[0]).read_bytes() == before
    assert (tmp_path / "run.jsonl").read_bytes() == after
    assert load(tmp_path / names[0]).run.seed == 1


def test_of_many_runs_within_a_second_none_is_lost(tmp_path: Path) -> None:
    for seed in range(4):
        write(tmp_path, seed=seed)
    assert {load(path).run.seed for path in tmp_path.glob("*.jsonl")} == {0, 1, 2, 3}


def test_a_file_that_is_being_written_is_refused_to_a_second_run(tmp_path: Path) -> None:
    with create(tmp_path) as writer:
        writer.write(RUN)
        with pytest.raises(UsageError, match="being written by another run"), create(tmp_path):
            pass
        with pytest.raises(UsageError, match="being written by another run"), resume(tmp_path, RUN):
            pass
        assert load(tmp_path).run == RUN
    with resume(tmp_path, RUN) as (_, found):
        assert found.run == RUN
        with pytest.raises(UsageError, match="being written"), resume(tmp_path, RUN):
            pass


def test_a_folder_that_cannot_be_written_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(UsageError, match="cannot be written"), create(tmp_path / "file" / "below"):
        pass


def test_an_error_of_the_run_itself_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="another thing"), create(tmp_path):
        raise FileNotFoundError(2, "another thing")


def test_resumed_at_any_byte_a_file_has_its_whole_lines_and_goes_on_after_them(tmp_path: Path) -> None:
    small = build.runfile(run=build.run(claims=build.CLAIMS[:1]), records=tuple(build.records()[:2]))
    lines = [line for line in build.lines(small) if line in (small.run, *small.records)]
    data = b"".join(map(to_line, lines))
    first = len(to_line(small.run))
    path = tmp_path / "run.jsonl"
    for cut in [*range(first, len(data) + 1, 97), len(data) - 1, len(data)]:
        path.write_bytes(data[:cut])
        with resume(tmp_path, small.run) as (writer, found):
            count = len(found.records)
            for record in small.records[count:]:
                writer.write(record)
        assert path.read_bytes() == data, f"cut at {cut}"


def test_what_a_run_writes_last_is_cut_off_and_written_anew(tmp_path: Path) -> None:
    whole = build.runfile()
    assert whole.comparisons
    assert whole.end is not None
    write(tmp_path)
    with resume(tmp_path, whole.run) as (_, found):
        assert found.records == whole.records
    again = load(tmp_path)
    assert again.end is None
    assert again.comparisons == ()
    assert again.records == whole.records
    assert again.counterparts == whole.counterparts


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"seed": 7}, "it was made with seed 0"),
        ({"strength": 3}, "it was made with strength 2"),
        ({"suite": "9.9"}, "it was made with suite"),
        ({"claims": build.CLAIMS[1:]}, "other claims"),
        ({"backends": RUN.backends[:1]}, "it is about numpy, mindspore, torch, oneflow, not numpy"),
    ],
)
def test_only_the_same_run_is_resumed(tmp_path: Path, other, told: str) -> None:
    before = write(tmp_path)
    with pytest.raises(UsageError, match=told), resume(tmp_path, replace(RUN, **other)):
        pass
    assert (tmp_path / "run.jsonl").read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"not json\n", b"{}\n", to_line(RUN)[:-1]])
def test_what_is_no_run_file_is_not_resumed(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match="cannot resume"), resume(tmp_path, RUN):
        pass
    assert content is None or (tmp_path / "run.jsonl").read_bytes() == content


def test_lanes_write_whole_lines_from_their_threads(tmp_path: Path) -> None:
    records = build.records()
    barrier = threading.Barrier(8)

    def work(writer: Writer, number: int) -> None:
        barrier.wait()
        for count in range(50):
            record = records[(number + count) % len(records)]
            writer.write(replace(record, call=f"{number}-{count}" + "x" * 3000))

    with create(tmp_path) as writer:
        writer.write(RUN)
        with ThreadPoolExecutor(8) as pool:
            for future in [pool.submit(work, writer, number) for number in range(8)]:
                future.result()
    calls = [record.call.rstrip("x") for record in load(tmp_path).records]
    assert sorted(calls) == sorted(f"{number}-{count}" for number in range(8) for count in range(50))
    for number in range(8):
        assert [call for call in calls if call.startswith(f"{number}-")] == [f"{number}-{count}" for count in range(50)]


def test_findings_take_the_place_of_those_that_were_there_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    first, second = (
        Finding(
            id=name,
            backend="torch",
            verdict="differs",
            symptoms=["values"],
            claims=[],
            apis=[],
            modes=[],
            rule="",
            support=1,
            against=0,
            cases=[],
            smallest="",
            mode="",
        )
        for name in ("1", "2")
    )
    lines = [line for line in build.lines(build.runfile()) if not isinstance(line, Finding)]
    path.write_bytes(b"".join(map(to_line, [*lines[:-1], first, lines[-1]])))
    put_findings(path, [second])
    assert list(read_lines(path)) == [*lines, second]
    assert [item.name for item in tmp_path.iterdir()] == ["run.jsonl"]


def test_findings_cannot_be_put_into_a_file_that_a_run_is_writing(tmp_path: Path) -> None:
    with create(tmp_path) as writer:
        writer.write(build.run())
        with pytest.raises(UsageError, match="being written"):
            put_findings(tmp_path / "run.jsonl", [])
