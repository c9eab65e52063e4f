"""The first lines that run in a worker: they receive the sources as one zip and start the loop in `worker.py`.

execnet sends the text of this file to the new interpreter and runs it with a `channel` in its globals, before any of
our packages can be imported there. The zip lies in memory: a file that has no name cannot be left behind by a killed
process. Where the kernel has no such files, it lies in the folder in which the worker starts, which the driver removes.
"""

import os
import sys
from typing import Any


def keep(archive: bytes) -> str:
    """Store the archive under a path that this process can import from."""
    try:
        descriptor = os.memfd_create("conformance-sources")
        path = f"/proc/self/fd/{descriptor}"
    except (AttributeError, OSError):
        import tempfile

        descriptor, path = tempfile.mkstemp(prefix="sources-", suffix=".zip", dir=".")
    rest = memoryview(archive)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return path


def boot(channel: Any) -> None:
    """Import the loop from the archive, and from nowhere else, and enter it."""
    path = keep(channel.receive())
    sys.path.insert(0, path)
    import conformance.worker

    if not str(conformance.worker.__file__).startswith(path):
        raise ImportError(f"the worker's own {conformance.worker.__file__} hides the sources that were sent")
    conformance.worker.serve(channel)


if __name__ == "__channelexec__":
    boot(globals()["channel"])
