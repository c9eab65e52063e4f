"""`conformance compare`: the comparison page of two counterpart APIs, or all of them."""

from pathlib import Path

import click

from conformance.commands import OUTPUT, guarded
from conformance.errors import UsageError
from reports import reading
from reports.comparison_evidence import BadEvidence, Evidence, read
from reports.comparison_language import LANGS, Lang

COMMITTED = Path("docs/compare")
FOLDER = Path("conformance-compare")


@click.command()
@click.argument("api", nargs=-1)
@click.option(
    "--run", "run_file", type=click.Path(path_type=Path), help=f"A run file or its folder. [default: {OUTPUT}]"
)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Evidence of earlier pages, in place of a run.")
@click.option("--lang", type=click.Choice(LANGS), help="Only this language. [default: both]")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Folder of the pages."
)
@click.option("--all", "everything", is_flag=True, help="Every pair of counterparts, with an index and the evidence.")
@guarded
def compare(
    api: tuple[str, ...],
    *,
    run_file: Path | None,
    source: Path | None,
    lang: Lang | None,
    folder: Path,
    everything: bool,
) -> None:
    """Write the comparison page of two counterpart APIs, in Markdown and HTML, English and Chinese.

    Its examples are run by the frameworks that are here; with --from nothing is run.

    Example: conformance compare torch.nn.ConvTranspose1d mindspore.nn.Conv1dTranspose --run conformance-report
    """
    if everything == bool(api) or len(api) not in (0, 2):
        raise UsageError(
            f"{len(api)} APIs were named{' beside --all' if everything else ''}",
            "Name two counterparts, or ask for --all",
        )
    if run_file is not None and source is not None:
        raise UsageError("--run and --from both say what the pages rest on", "give one of them")
    if everything and lang is not None:
        raise UsageError("--all writes both languages", "leave --lang out, or name two APIs")
    # Rendering takes a tenth of a second to import, and no other command needs it.
    from conformance import compare as engine
    from reports.comparison_files import files, write

    pairs = engine.every_pair() if everything else (engine.asked(*api),)
    evidence = _evidence(pairs, run_file, source)
    if everything:
        click.echo(f"{folder}: {engine.write_all(evidence, folder)} files, {len(pairs)} pairs")
        return
    for name, text in files(evidence, LANGS if lang is None else (lang,)):
        click.echo(write(folder, name, text))


def _evidence(pairs: tuple[tuple[str, str], ...], run_file: Path | None, source: Path | None) -> Evidence:
    """The evidence of these pairs: from a run, with examples run now, or as it was kept."""
    from conformance import compare as engine

    if source is None:
        path = run_file or OUTPUT
        if run_file is None and not path.exists():
            raise UsageError(f"there is no run in {path}", "Name one with --run, or evidence with --from")
        return engine.gather(reading.load(path), pairs, say=lambda text: click.echo(text, err=True))
    try:
        kept = read(source)
    except BadEvidence as error:
        raise UsageError(str(error), "`conformance compare --all --run RUN` makes it anew") from None
    pages = {(page.left, page.right): page for page in kept.pages}
    missing = [pair for pair in pairs if pair not in pages]
    if missing:
        raise UsageError(
            f"{source} holds nothing of {' and '.join(missing[0])}",
            "`conformance compare --all --run RUN` makes it anew",
        )
    return Evidence(
        **{name: getattr(kept, name) for name in kept.__struct_fields__ if name != "pages"},
        pages=[pages[pair] for pair in pairs],
    )


COMMANDS = (compare,)
