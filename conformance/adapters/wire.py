"""The builtin-types form of values on the wire, and what the adapters say of the machine that they run on.

`{"dtype": name, "shape": [...], "data": little-endian bytes}` stands for an array. NumPy alone has no bfloat16: such an
array travels as its 16 bits and is held, here and in the adapters, as an array of uint16, which stands for nothing
else. An adapter turns it into its framework's own type, and back. Standard library and NumPy only.
"""

import importlib.metadata
import sys
from pathlib import Path
from typing import Any

import numpy as np

DTYPES = (
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
)
BFLOAT16 = "bfloat16"
# What x86 and Arm processors may have, and on which the way of a half-precision number through a library hangs.
_INSTRUCTIONS = frozenset(
    [
        *("avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512_bf16", "avx512_fp16", "avx512_vnni"),
        *("amx_tile", "amx_bf16", "amx_fp16", "amx_int8"),
        *("asimd", "asimdhp", "fphp", "bf16", "sve", "sve2", "svebf16"),
    ]
)


class CannotRun(Exception):
    """What was asked for is not to be had in this framework or on this machine: an answer, not an error of either."""


def array_in(data: dict[str, Any]) -> Any:
    """A writable array from the wire; of bfloat16, its bits."""
    dtype = np.dtype("uint16" if data["dtype"] == BFLOAT16 else data["dtype"])
    held = np.ndarray(tuple(data["shape"]), dtype, bytearray(data["data"]))
    # A byte order that is spelled out, even the machine's own, makes MindSpore refuse complex numbers.
    return held if sys.byteorder == "little" else held.byteswap()


def array_out(array: Any) -> dict[str, Any]:
    """An array for the wire; of uint16, the bits of bfloat16 numbers."""
    array = np.asarray(array)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"the call returned elements of type {array.dtype}, which are no numbers")
    name = BFLOAT16 if array.dtype == np.uint16 else array.dtype.name
    return {"dtype": name, "shape": list(array.shape), "data": array.tobytes()}


def widened(bits: Any) -> Any:
    """The float32 numbers that these bits of bfloat16 numbers stand for; exact."""
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


def narrowed(numbers: Any) -> Any:
    """The bits of the bfloat16 numbers nearest to these real numbers, ties to even.

    Rounding to float32 on the way must not decide a tie: what is cut off there is kept in the last bit (round to odd).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        wide = np.asarray(numbers, np.float64)
        middle = np.array(wide, np.float32)
        away = np.abs(middle.astype(np.float64)) > np.abs(wide)
        inexact = (middle != wide) & ~np.isnan(wide)
    bits = middle.view(np.uint32)
    bits = np.where(inexact & away, bits - np.uint32(1), bits)
    bits = np.where(inexact, bits | np.uint32(1), bits)
    rounded = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)
    rounded = np.where(np.isnan(wide), (bits >> np.uint32(16)) | np.uint32(0x40), rounded)
    return np.asarray(rounded.astype(np.uint16)).reshape(wide.shape)


def returned(outputs: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """The outcome of a call that came back; outputs and parameters as on the wire."""
    return {"status": "returned", "outputs": outputs, "parameters": parameters}


def could_not_run(reason: str) -> dict[str, Any]:
    """The outcome of a request that never reached the framework."""
    return {"status": "could-not-run", "reason": reason}


def raised(error: BaseException, stage: str) -> dict[str, Any]:
    """The outcome of an exception: its classes, most derived first, and its message."""
    classes = [kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException)]
    try:
        message = str(error)
    except Exception as worse:
        message = f"(the message of this {classes[0]} cannot be made: {type(worse).__name__})"
    return {"status": "raised", "stage": stage, "classes": classes, "message": message[:20_000]}


def python_version() -> str:
    """The version of the interpreter that runs this."""
    return ".".join(map(str, sys.version_info[:3]))


def installed() -> dict[str, str]:
    """Every distribution of this interpreter with its version."""
    return {str(item.metadata["Name"]): str(item.version) for item in importlib.metadata.distributions()}


def instructions() -> list[str]:
    """The processor's instruction sets that decide how half precision is computed; empty where the kernel is silent."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return []
    words = next((line.split() for line in lines if line.lower().startswith(("flags", "features"))), [])
    return sorted(_INSTRUCTIONS.intersection(words))


def capability() -> str:
    """The widest vector instructions of the processor, in the words in which PyTorch names its own choice."""
    found = set(instructions())
    if {"avx512f", "avx512bw", "fma"} <= found:
        return "AVX512"
    if {"avx2", "fma"} <= found:
        return "AVX2"
    return "SVE" if "sve" in found else "DEFAULT"
