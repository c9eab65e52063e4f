"""The pages of run files: the reports of one run, or the trend of several; and what CI systems read. Runs nothing."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from conformance.commands import OUTPUT, guarded
from conformance.errors import UsageError
from conformance.listing import finding_rows
from reports import badge, ci_annotations, ci_summary, html, reading, text, trend_html, trend_markdown
from reports.difference import difference
from reports.reading import RunFile
from reports.summary import Summary, summarise
from reports.trend import Part, trend
from reports.trend_columns import columns
from reports.trend_words import framework
from reports.write import write_reports

SUMMARY = "GITHUB_STEP_SUMMARY"


@click.command()
@click.argument("run_files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=f"Folder of the pages. [default: that of the run file; {OUTPUT} for several]",
)
@click.option("--base", type=click.Path(path_type=Path), help="A run file to say what changed since, in the summary.")
@guarded
def report(run_files: tuple[Path, ...], *, output: Path | None, base: Path | None) -> None:
    """Write the pages of a run file again, or those of several runs held against one another. Runs no framework.

    Of one run: report.html, report.md, summary.md for a pull request, and a badge for each backend. Of several:
    trend.html and trend.md, which say since which version a claim fails. In GitHub Actions the summary or the
    trend is added to that of the job, and the most severe findings become annotations.

    Example: conformance report conformance-report/run.jsonl --base main/run.jsonl

    Example: conformance report runs/*.jsonl -o trend
    """
    paths = list(dict.fromkeys(run_files)) or [OUTPUT]
    if len(paths) > 1 and base is not None:
        raise UsageError(
            f"--base {base} was given with {len(paths)} run files", "it is about one run: give one, or none"
        )
    with reading.uncollected():
        if len(paths) > 1:
            _trend(paths, output or OUTPUT)
        else:
            loaded = reading.load(paths[0])
            _annotate(_write(loaded, output or loaded.path.parent, base))


def report_run(path: Path) -> None:
    """Write everything beside a new run file, and print the headlines, and what is known and what is new."""
    with reading.uncollected():
        loaded = reading.load(path)
        summary = _write(loaded, path.parent, None)
        if loaded.end is not None and not loaded.end.interrupted:
            _say(f"differences: {loaded.end.known:,} executions are known, {loaded.end.new:,} are new")
        for line in finding_rows([item for item in loaded.findings if not item.known]):
            _say(line)
        _annotate(summary)


def _write(loaded: RunFile, folder: Path, base: Path | None) -> Summary:
    """Every page of one run, and the lines that tell of them."""
    since = None if base is None else difference(reading.load(base), loaded)
    summary = summarise(loaded)
    whole = ci_summary.Whole(str(folder / html.NAME), ci_summary.artefacts(os.environ))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = write_reports(summary, folder)
        short = ci_summary.write(folder, summary, base=since, whole=whole)
        badges = badge.write(folder, summary)
    except OSError as error:
        raise _unwritable(folder, error) from None
    for line in (*lines, f"summary: {short}"):
        _say(line)
    if badges:
        _say(f"badges: {', '.join(str(path) for path in badges)}")
    _append(lambda room: ci_summary.render(summary, base=since, whole=whole, room=room))
    return summary


def _append(render: Callable[[int], str]) -> None:
    """Add a text to the summary of the job. What was found does not hang on whether that can be written."""
    if place := os.environ.get(SUMMARY):
        try:
            ci_summary.append(Path(place), render)
        except OSError as error:
            said = f"warning: nothing was added to ${SUMMARY}: {place}: {error.strerror or error}"
            click.echo(f"conformance: {said}", err=True)


def _annotate(summary: Summary) -> None:
    if ci_annotations.active(os.environ):
        for command in ci_annotations.annotations(summary):
            click.echo(command)


def _trend(paths: Sequence[Path], folder: Path) -> None:
    """Hold runs against one another. Each is read and let go before the next, so that there may be many."""
    found = trend([columns(reading.load(path), number) for number, path in enumerate(paths, 1)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pages = [trend_html.write(folder, found), trend_markdown.write(folder, found)]
    except OSError as error:
        raise _unwritable(folder, error) from None
    for part in found.parts:
        _say(_told(part))
    for page in pages:
        _say(f"trend: {page}")
    _append(lambda room: trend_markdown.render(found, room))


def _told(part: Part) -> str:
    name, count = framework(part.framework), len(part.columns)
    if count < 2:
        return f"{name}: only one backend, which there is nothing to hold against"
    differ = text.counted(len(part.rows), "claim does", "claims do")
    failing = text.counted(len(part.failing), "fails wherever it was held", "fail wherever they were held")
    alike = text.counted(sum(part.same.values()), "stands alike", "stand alike")
    return f"{name}: {differ} not stand alike over {count} backends, {failing}, {alike}"


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{error.filename or folder} cannot be written: {error.strerror or error}", "give a folder with -o"
    )


def _say(line: str) -> None:
    """Print a line; where GitHub Actions reads along, it is made sure that no text of a run file is a command."""
    click.echo(ci_annotations.harmless(line) if ci_annotations.active(os.environ) else line)
