"""The most severe findings of a run as workflow commands of GitHub Actions, which shows them beside the job.

A summary goes in, lines come out, to be printed on stdout. GitHub reads a command from any line that starts with
two colons, so every text of a run file is escaped as its documentation asks: nothing in it can end a command, add a
property to one, or start another.
"""

import re
from collections.abc import Iterator, Mapping

from reports import text
from reports.ci_findings import Found, found
from reports.summary import Summary

MOST = 10  # GitHub shows ten of each kind in a step
TITLE, LINE = 200, 500  # characters of a title, and of each line of a message

_ENDS = re.compile(r"[\r\n]+")
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def active(environment: Mapping[str, str]) -> bool:
    """Whether a workflow of GitHub Actions reads what is printed."""
    return environment.get("GITHUB_ACTIONS") == "true"


def annotations(summary: Summary) -> Iterator[str]:
    """A command for each of the most severe findings. What is known is a notice at most."""
    labels = {backend.line.name: backend.label for backend in summary.backends}
    for row in found(summary)[:MOST]:
        title = f"{labels.get(row.backend, row.backend)}: {row.title}"
        lines = [text.one_line(text.fit(line, LINE)) for line in _message(row, summary.runfile.path.name)]
        yield f"::{row.level} title={_property(title)}::{_data(chr(10).join(lines))}"


def _message(row: Found, name: str) -> Iterator[str]:
    state = f"Known as {row.known}" if row.known else "New"
    kind = row.verdict or "calls held against one another"
    yield f"{state}; {text.counted(row.support, 'failing execution')}, {kind}"
    yield f"Call: {row.call}"
    if row.rule:
        yield f"Fails if: {row.rule}"
    if row.expected or row.actual:
        yield f"Expected: {row.expected}"
        yield f"Actual: {row.actual}"
    yield f"See all of it: conformance show {name} {row.id}"


def harmless(line: str) -> str:
    """A line of other output in which no text can be read as a command, of the present form or of the old one."""
    line = _ENDS.sub(" ", text.clean(line)).replace("##[", "# #[")
    return line.replace("::", ": :", 1) if line.lstrip().startswith("::") else line


def _data(value: str) -> str:
    return _escaped(value, _DATA)


def _property(value: str) -> str:
    return _escaped(text.one_line(text.fit(value, TITLE)), _PROPERTY)


def _escaped(value: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in value)
