"""The code that a translation prints, run once as it stands in the target's own environment.

What is verified case by case goes through an adapter; this is the proof that the printed text does the same. One input,
the parameters and the documented result are put behind it as compressed arrays, so that a layer of any size fits.
"""

import base64
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Case
from conformance.agreement import allowance
from conformance.backends import Backend
from conformance.code import arguments, counterpart_code, given_shapes, held_in, idiom_of
from conformance.expected import ExpectedValue, prepare
from conformance.reproduce import reproduce

SECONDS = 300.0


@dataclass(frozen=True)
class Ran:
    """How the printed code ended. `same` says that it gave the documented result."""

    same: bool
    said: str


def run_code(case: Case, backend: Backend, *, ours: Case | None = None) -> Ran:
    """Run the printed code of a case, which stands for `ours`, on the case's data, by the backend's interpreter."""
    done = reproduce(runnable(case, ours), backend, seconds=SECONDS)
    return Ran(done.ended == "exit code 0", done.text if done.text else done.ended)


def runnable(case: Case, ours: Case | None = None) -> str:
    """The printed code with the data of the case, a call of it, and what it must return; exit code 1 if it does not."""
    prepared, idiom = prepare(case), idiom_of(case)
    assert isinstance(prepared.expected, ExpectedValue)
    wanted = prepared.expected.output
    lines = ["import base64, os, sys, zlib", "import numpy as np", counterpart_code(case, ours=ours), *_UNPACK]

    def tensor(role: str, dtype: str, shape: tuple[int, ...]) -> str:
        spelled = idiom.narrow if dtype == "bfloat16" else idiom.tensor
        return spelled.format(_packed(prepared.data[role].reshape(shape)))

    for item in case.parameters:
        held = tensor(item.role, item.dtype, item.shape)
        lines.append(idiom.load.format(item.role, held).replace("module", held_in(case), 1))
    shapes = given_shapes(case, ours)
    given = [tensor(item.role, item.dtype, shapes[name]) for name, item in arguments(case).items()]
    lines += [f"result = counterpart({', '.join(given)})", f"actual = {idiom.read.format('result')}"]
    lines += [f"expected = {_packed(wanted.array)}", f"allowed = {_packed(allowance(wanted, case.data))}"]
    return "\n".join([*lines, *_JUDGE]) + "\n"


_UNPACK = (
    "",
    "",
    "def unpacked(text, dtype, shape):",
    "    return np.frombuffer(bytearray(zlib.decompress(base64.b64decode(text))), dtype).reshape(shape)",
    "",
    "",
)
_JUDGE = (
    "same = (actual.shape, actual.dtype) == (expected.shape, expected.dtype)",
    "wide = np.complex128 if expected.dtype.kind == 'c' else np.float64",
    "far = abs(actual.astype(wide) - expected.astype(wide)) if same else None",
    "same = same and bool(np.all((actual == expected) | (far <= allowed) | np.isinf(allowed)))",
    "wrong = f'{actual.dtype} {actual.shape}, documented is {expected.dtype} {expected.shape}'",
    "print('agrees' if same else f'differs: {wrong}')",
    "sys.stdout.flush()",
    "os._exit(0 if same else 1)  # some frameworks abort while the interpreter shuts down",
)


def _packed(array: NDArray[Any]) -> str:
    """An array as an expression that gives the same numbers."""
    plain = array.astype(np.float32) if array.dtype.name == "bfloat16" else array
    small = plain.astype(np.int8) if plain.dtype.kind == "f" and bool(np.all(np.abs(plain) < 127)) else plain
    whole = small if bool(np.all(small == plain)) else plain
    text = base64.b64encode(zlib.compress(np.ascontiguousarray(whole).tobytes())).decode("ascii")
    return f"unpacked({text!r}, {whole.dtype.name!r}, {whole.shape!r}).astype({plain.dtype.name!r})"
