"""Whether the ledger of known differences speaks of a valid call: what a backend is known not to do as documented.

In go a case and a backend, out comes the entry. A rule of the ledger may be broader than the fault, so that an entry is
a reason to look for another way, and to try; it is no verdict.
"""

from cases.case import Case
from cases.catalogue import described
from cases.documentation import Breaks, Refused, Says
from cases.features import features
from cases.known import Entry, Ledger
from reports.record import BackendLine

OF_INVALID = (Breaks, Says, Refused)  # claims on what is refused, and how
VALID = ("differs", "rejects-valid", "crashed", "timed-out")  # what a documented-valid call can come to


def known_trouble(case: Case, backend: BackendLine, ledger: Ledger) -> Entry | None:
    """The first entry about valid calls whose rule holds for a case on this backend; None where none does."""
    found = None
    for entry in ledger.of(backend.framework, backend.version, backend.device, backend.capability):
        if entry.verdict in VALID and entry.names(case.api) and not _is_of_invalid(entry, case.api):
            found = found or features(case, backend.mode)
            if entry.parsed.holds(found):
                return entry
    return None


def _is_of_invalid(entry: Entry, api: str) -> bool:
    """Whether an entry is about what happens to invalid arguments: its rule may hold for valid ones as well."""
    kinds = [type(claim.detail) for claim in described(api).claims if claim.id.partition("/")[2] in entry.claims]
    return bool(kinds) and all(kind in OF_INVALID for kind in kinds)
