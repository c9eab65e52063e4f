"""What a backend does where no document speaks: in which precision it adds, what becomes of zeros and tiny numbers.

Records of a run go in, `Property` lines come out. Read are the whole arrays of cases whose data were made for this
(`accumulate` and `special`, see `cases.data`), and the margins of cases with `normal` data. Nothing here is a verdict.
What all APIs of a backend have in common is told once, with an empty `api`; where they differ, each has its own line.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cases.case import Case, from_canonical
from cases.data import FLOATS, tensor
from conformance.expected import OUTPUT, ExpectedValue, prepare
from reference import rounding
from reports.arrays import unpack
from reports.record import Array, Property, Record
from reports.text import counted

# The formats by the bits of their significand, the implicit one included.
FORMATS = {8: "bfloat16", 11: "float16", 24: "float32", 53: "float64"}


class _Where(NamedTuple):
    backend: str
    mode: str
    dtype: str
    api: str


Seen = dict[_Where, Counter[str]]


def properties(records: Iterable[Record]) -> Iterator[Property]:
    """Everything that was measured, in a fixed order, whatever the order of the records."""
    sums: Seen = defaultdict(Counter)
    zeros: Seen = defaultdict(Counter)
    tiny: Seen = defaultdict(Counter)
    margins: defaultdict[_Where, list[Record]] = defaultdict(list)
    outputs: dict[tuple[str, str], ExpectedValue | None] = {}
    for record in records:
        where = _Where(record.backend, record.mode, record.dtype, record.api)
        kind = record.arguments["data"]["kind"]
        if kind == "normal" and record.margin is not None and record.verdict == "conforms":
            margins[where._replace(api="")].append(record)
        elif record.dtype not in FLOATS or record.actual.array is None:
            continue
        elif kind == "accumulate":
            sums[where].update(_kept(from_canonical(record.arguments), record.actual.array))
        elif kind == "special":
            expected = _expected(record, outputs)
            for documented, rounded, actual in _elements(record, expected):
                zeros[where].update(_signs(documented, rounded, actual))
                tiny[where].update(_tiny(rounded, actual, rounding.smallest_normal(record.dtype)))
    yield from _told("accumulation", sums, _precision)
    yield from _told("sign of zero", zeros, _sign)
    yield from _told("subnormal numbers", tiny, _gradual)
    for where, found in sorted(margins.items()):
        largest = max(found, key=lambda record: (record.margin or 0.0, record.case))
        detail = f"the largest of {counted(len(found), 'execution')}: case {largest.case} of {largest.api}"
        yield _property("margin", where, f"{largest.margin:.3g}", detail)


def _told(name: str, seen: Seen, words: Callable[[Counter[str]], tuple[str, str]]) -> Iterator[Property]:
    """One line for all APIs of a backend, mode and element type that do the same, else one for each."""
    groups: defaultdict[_Where, dict[_Where, Counter[str]]] = defaultdict(dict)
    for where, counts in sorted(seen.items()):
        if counts.total():
            groups[where._replace(api="")][where] = counts
    for common, found in groups.items():
        if len({words(counts)[0] for counts in found.values()}) == 1:
            yield _property(name, common, *words(sum(found.values(), Counter())))
        else:
            yield from (_property(name, where, *words(counts)) for where, counts in found.items())


def _property(name: str, where: _Where, value: str, detail: str) -> Property:
    return Property(**where._asdict(), name=name, value=value, detail=detail)


def _kept(case: Case, array: Array) -> Iterator[str]:
    """Whether a sum with 2^p in it came out exactly, for a kernel of one tap: then the sum is over channels alone."""
    roles = {item.role: item for item in case.tensors()}
    if "input" not in roles or "weight" not in roles or set(roles["weight"].shape[2:]) != {1}:
        return
    # A float64 cannot hold such a sum, but Python's integers can.
    channels = tensor(case, roles["input"]).astype(np.float64).astype(object)
    exact = np.vectorize(int, otypes=[object])(channels).sum(axis=1) + ("bias" in roles)
    found = unpack(array)
    if found is None or len(set(exact.flat)) != 1 or found.size != math.prod(array.shape):
        return
    held = bool(np.all(found.astype(np.float64) == float(exact.flat[0])))
    yield f"{'held' if held else 'lost'} {case.amplitude}"


def _precision(counts: Counter[str]) -> tuple[str, str]:
    """With how many bits a backend adds: to hold 2^p + 1 takes p + 1 of them."""
    lost = min((int(key[5:]) for key in counts if key.startswith("lost")), default=None)
    held = max(
        (p for p in (int(key[5:]) for key in counts if key.startswith("held")) if lost is None or p < lost),
        default=None,
    )
    if held is None:
        return f"at most {lost} bits", f"sums lose 2^{lost} + 1, the smallest that was tried"
    least = held + 1
    if lost is None:
        named = max((bits for bits in FORMATS if bits <= least), default=None)
        more = f" ({'' if named == least else 'more than '}{FORMATS[named]})" if named else ""
        return f"at least {least} bits{more}", f"sums hold 2^{held} + 1, the largest that was tried"
    within = [FORMATS[bits] for bits in FORMATS if least <= bits <= lost]
    bits = f"{lost} bits" if least == lost else f"{least} to {lost} bits"
    value = f"{within[0]} ({bits})" if len(within) == 1 else bits
    return value, f"sums hold 2^{held} + 1, lose 2^{lost} + 1"


def _expected(record: Record, known: dict[tuple[str, str], ExpectedValue | None]) -> ExpectedValue | None:
    """What the documents say of a record's case on its kind of device; worked out once for all backends and modes."""
    device = record.backend.partition(":")[2].partition(":")[0] or "cpu"
    if (record.case, device) not in known:
        expected = prepare(from_canonical(record.arguments), device).expected
        known[record.case, device] = expected if isinstance(expected, ExpectedValue) else None
    return known[record.case, device]


