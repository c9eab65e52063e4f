"""The bytes of one message between the driver and a worker: builtin values in, the same builtin values out.

execnet carries the messages, but its own serialiser is Python code (40 µs a case at each end) and fails on integers
below -2**31, which invalid arguments are. Here C does the work (2 µs), and what may travel is closed at both ends. The
writer takes None, bool, int, float, str, bytes, bytearray, tuple, list, dict, set and frozenset: no subclass of them
and no NumPy scalar. The reader refuses every name, so that reading builds values but never imports or calls anything.
A checksum tells bytes that a framework scribbled over from a message. Both sides import this file; it needs Python
3.10 and nothing else.
"""

import io
import pickle
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

_PROTOCOL = 5


class Garbled(ValueError):
    """Bytes that are no message of ours."""


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> NoReturn:
        kind = type(value)
        raise TypeError(f"a {kind.__module__}.{kind.__qualname__} cannot travel: only builtin values do")


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> NoReturn:
        raise Garbled(f"a message names {module}.{name}")


def encode(value: Any) -> bytes:
    """Write a builtin value; TypeError names the first value inside that is not builtin."""
    buffer = io.BytesIO()
    buffer.write(bytes(4))
    _Writer(buffer, _PROTOCOL).dump(value)
    with buffer.getbuffer() as view:
        view[:4] = zlib.crc32(view[4:]).to_bytes(4, "little")
    return buffer.getvalue()


def decode(message: bytes) -> Any:
    """Read what `encode` wrote; Garbled for anything else."""
    if zlib.crc32(memoryview(message)[4:]) != int.from_bytes(message[:4], "little"):
        raise Garbled(f"a message of {len(message)} bytes has a wrong checksum")
    buffer = io.BytesIO(message)
    buffer.seek(4)
    try:
        return _Reader(buffer).load()
    except (pickle.UnpicklingError, EOFError, LookupError, AttributeError, TypeError) as error:
        raise Garbled(f"a message of {len(message)} bytes cannot be read: {error}") from error


def bundle(messages: Iterable[bytes]) -> bytes:
    """Join messages, so that a batch costs one write and one waking."""
    return b"".join(part for message in messages for part in (len(message).to_bytes(8, "little"), message))


def unbundle(batch: bytes) -> Iterator[bytes]:
    """Yield the messages of a batch."""
    start = 0
    while start < len(batch):
        size, start = int.from_bytes(batch[start : start + 8], "little"), start + 8
        yield batch[start : start + size]
        start += size
