"""The commands, thin. Data on stdout, progress on stderr; exit codes as in `conformance.campaign`."""

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click

from cases.catalogue import apis, select
from conformance import __version__, campaign, corpus, drift_command, environments
from conformance.backends import Specification, resolve
from conformance.cli_findings import COMMANDS
from conformance.cli_report import report, report_run
from conformance.commands import (
    DEFAULT_BACKENDS,
    FUZZ,
    OUTPUT,
    backend_option,
    guarded,
    known_differences,
    known_options,
)
from conformance.errors import UsageError
from conformance.installing import Display
from conformance.listing import backend_lines, claim_rows
from conformance.progress import Watch
from reports import reading
from reports.record import Finding


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="conformance")
def cli() -> None:
    """Hold deep-learning frameworks against their own documentation, and against one another."""


@cli.command()
@click.argument("api", nargs=-1)
@backend_option
@click.option(
    "--strength", type=click.IntRange(1, 3), default=2, show_default=True, help="t of the t-way covering arrays."
)
@click.option("--thorough", is_flag=True, help="3-way covering arrays, and more of every other kind of case.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which members of the classes, and which arrays.")
@click.option("--max-cases", type=click.IntRange(1), help="At most so many cases of each API, evenly spread.")
@click.option("--budget", type=click.FloatRange(0, min_open=True), help="Begin no case after so many seconds.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Backends that run at a time.")
@click.option(
    "--time-limit",
    "limit",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds per case.",
)
@click.option("--memory-limit", type=click.IntRange(1), help="Address space of a worker, in MiB.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first unexpected record, once it is confirmed.")
@click.option("--only", multiple=True, metavar="CASE", help="Only the cases whose id starts so; may be repeated.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=OUTPUT,
    show_default=True,
    help="Folder of the run file and the reports, or a .jsonl file.",
)
@click.option("--resume", is_flag=True, help="Go on with the run file that is there.")
@click.option("--no-install", is_flag=True, help="Create no environment.")
@known_options
@click.option("--strict-known", is_flag=True, help="Fail where a known difference does not occur, or is too broad.")
@click.option(
    "--explain",
    type=click.FloatRange(0),
    default=300.0,
    show_default=True,
    help="Seconds for explaining what is new: minimal cases, rules on fresh cases, scripts.",
)
@guarded
def run(
    api: tuple[str, ...],
    names: tuple[str, ...],
    *,
    strength: int,
    thorough: bool,
    seed: int,
    max_cases: int | None,
    budget: float | None,
    jobs: int,
    limit: float,
    memory_limit: int | None,
    fail_fast: bool,
    only: tuple[str, ...],
    output: Path,
    resume: bool,
    no_install: bool,
    known: Path,
    no_known: bool,
    strict_known: bool,
    explain: float,
) -> None:
    """Run the cases of every API, or of those that match the patterns, and write the reports.

    Example: conformance run '*Transpose1d' -b torch -b mindspore==2.9.0
    """
    selected = tuple(select(api))
    if not selected:
        click.echo(f"conformance: nothing matches {', '.join(api)}; `conformance claims` lists the APIs", err=True)
        sys.exit(campaign.NOTHING_SELECTED)
    specifications = [Specification.parse(name) for name in names or DEFAULT_BACKENDS]
    options = campaign.Options(
        selected,
        output,
        seed,
        3 if thorough else strength,
        max_cases,
        tuple(only),
        budget,
        jobs,
        limit,
        memory_limit * 2**20 if memory_limit else None,
        fail_fast,
        resume,
        tuple(sys.argv[1:]),
        strict_known,
        pinned=tuple(item.case for item in (*corpus.shipped(), *corpus.read(FUZZ / corpus.FOLDER))),
    )
    ledger = known_differences(known, no_known)
    resolved = [resolve(item, install=not no_install, progress=Display()) for item in specifications]
    asked = [campaign.Asked(backend, named=bool(names)) for backend in resolved]
    files: list[Path] = []
    with Watch() as watch:
        explainer = partial(_explained, seconds=explain, jobs=jobs, say=watch.say)
        code = campaign.run(options, asked, watch, written=files.append, known=ledger, explain=explainer)
    for file in files:
        report_run(file)
    if code == campaign.NOTHING_SELECTED:
        click.echo("conformance: no case is left to run; loosen the patterns, --only or -b", err=True)
    sys.exit(code)


def _explained(
    loaded: reading.RunFile, new: Sequence[Finding], *, seconds: float, jobs: int, say: Callable[[str], None]
) -> Sequence[Finding]:
    """New findings, explained as far as the time allows."""
    if not seconds:
        return new
    # Hypothesis takes half a second to import, and a run that finds nothing new does not need it.
    from conformance.explain import Effort
    from conformance.findings import explained
    from conformance.findings_command import backends_of

    say(f"{len(new)} new findings; explaining them for at most {seconds:g} s (--explain 0 leaves that out)")
    return explained(loaded, new, backends_of(loaded), effort=Effort(), jobs=jobs, seconds=seconds, say=say)


@cli.command("drift")
@click.argument("run_file", type=click.Path(path_type=Path), default=OUTPUT)
@click.option("-b", "--backend", "names", multiple=True, help="A backend of the run; may be repeated. [default: all]")
@click.option("--accept", is_flag=True, help="Take what is documented there for what the claims were written from.")
@guarded
def drift_(run_file: Path, *, names: tuple[str, ...], accept: bool) -> None:
    """What changed in the documentation since the claims were written, by API and parameter.

    Example: conformance drift conformance-report
    """
    sys.exit(drift_command.drift(run_file, names, accept=accept))


@cli.command()
@click.argument("api", nargs=-1)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--run", "run_file", type=click.Path(path_type=Path), help="Add the state of each claim in this run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@guarded
def claims(api: tuple[str, ...], *, lang: str, run_file: Path | None, as_json: bool) -> None:
    """Every claim, with its documents and, given a run, its state per backend.

    Example: conformance claims 'mindspore.nn.Conv1d*' --lang zh
    """
    selected = tuple(select(api))
    if not selected:
        raise UsageError(f"nothing matches {', '.join(api)}", f"known are: {', '.join(apis())}")
    loaded = reading.load(run_file) if run_file else None
    for row in claim_rows(selected, lang, loaded, as_json=as_json):
        click.echo(row)


@cli.command()
@click.argument("names", nargs=-1)
@click.option("--remove", multiple=True, metavar="NAME", help="Delete the managed environments of NAME[==VERSION].")
@guarded
def backends(names: tuple[str, ...], *, remove: tuple[str, ...]) -> None:
    """What each backend is, or why it is not usable here. Creates nothing.

    Example: conformance backends
    """
    for name in remove:
        removed = environments.remove(name)
        for item in removed:
            click.echo(f"removed {item.path} ({item.megabytes:,.0f} MB)")
        if not removed:
            click.echo(f"{name}: there was no environment")
    if not remove:
        for line in backend_lines(names):
            click.echo(line)


@cli.command()
@guarded
def schema() -> None:
    """The JSON Schema of one line of a run file."""
    click.echo(json.dumps(reading.schema(), indent=2))


for command in (report, *COMMANDS):
    cli.add_command(command)
