"""The command `check-model`, thin."""

import sys
from pathlib import Path

import click

from conformance import model_collect
from conformance.backends import Backend, Specification, Unavailable, resolve
from conformance.campaign import NO_BACKEND
from conformance.commands import guarded, known_differences, known_options
from conformance.errors import UsageError
from conformance.installing import Display
from conformance.model import SOURCE, report, save, specifications
from conformance.model_check import SECONDS
from conformance.model_markdown import markdown
from conformance.model_text import as_json, text
from conformance.process import WorkerFailed
from reports.text import clean


@click.command("check-model")
@click.argument("model", metavar="FILE.py:factory")
@click.option("--input", "inputs", multiple=True, metavar="SHAPE", help="Such as 1,80,100; once for each input.")
@click.option("--to", "target", required=True, metavar="BACKEND", help="The framework that the model is to go to.")
@click.option("--from", "source", default=SOURCE, show_default=True, metavar="BACKEND", help="Which PyTorch runs it.")
@click.option("--dtype", "dtypes", multiple=True, help="Of the inputs: once, or once for each. [default: float32]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of weights and inputs.")
@click.option(
    "--time-limit",
    "limit",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds for the model, from the import of its file to its result.",
)
@click.option(
    "--call-limit",
    "seconds",
    type=click.FloatRange(0, min_open=True),
    default=SECONDS,
    show_default=True,
    help="Seconds for one call on one backend.",
)
@click.option(
    "--weights", type=click.Path(path_type=Path), help="Write the weights, as the target takes them, as .npz."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the report as Markdown into this file.")
@click.option("--json", "json", is_flag=True, help="As one JSON object.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--no-install", is_flag=True, help="Create no environment.")
@known_options
@guarded
def check_model(
    model: str,
    inputs: tuple[str, ...],
    *,
    target: str,
    source: str,
    dtypes: tuple[str, ...],
    seed: int,
    limit: float,
    seconds: float,
    weights: Path | None,
    output: Path | None,
    json: bool,
    lang: str,
    no_install: bool,
    known: Path,
    no_known: bool,
) -> None:
    """Translate the layers of a PyTorch model, and verify each with the model's own weights and inputs.

    The factory is a function without arguments that returns the model. It runs in a process of its own. Exit code 0 if
    every layer that the suite knows has an equal counterpart, 1 if one has none, 5 if the suite knows none.

    Example: conformance check-model examples/hifigan_generator.py:v2 --input 1,80,100 --to mindspore
    """
    asked = model_collect.asked(model, inputs, dtypes, seed=seed, seconds=limit)
    for path in (weights, output):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise UsageError(f"{path} cannot be written", "name a file in a folder that is there")
    ledger = known_differences(known, no_known)
    ours, theirs = (_resolved(item, install=not no_install) for item in specifications(source, target))
    try:
        made = report(asked, ours, theirs, ledger, seconds=seconds, say=lambda told: click.echo(clean(told), err=True))
    except WorkerFailed as failure:
        click.echo(f"conformance: {failure.reason}\n{failure.stderr}".rstrip(), err=True)
        sys.exit(NO_BACKEND)
    file = str(weights) if weights else ""
    if weights is not None:
        save(made.weights, weights)
    if output is not None:
        output.write_text(markdown(made, lang, file), encoding="utf-8")
    click.echo(as_json(made, file) if json else "\n".join(text(made, lang, file)))
    sys.exit(made.code)


def _resolved(specification: Specification, *, install: bool) -> Backend:
    """The backend; without it the command ends here."""
    found = resolve(specification, install=install, progress=Display())
    if isinstance(found, Unavailable):
        click.echo(f"conformance: {specification} is unavailable: {found.reason}\n{found.way_out}", err=True)
        sys.exit(NO_BACKEND)
    return found
