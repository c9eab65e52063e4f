"""What the tests of environments share: a miniature table, the wheels that it asks for, and a progress that listens."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from conformance import environments
from conformance.interpreters import Entry

HERE = f"=={sys.version_info.major}.{sys.version_info.minor}.*"
TABLE = f"""
[closure]
toy = ["numpy==1.0", "unused==9"]
[framework.toyframework."1.0"]
default = true
python = "{HERE}"
requirements = ["toyframework==1.0"]
closure = "toy"
download_mb = 1
disk_mb = [2, 3]
[framework.toyframework."2.0"]
python = "{HERE}"
requirements = ["toyframework==2.0"]
closure = "toy"
download_mb = 1
disk_mb = 1
[framework.toyframework."3.0"]
python = ">=3.39,<3.40"
requirements = ["toyframework==3.0"]
closure = "toy"
download_mb = 1
disk_mb = 1
"""


class Heard:
    """A progress that keeps what it was told, and can do something at each step."""

    def __init__(self, at_step: Callable[[str], None] = lambda text: None) -> None:
        self.begun: list[str] = []
        self.steps: list[tuple[str, float, float]] = []
        self.ended: list[str] = []
        self._at_step = at_step

    def begin(self, title: str) -> None:
        self.begun.append(title)

    def step(self, text: str, seconds: float, megabytes: float) -> None:
        self.steps.append((text, seconds, megabytes))
        self._at_step(text)

    def end(self, text: str) -> None:
        self.ended.append(text)


def wheel(folder: Path, name: str, version: str, code: str, requires: tuple[str, ...] = ()) -> None:
    """Write a pure-Python wheel by hand."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": code,
        f"{info}/METADATA": metadata + "".join(f"Requires-Dist: {one}\n" for one in requires),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def toy(version: str = "1.0") -> Entry:
    return environments.entry("toyframework", version)


def packages(folder: Path) -> Path:
    return next(folder.glob("lib/python*/site-packages"))


def left() -> list[str]:
    return [path.name for path in (environments.cache_folder() / "environments").glob("*")]
