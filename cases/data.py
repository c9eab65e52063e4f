"""The tensors of a case, made once by the driver from the case's id.

`integers`  non-zero whole numbers of absolute value at most the case's amplitude: small enough that every sum of
            terms is exact in the storage dtype, so that every correct algorithm gives equal numbers.
`normal`    standard normal numbers, rounded to the storage dtype before anyone sees them.
`ones`      as documented examples use them.
"""

import hashlib
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from cases.case import Case
from cases.values import Tensor


def storage(dtype: str) -> np.dtype[Any]:
    """The NumPy dtype of an element type's name."""
    return np.dtype(ml_dtypes.bfloat16) if dtype == "bfloat16" else np.dtype(dtype)


def tensor(case: Case, wanted: Tensor) -> NDArray[Any]:
    """The data of one tensor of a case. The same role gives the same numbers in the same order in each counterpart."""
    dtype, count = storage(wanted.dtype), int(np.prod(wanted.shape, dtype=np.int64))
    if case.data == "ones":
        return np.ones(wanted.shape, dtype)
    key = hashlib.sha256(f"{case.origin or case.id}/{wanted.role}".encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key[:16], "little")))
    if case.data == "normal":
        return generator.standard_normal(count).astype(dtype).reshape(wanted.shape)
    # No zeros: a term that vanishes by chance would hide that it was left out.
    numbers = generator.integers(1, case.amplitude, count, endpoint=True) * generator.choice([-1, 1], count)
    filled: NDArray[Any] = numbers.astype(dtype).reshape(wanted.shape)
    return filled
