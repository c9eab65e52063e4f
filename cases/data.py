"""The tensors of a case, made once by the driver from the case's id.

`integers`  non-zero whole numbers of absolute value at most the case's amplitude: small enough that every sum of
            terms is exact in the storage dtype, so that every correct algorithm gives equal numbers.
`normal`    standard normal numbers, rounded to the storage dtype before anyone sees them.
`ones`      as documented examples use them.
`special`   `integers` with the values that floating point treats apart sprinkled among them: nan, both infinities, both
            zeros, and the smallest normal number; in one case of four huge numbers instead of nan and infinity, in
            another subnormal ones.
`accumulate` along axis 1: 2^amplitude first, then ones, then −2^amplitude, in the tensor that is called `input`; ones
            elsewhere. The exact sum along that axis is the number of ones: what is lost of it shows in which precision
            a backend adds.

Complex numbers have a real and an imaginary part of the kind. Booleans are true where the number is positive.
"""

import hashlib
from dataclasses import replace
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from cases.case import Case
from cases.values import Tensor

WILD = (np.nan, np.inf, -np.inf)
FLOATS = ("float16", "bfloat16", "float32", "float64")


def storage(dtype: str) -> np.dtype[Any]:
    """The NumPy dtype of an element type's name."""
    return np.dtype(ml_dtypes.bfloat16) if dtype == "bfloat16" else np.dtype(dtype)


def tensor(case: Case, wanted: Tensor) -> NDArray[Any]:
    """The data of one tensor of a case. The same role gives the same numbers in the same order in each counterpart."""
    if wanted.parts:
        return _cut(tensor(case, replace(wanted, shape=wanted.parts[0].whole, parts=())), wanted)
    if wanted.layout == "expanded" and wanted.shape and wanted.shape[0] > 1:
        one = tensor(case, replace(wanted, shape=(1, *wanted.shape[1:]), layout="contiguous"))
        return np.ascontiguousarray(np.broadcast_to(one, wanted.shape))
    return _filled(case, wanted)


def _cut(whole: NDArray[Any], wanted: Tensor) -> NDArray[Any]:
    lengths = [*(part.whole for part in wanted.parts[1:]), wanted.shape]
    for part, shape in zip(wanted.parts, lengths, strict=True):
        stretch = slice(part.start, part.start + shape[part.axis])
        whole = whole[(*(slice(None),) * part.axis, stretch)]
    return np.ascontiguousarray(whole)


def _filled(case: Case, wanted: Tensor) -> NDArray[Any]:
    dtype, shape, count = storage(wanted.dtype), wanted.shape, int(np.prod(wanted.shape, dtype=np.int64))
    if case.data == "ones":
        return np.ones(shape, dtype)
    if case.data == "accumulate":
        return _accumulating(case, wanted)
    key = hashlib.sha256(f"{case.origin or case.id}/{wanted.role}".encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key[:16], "little")))

    def numbers() -> NDArray[Any]:
        if case.data == "normal":
            return generator.standard_normal(count)
        # No zeros: a term that vanishes by chance would hide that it was left out.
        sizes: NDArray[Any] = generator.integers(1, case.amplitude, count, endpoint=True)
        signs: NDArray[Any] = generator.choice([-1, 1], count)
        product: NDArray[Any] = sizes * signs
        return product

    found: NDArray[Any] = numbers()
    if dtype.kind == "c":
        found = found + 1j * numbers()
    elif dtype.kind == "b":
        found = found > 0
    elif dtype.kind == "u":
        found = np.abs(found)
    if case.data == "special" and wanted.dtype in FLOATS:
        found = _sprinkled(found.astype(np.float64), case, wanted.dtype, generator)
    filled: NDArray[Any] = found.astype(dtype).reshape(shape)
    return filled


def _sprinkled(numbers: NDArray[Any], case: Case, dtype: str, generator: np.random.Generator) -> NDArray[Any]:
    """One in six of the numbers replaced by special values, each at least once where half of the numbers suffice.

    A case has huge numbers, numbers that are not finite, or subnormal ones. Where huge and infinite numbers meet, it
    hangs on the order of the sum whether an overflow comes first; a subnormal number that the device takes for zero is
    no longer small beside a huge factor, and makes nan of an infinite one. No answer would be wrong.
    """
    about: Any = ml_dtypes.finfo(storage(dtype))  # type: ignore[no-untyped-call]
    normal, least = float(about.smallest_normal), float(about.smallest_subnormal)
    # The product of two of them must still be a float64, in which the oracle computes.
    huge = min(float(about.max), 2.0**500)
    values = [0.0, -0.0, normal, *((huge, -huge), (least, -least * 3), WILD, WILD)[_quarter(case)]]
    if numbers.size:
        # Every value once where there is room, so that each is in every case; a small tensor, as a weight is, has a
        # zero, which meets the infinities of the others.
        count = max(1, min(max(len(values), numbers.size // 6), numbers.size // 2))
        places = generator.permutation(numbers.size)[:count]
        drawn = np.resize(generator.permutation(np.array(values)), count)
        if count < len(values):
            drawn[0] = 0.0
        numbers[places] = drawn
    return numbers


def _quarter(case: Case) -> int:
    """Which quarter of all cases this one is in: the same for all its tensors."""
    return hashlib.sha256((case.origin or case.id).encode()).digest()[-1] % 4


def _accumulating(case: Case, wanted: Tensor) -> NDArray[Any]:
    found = np.ones(wanted.shape, np.float64)
    if wanted.role == "input" and len(wanted.shape) > 1 and wanted.shape[1] > 1:
        found[:, 0], found[:, -1] = 2.0**case.amplitude, -(2.0**case.amplitude)
    return found.astype(storage(wanted.dtype))
