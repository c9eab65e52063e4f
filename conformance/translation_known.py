"""What the ledger of known differences says of the calls of a translation, on the backends of its two sides.

A counterpart that is documented, and known not to work, is a poor answer: another way to write the call is looked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.case import Case
from cases.known import Entry, Ledger
from conformance import environments
from conformance.known_calls import known_trouble
from reports.record import BackendLine


@dataclass(frozen=True)
class Known:
    """Answers for the backends of a translation, one of each framework."""

    ledger: Ledger
    lines: Mapping[str, BackendLine]

    def __call__(self, case: Case) -> Entry | None:
        """The entry by which this valid call is known to fail on its framework's backend; None where there is none."""
        line = self.lines.get(case.api.partition(".")[0])
        return None if line is None else known_trouble(case, line, self.ledger)


def seen(ledger: Ledger, lines: Sequence[BackendLine]) -> Known:
    """For backends that were started."""
    return Known(ledger, {line.framework: line for line in lines})


def offline(ledger: Ledger, frameworks: Sequence[str]) -> Known:
    """For the newest versions that the suite pins, where nothing is run."""
    table = environments.table()
    versions = {name: environments.entry(name, None).version for name in frameworks if name in table}
    return seen(
        ledger,
        [
            BackendLine(name=f"{name}=={version}:cpu", framework=name, version=version)
            for name, version in versions.items()
        ],
    )
