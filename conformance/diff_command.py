"""`conformance diff`: what is new, gone and changed between two runs, for a terminal, a pull request or a program.

In go two run files, or folders that hold one; out come the difference and the exit code. It runs no framework.
"""

from pathlib import Path

import click

from conformance.errors import UsageError
from reports.difference import difference
from reports.difference_shown import markdown, terminal
from reports.difference_text import as_json
from reports.reading import load


def diff(old: Path, new: Path, *, as_markdown: bool = False, json: bool = False) -> int:
    """Print what differs; 1 where something new differs, else 0. BadRunFile for a file that cannot be read.

    Something new is a finding that contradicts a document and is not known, or, where one of the files does not say
    what its findings are, an execution of both that became unexpected.
    """
    if as_markdown and json:
        raise UsageError("--markdown and --json are two forms of one output", "ask for one of them")
    found = difference(load(old), load(new))
    shown = as_json if json else markdown if as_markdown else terminal
    click.echo(shown(found).rstrip("\n"))
    return found.exit_code
