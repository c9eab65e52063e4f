"""The commands on what was found, and on finding more: findings, fuzzing, known differences, one case, two runs."""

import sys
from pathlib import Path

import click

from cases.catalogue import select
from conformance import diff_command
from conformance.backends import Specification, resolve
from conformance.campaign import NO_BACKEND
from conformance.cli_compare import compare
from conformance.cli_model import check_model
from conformance.cli_translate import translate
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
from conformance.known import FOLDER, Words, accept, entries, listed
from conformance.listing import finding_rows
from conformance.show import show_case, show_finding
from reports import issue_text, reading


@click.command("findings")
@click.argument("run_file", type=click.Path(path_type=Path), default=OUTPUT)
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Write a page per framework into this folder.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Backends, and scripts, at a time.")
@click.option("--fresh", type=click.IntRange(0), default=200, show_default=True, help="Fresh cases for each rule.")
@click.option("--seconds", type=click.FloatRange(1), default=40.0, show_default=True, help="For minimising each.")
@known_options
@guarded
def findings(
    run_file: Path, *, folder: Path | None, jobs: int, fresh: int, seconds: float, known: Path, no_known: bool
) -> None:
    """Explain every finding of a run: its smallest case, its rule on fresh cases, and a script, run on its backend.

    What is found is put into the run file, in the place of what it said before.

    Example: conformance findings conformance-report --to docs/findings
    """
    # Hypothesis takes half a second to import, and no other command needs it.
    from conformance import findings_command
    from conformance.explain import Effort

    effort = Effort(fresh=fresh, fresh_slow=max(1, fresh // 10), seconds=seconds)
    order = findings_command.Order(effort, jobs, folder)
    ledger = known_differences(known, no_known)
    made = findings_command.findings(reading.load(run_file), ledger, order, say=lambda text: click.echo(text, err=True))
    for line in finding_rows(made):
        click.echo(line)


@click.command("fuzz")
@click.argument("api", nargs=-1)
@backend_option
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="For the search on each backend.",
)
@click.option("--executions", type=click.IntRange(1), help="End after so many cases: a seed then finds the same.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@click.option(
    "--invalid-share",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="The part of the drawn calls that have one invalid value.",
)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Backends searched at a time.")
@click.option(
    "--explain",
    type=click.FloatRange(0),
    default=120.0,
    show_default=True,
    help="Seconds for explaining what is new, after the search.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=FUZZ,
    show_default=True,
    help="Folder of the run file, the pinned cases and Hypothesis's examples.",
)
@click.option("--no-install", is_flag=True, help="Create no environment.")
@known_options
@guarded
def fuzz(
    api: tuple[str, ...],
    names: tuple[str, ...],
    *,
    seconds: float,
    executions: int | None,
    seed: int,
    invalid_share: float,
    jobs: int,
    explain: float,
    output: Path,
    no_install: bool,
    known: Path,
    no_known: bool,
) -> None:
    """Search for what no plan has, until the time is over, and pin what is found.

    What earlier searches pinned runs first. Exit code 1 if something fails that is no known difference.

    Example: conformance fuzz '*Transpose2d' -b torch --seconds 120
    """
    # Hypothesis takes half a second to import, and no other command needs it.
    from conformance import fuzz_command
    from conformance.fuzz import Bounds

    if output.suffix == ".jsonl" or output.is_file():
        raise UsageError(f"{output} is no folder, and a search needs one", "name a folder with -o")
    selected = tuple(select(api))
    if not selected:
        raise UsageError(f"nothing matches {', '.join(api)}", "`conformance claims` lists the APIs")
    ledger = known_differences(known, no_known)
    specifications = [Specification.parse(name) for name in names or DEFAULT_BACKENDS]
    backends = [(resolve(item, install=not no_install, progress=Display()), bool(names)) for item in specifications]
    bounds = Bounds(seconds, seed, invalid_share, executions)
    order = fuzz_command.Order(selected, bounds, output, jobs, explain, tuple(sys.argv[1:]))
    done = fuzz_command.fuzz(order, backends, ledger, say=lambda text: click.echo(text, err=True))
    if done is None:
        sys.exit(NO_BACKEND)
    for line in (*fuzz_command.told(done), *finding_rows(done.new)):
        click.echo(line)
    sys.exit(done.code)


@click.command()
@click.argument("run_file", type=click.Path(path_type=Path))
@click.argument("name", metavar="CASE|FINDING")
@click.option("--script", "only_script", is_flag=True, help="Print only the script.")
@click.option(
    "--issue",
    type=click.Choice(["torch", "mindspore", "oneflow"]),
    help="A finding as an issue text for the maintainers of its framework.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the issue text.")
@guarded
def show(run_file: Path, name: str, *, only_script: bool, issue: str | None, lang: str) -> None:
    """Everything on one case or finding of a run, with a script in the framework's own API.

    Example: conformance show conformance-report 5be0c1d2
    """
    loaded = reading.load(run_file)
    if issue is not None:
        click.echo(issue_text.issue(loaded, loaded.finding(name), framework=issue, lang=lang), nl=False)
    elif _is_finding(loaded, name):
        click.echo(show_finding(loaded, loaded.finding(name), only_script=only_script))
    else:
        click.echo(show_case(loaded, name, only_script=only_script))


def _is_finding(loaded: reading.RunFile, name: str) -> bool:
    """Whether a finding is meant: by its whole id, or by a beginning of it that no case has."""
    if any(item.id == name for item in loaded.findings):
        return True
    return any(item.id.startswith(name) for item in loaded.findings) and not any(
        item.case.startswith(name) for item in loaded.records
    )


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--markdown", "as_markdown", is_flag=True, help="As Markdown, for a pull request or a job summary.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@guarded
def diff(old: Path, new: Path, *, as_markdown: bool, as_json: bool) -> None:
    """What is new, gone and changed between two runs. Exit code 1 if something new differs.

    Example: conformance diff old/run.jsonl conformance-report
    """
    sys.exit(diff_command.diff(old, new, as_markdown=as_markdown, json=as_json))


@click.group()
def known() -> None:
    """The known differences, which fail no run."""


@known.command("list")
@click.option("--known", "folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@guarded
def known_list(*, folder: Path) -> None:
    """Every entry of the ledger, the user's own and the shipped ones."""
    for line in listed(entries(folder)):
        click.echo(line)


@known.command("add")
@click.argument("run_file", type=click.Path(path_type=Path))
@click.argument("finding")
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--name", default="", help="Of the entry. [default: made from the finding]")
@click.option("--versions", default="", help="PEP 440, such as '>=2.9,<2.11'. [default: this version]")
@click.option("--link", default="", help="Where it is reported.")
@click.option("--this-cpu", is_flag=True, help="Only on CPUs of this capability.")
@click.option("--to", "folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@guarded
def known_add(
    run_file: Path, finding: str, *, folder: Path, this_cpu: bool, reason: str, name: str, versions: str, link: str
) -> None:
    """Accept a finding of a run, once its script has reproduced it.

    Example: conformance known add conformance-report 1f3a0c2e --reason "reported, mended in 2.14"
    """
    words = Words(reason, name, versions, link, this_cpu)
    path, entry = accept(reading.load(run_file), finding, words, folder)
    click.echo(f"{path}: {entry.name}")


COMMANDS = (findings, fuzz, show, diff, known, check_model, translate, compare)
