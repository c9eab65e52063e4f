"""A Markdown report is never larger than what takes it, whatever the run."""

from hypothesis import given
from hypothesis import strategies as st

from reports import markdown
from reports.markdown_fit import CUT, LEFT_OUT, fitted
from tests.reports import build

BLOCKS = st.lists(st.text("ab¤中", max_size=200), max_size=40)


@given(BLOCKS, st.integers(0, 4000))
def test_the_text_fits_and_what_is_kept_is_whole_and_in_order(blocks: list[str], room: int) -> None:
    page = fitted(blocks, room)
    assert len(page.encode()) <= room
    kept = [block for block in page.rstrip("\n").split("\n\n") if block and block not in (LEFT_OUT, CUT)]
    rest = iter(blocks)
    assert all(block in rest for block in kept)


@given(BLOCKS)
def test_nothing_is_left_out_where_there_is_room(blocks: list[str]) -> None:
    kept = [block for block in blocks if block]
    assert fitted(blocks, 100_000) == ("\n\n".join(kept) + "\n" if kept else "")


def test_the_largest_block_goes_first_and_leaves_a_line() -> None:
    assert fitted(["head", "x" * 500, "y" * 200, "tail"], 400) == f"head\n\n{LEFT_OUT}\n\n{'y' * 200}\n\ntail\n"


def test_the_report_of_a_run_that_grows_stays_within_its_limit_and_keeps_its_head() -> None:
    sizes = []
    for count in (100, 1500, 7000):
        apis = [f"mindspore.nn.Api{n}" for n in range(10)]
        claims = [build.claim(apis[n % 10], f"claim-{n}", "A statement of some length. " * 4) for n in range(count)]
        page = markdown.render(build.runfile(run=build.run(claims=claims), records=(), comparisons=()))
        sizes.append(len(page.encode()))
        assert page.startswith("# Conformance report\n")
        assert "## This run" in page
        assert (LEFT_OUT in page) == (count == 7000)
    assert max(sizes) <= markdown.LARGEST
    assert sizes[0] < sizes[1]
