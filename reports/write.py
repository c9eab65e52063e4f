"""A run file → both reports beside it, and the lines that a terminal shows."""

from pathlib import Path

from reports import html, markdown
from reports.reading import RunFile
from reports.summary import Summary, summarise


def write_reports(source: RunFile | Summary, folder: Path) -> list[str]:
    """Write report.html and report.md; return the headline of each backend and where the reports are."""
    summary = summarise(source) if isinstance(source, RunFile) else source
    pages = [html.write(folder, summary), markdown.write(folder, summary)]
    return [*(backend.headline for backend in summary.backends), *(f"report: {page}" for page in pages)]
