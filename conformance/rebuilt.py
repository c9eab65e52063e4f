"""A record → the outcome that it tells of, as far as the record holds it.

Errors and deaths are rebuilt from their texts, arrays from their bytes, or from the documented array where the digest
says that it is the same. What is not there is not guessed: `Lost` says why a record cannot be judged again.
"""

import re
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases import documentation as doc
from cases.case import Case
from cases.data import storage
from cases.documentation import Api
from conformance.expected import OUTPUT, ExpectedArray, ExpectedValue, Prepared
from conformance.judge import digest
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from reports.arrays import unpack
from reports.reading import BadRunFile
from reports.record import Array, Record, Side

WHOLE_NUMBERS = ("integers", "ones")
SECOND_RUN = "a second run of the same case gave "
_DESCRIBED = re.compile(r"\((?P<names>[\w, ]*)\); docstring [0-9a-f]*")


class Lost(Exception):
    """A record does not hold what would be needed; the argument is the reason."""


@dataclass(frozen=True)
class Rebuilt:
    """An outcome. `carried` are the details of claims of which the record does not hold enough.

    `other` says that some array is known to be another one than documented, and that its elements are not known.
    """

    outcome: Outcome
    carried: tuple[type, ...] = ()
    other: bool = False


def rebuilt(record: Record, prepared: Prepared, api: Api) -> Rebuilt:
    """The outcome of a record, of whose case `prepared` says what is expected today."""
    side = record.actual
    detail = side.detail.partition(SECOND_RUN)[0].strip()
    match side.what:
        case "returned":
            return _returned(record, prepared, api)
        case "described":
            found = _DESCRIBED.fullmatch(detail)
            if found is None:
                raise Lost("the signature that it tells cannot be read")
            names = tuple(name for name in found["names"].split(", ") if name)
            return Rebuilt(Described(names, {}, ""), (doc.DefaultValue,))
        case "raised":
            if side.stage not in ("construct", "load", "call", "gradient"):
                raise Lost(f"{side.stage!r} is no moment at which an error can come")
            return Rebuilt(Raised(side.stage, tuple(detail.split(" < ")), side.message))  # type: ignore[arg-type]
        case "crashed":
            return Rebuilt(Crashed(side.error, side.message))
        case "timed out":
            seconds = re.search(r"[\d.]+(?:e[+-]?\d+)?", side.message)
            again = "not" if detail.startswith("not again") else "untried"
            return Rebuilt(TimedOut(float(seconds[0]) if seconds else 0.0, again))  # type: ignore[arg-type]
        case "could not run":
            return Rebuilt(CouldNotRun(side.message))
    raise Lost(f"{side.what!r} is nothing that a backend can do")


def _returned(record: Record, prepared: Prepared, api: Api) -> Rebuilt:
    arrays = _named(record, api)
    expected = prepared.expected
    outputs: dict[str, NDArray[Any]] = {}
    carried: tuple[type, ...] = (doc.Stored, doc.StoredDtype)
    if prepared.case.action == "initialise":  # what it returns are its parameters, and what is claimed are their laws
        carried = () if all(_whole(array) is not None for array in arrays.values()) else (doc.Distributed,)
    other = False
    for name, array in arrays.items():
        whole = _whole(array)
        wanted = expected.outputs.get(name) if isinstance(expected, ExpectedValue) else None
        if whole is None and wanted is not None:
            whole, known = _derived(record, prepared.case, name, array, wanted)
            other = other or not known
        outputs[name] = _blank(array) if whole is None else whole
    return Rebuilt(Returned(outputs), carried, other)


def _named(record: Record, api: Api) -> dict[str, Array]:
    """The arrays of a record by the names of the outputs; of an initialisation it does not hold the first name."""
    side = record.actual
    if side.array is None:
        raise Lost("it holds no array")
    if record.arguments.get("action") != "initialise":
        return {OUTPUT: side.array, **side.others}
    held = {check.claim for check in record.checks if check.holds}
    details = [claim.detail for claim in api.claims if claim.id in held]
    names = {item.name for item in details if isinstance(item, doc.Stored | doc.Distributed)} - side.others.keys()
    if len(names) != 1:
        raise Lost("the name of its first parameter is not kept")
    return {names.pop(): side.array, **side.others}


def _derived(
    record: Record, case: Case, name: str, array: Array, wanted: ExpectedArray
) -> tuple[NDArray[Any] | None, bool]:
    """An array that is not kept whole, by what is known of it; and whether its elements are.

    None where its shape or element type alone decide. `Lost` if nothing tells how it stands to the documented one.
    """
    documented = wanted.array
    if tuple(array.shape) != documented.shape:
        return None, True
    if array.dtype != documented.dtype.name:
        raise Lost("its array, which is not kept whole, is of another element type than documented")
    now = digest(documented)
    if array.digest == now:
        return documented, True
    if array.data:
        found = documented.copy().reshape(-1)
        stretch = _stretch(array)
        if stretch is None or array.start < 0 or array.start + array.count > found.size:
            raise Lost("its array cannot be read")
        if not np.array_equal(found[array.start : array.start + array.count], stretch, equal_nan=True):
            found[array.start : array.start + array.count] = stretch
            return found.reshape(documented.shape), True
        raise Lost("its array is too large to be kept whole, and what is kept of it does not differ")
    if record.verdict != "conforms":
        raise Lost("its array is not kept, and it did not conform")
    if case.data in WHOLE_NUMBERS:
        then = _digest_of(record.expected, name)
        if then == now:  # equal as numbers, but for the sign of a zero
            return documented, True
        if then:
            return _unlike(documented), False
        raise Lost("its array is not kept, and no digest tells what it was")
    raise Lost("its array is not kept, and was compared by a bound")


def _unlike(array: NDArray[Any]) -> NDArray[Any]:
    """An array of which no element equals that of another: it stands for one that is known to differ."""
    return np.invert(array) if array.dtype.kind in "iub" else np.full_like(array, np.nan)


def _digest_of(side: Side, name: str) -> str:
    found = side.array if name == OUTPUT else side.others.get(name)
    return found.digest if found is not None else ""


def _whole(array: Array) -> NDArray[Any] | None:
    """The array, if the record holds all of it."""
    flat = _stretch(array)
    return flat.reshape(array.shape) if flat is not None and flat.size == _count(array) else None


def _stretch(array: Array) -> NDArray[Any] | None:
    try:
        return unpack(array) if array.data or _count(array) else np.zeros(0, storage(array.dtype))
    except (BadRunFile, TypeError, ValueError) as error:
        raise Lost(f"its array cannot be read: {error}"[:200]) from None


def _count(array: Array) -> int:
    return prod(extent for extent in array.shape)


def _blank(array: Array) -> NDArray[Any]:
    """An array of the same shape and element type, where these alone are looked at; it takes no memory."""
    try:
        return np.broadcast_to(np.zeros((), storage(array.dtype)), array.shape)
    except (TypeError, ValueError) as error:
        raise Lost(f"its array cannot be read: {error}"[:200]) from None


__all__ = ["Lost", "Rebuilt", "rebuilt"]