Elements = tuple[NDArray[Any], NDArray[np.float64], NDArray[np.float64]]


def _elements(record: Record, expected: ExpectedValue | None) -> Iterator[Elements]:
    """Documented values, the same rounded to their element type, and what came back, of every result that was kept."""
    for name, array in {OUTPUT: record.actual.array, **record.actual.others}.items():
        wanted = expected.outputs.get(name) if expected else None
        if array is None or wanted is None or tuple(array.shape) != wanted.array.shape:
            continue
        found = unpack(array)
        if found is not None:
            kept = slice(array.start, array.start + array.count)
            documented, rounded = wanted.result.value.reshape(-1)[kept], wanted.array.reshape(-1)[kept]
            yield documented, rounded.astype(np.float64), found.astype(np.float64)


def _signs(documented: NDArray[Any], rounded: NDArray[np.float64], actual: NDArray[np.float64]) -> Counter[str]:
    zero = (documented == 0) & (actual == 0)
    ours, theirs = np.signbit(rounded[zero]), np.signbit(actual[zero])
    counts = {"zeros": ours.size, "−0 for +0": int(np.sum(~ours & theirs)), "+0 for −0": int(np.sum(ours & ~theirs))}
    return Counter(counts)


def _sign(counts: Counter[str]) -> tuple[str, str]:
    odd = {key: count for key, count in counts.items() if key != "zeros" and count}
    zeros = counted(counts["zeros"], "zero")
    if not odd:
        return "the reference's sign", zeros
    return " and ".join(odd), f"{', '.join(f'{key} in {count:,}' for key, count in odd.items())} of {zeros}"


def _tiny(rounded: NDArray[np.float64], actual: NDArray[np.float64], normal: float) -> Counter[str]:
    found = actual[(rounded != 0) & (np.abs(rounded) < normal)]
    return Counter({"kept": int(np.sum(found != 0)), "flushed": int(np.sum(found == 0))})


def _gradual(counts: Counter[str]) -> tuple[str, str]:
    kept, flushed = counts["kept"], counts["flushed"]
    value = "mixed" if kept and flushed else "kept" if kept else "flushed to zero"
    return value, f"{kept:,} kept, {flushed:,} flushed to zero"
