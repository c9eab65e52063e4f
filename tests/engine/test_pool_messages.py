"""What may travel between driver and worker, and what is sent there as its sources."""

import io
import os
import pickle
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conformance.messages import Garbled, bundle, decode, encode, unbundle
from conformance.sources import archive
from tests.engine.lanes import ROOT, SOURCES


@pytest.mark.parametrize(
    "value",
    [None, True, -(2**80), 0.1, "\udcff é 中", b"\0\xff", (1, (), [2]), {"a": {1: [None]}}, {1, 2}, frozenset("x")],
)
def test_a_builtin_value_comes_back_equal_and_of_its_type(value: Any) -> None:
    back = decode(encode(value))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("value", [np.float64(1), np.int64(1), np.zeros(1), Path("/"), int, len, 1j, Exception()])
def test_no_other_value_is_written(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot travel"):
        encode({"deep": [value]})


def test_a_message_can_name_nothing_to_import_or_call() -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return os.system, ("true",)

    body = pickle.dumps(Evil())
    with pytest.raises(Garbled, match=r"names posix\.system"):
        decode(zlib.crc32(body).to_bytes(4, "little") + body)


def test_a_change_of_any_byte_is_seen() -> None:
    message = encode({"status": "returned", "outputs": {}})
    for at in range(len(message)):
        with pytest.raises(Garbled):
            decode(message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :])


@pytest.mark.parametrize("messages", [[], [b""], [b"a", b"", b"b" * 70_000]])
def test_a_batch_is_taken_apart_as_it_was_put_together(messages: list[bytes]) -> None:
    assert list(unbundle(bundle(messages))) == messages


@pytest.mark.parametrize("message", [b"", b"x", bytes(4), b"\0\0\0\0garbage"])
def test_what_is_too_short_or_no_message_is_garbled(message: bytes) -> None:
    with pytest.raises(Garbled):
        decode(message)


def test_a_worker_is_sent_its_loop_the_adapters_and_the_packages_named_and_nothing_of_the_driver() -> None:
    names = set(zipfile.ZipFile(io.BytesIO(archive(SOURCES))).namelist())
    assert {"conformance/worker.py", "conformance/adapters/base.py", "tests/__init__.py"} < names
    assert "tests/engine/miniature.py" in names
    assert not names & {"conformance/pool.py", "conformance/outcome.py", "tests/frameworks/__init__.py"}


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no package nowhere\.at\.all"):
        archive(((ROOT, ("nowhere.at.all",)),))
