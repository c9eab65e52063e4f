"""execnet's conversation over the pipes of a process that we started ourselves.

execnet's own `popen` gateways hide the process, inherit the driver's stderr and wait without limit for an interpreter
that hangs at start. So the process is ours and the conversation is execnet's: its bootstrap, its framing, its channels.
What execnet does not do is to tell garbage from a message: a stray `print` into the connection would be read as a
length of a gigabyte, and waited for. Here every header is looked at first.
"""

import contextlib
import struct
import time
from typing import TYPE_CHECKING, Any

from execnet import XSpec
from execnet.gateway_base import Message, Popen2IO, get_execmodel
from execnet.gateway_bootstrap import bootstrap
from execnet.gateway_io import popen_bootstrapline

from conformance import boot

if TYPE_CHECKING:
    import queue
    import subprocess

_HEADER = struct.Struct("!bii")
_WORDS = (
    Message.CHANNEL_DATA,
    Message.CHANNEL_CLOSE,
    Message.CHANNEL_CLOSE_ERROR,
    Message.CHANNEL_LAST_MESSAGE,
)


class Transport(Popen2IO):
    """The two pipes, as execnet wants them; `garbled` is set once something that is no message came."""

    FIRST_LINE: str = popen_bootstrapline

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        super().__init__(process.stdin, process.stdout, get_execmodel("thread"))
        self.garbled = False
        self._reads = 0

    def read(self, size: int) -> bytes:
        """Read exactly so many bytes. First a sign of life, then headers and bodies in turn."""
        data: bytes = super().read(size)
        if self._reads % 2:
            word, _, length = _HEADER.unpack(data)
            if word not in _WORDS or length < 0:
                self.garbled = True
                raise EOFError("this is no message")
        elif not self._reads and data != b"1":
            self.garbled = True
            raise EOFError("the interpreter wrote something else before the first message")
        self._reads += 1
        return data

    def close_read(self) -> None:
        """Close; the other end may be gone."""
        with contextlib.suppress(OSError):
            super().close_read()

    def close_write(self) -> None:
        """Close; the other end may be gone, and then what is still buffered has no reader."""
        with contextlib.suppress(OSError):
            super().close_write()

    def wait(self) -> None:
        """Do nothing: execnet asks when the bootstrap fails, and the process is not its to reap."""

    def kill(self) -> None:
        """Do nothing, for the same reason."""


def converse(
    transport: Transport,
    opening: tuple[bytes, ...],
    outbox: "queue.SimpleQueue[bytes | None]",
    inbox: "queue.SimpleQueue[tuple[float, bytes | None]]",
) -> None:
    """Start the conversation, then send what the outbox brings until None; the body of a worker's sending thread.

    Into the inbox go the messages that arrive, each with its time, and None as the end, at least once.
    """

    def arrived(message: Any) -> None:
        inbox.put((time.monotonic(), message if type(message) is bytes else None))

    specification = XSpec("popen//python=python//id=worker//execmodel=main_thread_only")
    gateway, listening = None, False
    try:
        gateway = bootstrap(transport, specification)
        channel = gateway.remote_exec(boot)
        channel.setcallback(arrived, endmarker=None)
        listening = True
        for message in opening:
            channel.send(message)
        while (batch := outbox.get()) is not None:
            channel.send(batch)
    except (OSError, EOFError, AssertionError):
        # A worker that died reads no more, but answers of its may still be in the pipe: an end that overtook them would
        # put the blame on a case that was answered. Whoever reads them says the end, behind the last.
        if not listening:
            arrived(None)
    if gateway is None:
        transport.close_write()
        transport.close_read()
