"""Files are named after frameworks; imports must mean the frameworks all the same, and our packages ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cases
import conformance
import reference
import reports
from conformance.lanes import ROOT


def python(code: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_numpy_is_numpy_and_our_adapter_of_that_name_is_ours() -> None:
    code = (
        "import numpy, conformance.adapters.numpy as ours; print(numpy.__file__); print(ours.__file__); numpy.zeros(1)"
    )
    done = python(code)
    assert done.returncode == 0, done.stderr
    real, ours = map(Path, done.stdout.splitlines())
    assert ROOT not in real.parents
    assert real.name == "__init__.py"
    assert ours == ROOT / "conformance" / "adapters" / "numpy.py"


@pytest.mark.parametrize("name", ["torch", "mindspore", "oneflow"])
@pytest.mark.parametrize("package", ["conformance.adapters", "cases.conv_transpose", "reference.conv_transpose"])
def test_our_files_named_after_a_framework_are_ours_and_import_no_framework(package: str, name: str) -> None:
    done = python(
        f"import sys, importlib; print(importlib.import_module('{package}.{name}').__file__);"
        f"print('{name}' in sys.modules)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(ROOT.joinpath(*package.split("."), f"{name}.py")), "False"]


def test_no_framework_name_can_be_imported_from_the_checkout() -> None:
    for name in ("torch", "mindspore", "oneflow", "numpy"):
        assert not (ROOT / name).exists()
        assert not (ROOT / f"{name}.py").exists()


def test_every_folder_with_python_is_a_package() -> None:
    tops = ("cases", "conformance", "reference", "reports", "tests")
    folders = {path.parent for top in tops for path in (ROOT / top).rglob("*.py")}
    assert len(folders) >= 10
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_four_packages_lie_beside_one_another() -> None:
    for package in (cases, conformance, reference, reports):
        assert Path(str(package.__file__)).parent.parent == ROOT


@pytest.mark.parametrize("name", ["cases", "reference", "reports"])
@pytest.mark.parametrize("as_package", [True, False])
def test_another_package_of_our_name_ends_with_a_clear_error(tmp_path: Path, name: str, as_package: bool) -> None:
    other = tmp_path / name / "__init__.py" if as_package else tmp_path / f"{name}.py"
    other.parent.mkdir(exist_ok=True)
    other.write_text("")
    command = [sys.executable, "-m", "conformance", "schema"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert f"the package {name!r} was found in" in done.stderr
    assert str(ROOT) in done.stderr
    assert done.stdout == ""


def test_a_folder_of_our_name_without_python_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    command = [sys.executable, "-m", "conformance", "--version"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_worker_and_the_adapters_import_nothing_of_the_driver() -> None:
    code = (
        "import sys, conformance.worker, conformance.adapters.wire, conformance.adapters.base;"
        "foreign = ('cases', 'reports', 'reference', 'msgspec', 'click');"
        "print([name for name in sys.modules if name.partition('.')[0] in foreign])"
    )
    done = python(code)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
