"""Adapters that die, hang or spoil the connection, in few cases, for each costs fresh workers."""

import ctypes
import os
import stat
import time
from contextlib import suppress

from tests.faulty.base import Faulty


class Dies(Faulty):
    """The base of those that die: on unbatched input, with three groups, a bias and a long kernel."""

    def die(self) -> None:
        raise NotImplementedError

    def answer(self, output, result, api):
        geometry = api.geometry
        plain = max(*geometry.stride, *geometry.dilation) == 1 and min(geometry.kernel) > 2
        if plain and geometry.groups == 3 and geometry.bias and output.ndim == api.axes + 1:
            self.die()
        return output


class Segfaults(Dies):
    """Reads from address 0."""

    def die(self):
        ctypes.string_at(0)


class Aborts(Dies):
    """Calls abort, as a failed check in native code does."""

    def die(self):
        os.abort()


class LeavesSilently(Dies):
    """Ends with exit code 0 in the middle of a call."""

    def die(self):
        os._exit(0)


class Hangs(Dies):
    """Never answers."""

    def die(self):
        time.sleep(1000)


class WritesIntoTheProtocol(Dies):
    """Writes a log line into every pipe that is open, the connection to the driver among them."""

    def die(self):
        for number in range(3, 64):
            with suppress(OSError):
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.write(number, b"[WARNING] a log line of a framework\n" * 4)


if __name__ == "__main__":
    from tests.engine.faulty_run import main

    main()
