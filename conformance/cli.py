"""The commands, thin. Data on stdout, progress on stderr; exit codes as in `conformance.campaign`."""

import json
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cases.catalogue import apis, select
from cases.values import BadValue
from conformance import __version__, campaign, drift_command, environments, findings
from conformance.backends import Specification, resolve
from conformance.errors import UsageError
from conformance.installing import Display
from conformance.listing import backend_lines, claim_rows
from conformance.progress import Watch
from conformance.show import show_case
from reports import reading
from reports.write import write_reports

DEFAULT_BACKENDS = ("torch", "mindspore", "oneflow")
OUTPUT = Path("conformance-report")


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Bad input ends with a message and code 2, an interrupt with 130, our own mistakes with 3."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (UsageError, reading.BadRunFile, BadValue, LookupError) as error:
            if isinstance(error, KeyError | IndexError):
                return _internal()
            click.echo(f"conformance: {error.args[0] if isinstance(error, LookupError) else error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("conformance: interrupted", err=True)
            sys.exit(campaign.INTERRUPTED)
        except click.ClickException:
            raise
        except Exception:
            return _internal()

    return guarded


def _internal() -> None:
    traceback.print_exc()
    click.echo("conformance: this is a mistake of the suite itself; what is above belongs in a report of it", err=True)
    sys.exit(campaign.INTERNAL)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="conformance")
def cli() -> None:
    """Hold deep-learning frameworks against their own documentation, and against one another."""


@cli.command()
@click.argument("api", nargs=-1)
@click.option(
    "-b",
    "--backend",
    "names",
    multiple=True,
    help="NAME[==VERSION][:DEVICE][@PYTHON]; may be repeated. [default: torch, mindspore, oneflow]",
)
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
@_guarded
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
    )
    resolved = [resolve(item, install=not no_install, progress=Display()) for item in specifications]
    asked = [campaign.Asked(backend, named=bool(names)) for backend in resolved]
    files: list[Path] = []
    with Watch() as watch:
        code = campaign.run(options, asked, watch, written=files.append)
    for file in files:
        _report(file)
    if code == campaign.NOTHING_SELECTED:
        click.echo("conformance: no case is left to run; loosen the patterns, --only or -b", err=True)
    sys.exit(code)


def _report(path: Path) -> None:
    """Write both reports beside a run file and print the headlines."""
    for line in write_reports(reading.load(path), path.parent):
        click.echo(line)


@cli.command()
@click.argument("run_file", type=click.Path(path_type=Path), default=OUTPUT)
@_guarded
def report(run_file: Path) -> None:
    """Write report.html and report.md beside a run file again. Runs no framework.

    Example: conformance report conformance-report/run.jsonl
    """
    loaded = reading.load(run_file)
    for line in write_reports(loaded, loaded.path.parent):
        click.echo(line)


@cli.command("drift")
@click.argument("run_file", type=click.Path(path_type=Path), default=OUTPUT)
@click.option("-b", "--backend", "names", multiple=True, help="A backend of the run; may be repeated. [default: all]")
@click.option("--accept", is_flag=True, help="Take what is documented there for what the claims were written from.")
@_guarded
def drift_(run_file: Path, *, names: tuple[str, ...], accept: bool) -> None:
    """What changed in the documentation since the claims were written, by API and parameter.

    Example: conformance drift conformance-report
    """
    sys.exit(drift_command.drift(run_file, names, accept=accept))


@cli.command("findings")
@click.argument("run_file", type=click.Path(path_type=Path), default=OUTPUT)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("findings"),
    show_default=True,
    help="Folder of the pages.",
)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Scripts that run at a time.")
@_guarded
def findings_(run_file: Path, *, folder: Path, jobs: int) -> None:
    """Write a page per framework of what was found, each with a script that was run outside of the suite.

    Example: conformance findings conformance-report --to docs/findings
    """
    findings.write(reading.load(run_file), folder, jobs=jobs, say=click.echo)


@cli.command()
@click.argument("run_file", type=click.Path(path_type=Path))
@click.argument("case")
@click.option("--script", "only_script", is_flag=True, help="Print only the script.")
@_guarded
def show(run_file: Path, case: str, *, only_script: bool) -> None:
    """Everything on one case of a run, with a script in the framework's own API.

    Example: conformance show conformance-report 5be0c1d2
    """
    click.echo(show_case(reading.load(run_file), case, only_script=only_script))


@cli.command()
@click.argument("api", nargs=-1)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--run", "run_file", type=click.Path(path_type=Path), help="Add the state of each claim in this run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_guarded
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
@_guarded
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
@_guarded
def schema() -> None:
    """The JSON Schema of one line of a run file."""
    click.echo(json.dumps(reading.schema(), indent=2))
