"""A finding → its script, run by the interpreter of its backend outside of the suite, and what that printed."""

from typing import Literal

from msgspec.structs import replace

from cases.case import Case, from_canonical
from cases.catalogue import described
from cases.documentation import Claim, Consistent, Equal, Inverse, Pair
from cases.values import BadValue
from conformance.backends import Backend
from conformance.reproduce import reproduce
from conformance.script import pair_script, script
from reports.reading import RunFile
from reports.record import Finding, Record, Shown


def prove(finding: Finding, loaded: RunFile, backend: Backend, *, shows: bool = False) -> Finding:
    """The finding with its script, and with what that did in the backend's environment.

    `shows` says that the backend does as the reference says, so that a script can only show it.
    """
    try:
        text, able = _script(finding, loaded)
    except BadValue as error:
        shown = Shown(ended=f"there is no script: {error}", printed="", word="not reproduced")
        return replace(finding, script="", shown=shown)
    printed = reproduce(text, backend)
    word: Literal["reproduced", "not reproduced", "run"]
    word = "reproduced" if printed.there else "not reproduced" if able and not shows else "run"
    return replace(finding, script=text, shown=Shown(ended=printed.ended, printed=printed.text, word=word))


def _script(finding: Finding, loaded: RunFile) -> tuple[str, bool]:
    """The script, and whether it can tell that the difference is there; else it only shows what is spoken of."""
    record = _record(loaded, finding.smallest, finding.backend, finding.mode)
    case = from_canonical(finding.minimal or record.arguments)
    if not finding.other:
        return script(case, finding.mode, claims=finding.claims), case.action == "call"
    line = next(
        item
        for item in loaded.comparisons
        if (item.left, item.left_backend, item.left_mode, item.right)
        == (finding.smallest, finding.backend, finding.mode, finding.other)
        and item.claim in finding.claims
    )
    if line.right == line.left:  # two modes of one call
        return script(case, line.right_mode, claims=finding.claims), True
    right = from_canonical(_record(loaded, line.right, line.right_backend, line.right_mode).arguments)
    pair = next((p for p in _pairs(line.claim) if (p.left.id, p.right.id) == (case.id, right.id)), None)
    if pair is None or _framework(case) != _framework(right):
        return script(case, finding.mode, claims=finding.claims), False
    inverse = isinstance(_claim(line.claim).detail, Inverse)
    return pair_script(case, right, parts=pair.parts, output=pair.output, inverse=inverse, claims=finding.claims), True


def _record(loaded: RunFile, case: str, backend: str, mode: str) -> Record:
    wanted = (case, backend, mode)
    return next(item for item in loaded.records if (item.case, item.backend, item.mode) == wanted)


def _framework(case: Case) -> str:
    return case.api.partition(".")[0]


def _claim(name: str) -> Claim:
    return next(claim for claim in described(name.partition("/")[0]).claims if claim.id == name)


def _pairs(name: str) -> tuple[Pair, ...]:
    detail = _claim(name).detail
    return detail.pairs if isinstance(detail, Equal | Consistent | Inverse) else ()
