"""Arrays in a record: packed as text, whole up to 64 KiB, else around the first difference."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.data import storage
from reports.reading import BadRunFile
from reports.record import Array

WHOLE_ARRAY = 64 * 1024


def pack(array: NDArray[Any], around: int = 0) -> Array:
    """Shape, dtype and bytes of an array that a record keeps, whole or around flat index `around`."""
    flat = np.ascontiguousarray(array).reshape(-1)
    start, count = 0, flat.size
    if flat.nbytes > WHOLE_ARRAY:
        count = WHOLE_ARRAY // flat.itemsize
        start = max(0, min(around - count // 2, flat.size - count))
    data = base64.b64encode(flat[start : start + count].tobytes()).decode("ascii")
    return Array(shape=list(array.shape), dtype=array.dtype.name, data=data, start=start, count=count)


def unpack(array: Array) -> NDArray[Any] | None:
    """The kept elements of a record's array, flat and in C order; None where none were kept.

    BadRunFile for bytes that are no array.
    """
    if not array.data:
        return None
    try:
        dtype = storage(array.dtype)
        if array.dtype != "bfloat16" and dtype.kind not in "biufc":
            raise TypeError(f"{array.dtype} is no dtype of numbers")
        flat = np.frombuffer(base64.b64decode(array.data, validate=True), dtype.newbyteorder("<"))
    except (TypeError, ValueError) as error:
        raise BadRunFile(f"the array of a record cannot be read: {error}") from None
    if flat.size != array.count or any(extent < 0 for extent in array.shape):
        raise BadRunFile(f"the array of a record has {flat.size} elements, but says {array.count} of {array.shape}")
    return flat
