"""The sources that a worker gets: one zip, built once, of exactly the packages that it may import.

A worker sees nothing of the driver's path (the driver's NumPy would shadow the backend's), so that what it needs is
sent: the loop, the adapters, and on demand further packages such as the reference.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

Source = tuple[Path, tuple[str, ...]]
"""A folder, and the packages below it that are sent, by dotted name: `(root, ("reference", "tests.engine"))`."""

_ROOT = Path(__file__).resolve().parent.parent
_ALWAYS = ("conformance/__init__.py", "conformance/messages.py", "conformance/worker.py", "conformance/zygote.py")


@lru_cache(maxsize=16)
def archive(sources: tuple[Source, ...] = ()) -> bytes:
    """Pack the worker, the adapters and these packages; the same sources give the same bytes."""
    files = {name: _ROOT / name for name in _ALWAYS}
    for root, packages in ((_ROOT, ("conformance.adapters",)), *sources):
        for package in packages:
            files.update({path.relative_to(root).as_posix(): path for path in _modules(root, package)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name), files[name].read_bytes())
    return buffer.getvalue()


def _modules(root: Path, package: str) -> Iterator[Path]:
    """Yield the files of a package, and the `__init__.py` of each package around it."""
    folder = root.joinpath(*package.split("."))
    if not (folder / "__init__.py").is_file():
        raise FileNotFoundError(f"no package {package} under {root} to send to a worker")
    yield from folder.rglob("*.py")
    while (folder := folder.parent) != root:
        yield folder / "__init__.py"
