"""The commands on what was found: findings, known differences, one case or finding, two runs."""

import sys
from pathlib import Path

import click

from conformance import diff_command
from conformance.commands import OUTPUT, guarded, known_differences, known_options
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

    What is found is written into the run file, behind what is there.

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


COMMANDS = (findings, show, diff, known)
