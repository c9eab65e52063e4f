"""What a specification means, and which interpreter it stands for."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import backends, environments
from conformance.backends import DEVICES, Backend, Specification, Unavailable, resolve
from conformance.errors import UsageError

HERE = Path(sys.executable)
TABLE = """
[framework.toyframework."1.0"]
default = true
python = ">=3.39,<3.40"
requirements = ["toyframework==1.0"]
download_mb = 1
disk_mb = 1
variables = { TOY_PATH = ["toy/lib"] }
[framework.click."0.0.1"]
default = true
python = ">=3.39,<3.40"
requirements = ["click==0.0.1"]
download_mb = 1
disk_mb = 1
"""


@pytest.fixture
def miniature(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "table.toml").write_text(TABLE)
    monkeypatch.setattr(environments, "TABLE", tmp_path / "table.toml")
    monkeypatch.setenv("CONFORMANCE_CACHE", str(tmp_path / "cache"))


def interpreter(folder: Path, code: str, version: str = "1.0") -> Path:
    """An environment (without pip: 0.1 s) that holds NumPy's name and a `toyframework` of the given code."""
    subprocess.run([HERE, "-I", "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "numpy.py").write_text("")
    (site / "toyframework.py").write_text(code)
    info = site / f"toyframework-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: toyframework\nVersion: {version}\n")
    return folder / "bin" / "python"


def answering(path: Path, **answer: object) -> Path:
    """A program that answers like an interpreter of our choice."""
    whole = {"version": [3, 12], "implementation": "cpython", "found": True, "site": "/", "installed": {}, "files": ""}
    path.write_text(f"#!/bin/sh\necho 'conformance:{json.dumps({**whole, **answer})}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch", Specification("torch")),
        ("mindspore==2.9.0", Specification("mindspore", "2.9.0")),
        ("torch:cuda", Specification("torch", device="cuda")),
        ("torch==2.13.0+cpu:cuda:1", Specification("torch", "2.13.0+cpu", "cuda:1")),
        ("oneflow@/path/to/python", Specification("oneflow", python=Path("/path/to/python"))),
        ("torch==2.9:xpu@~/a b@c:d==e/python", Specification("torch", "2.9", "xpu", Path("~/a b@c:d==e/python"))),
        ("torch:CUDA", Specification("torch", device="cuda")),
        ("torch:GPU:1", Specification("torch", device="cuda:1")),
        ("mindspore:npu", Specification("mindspore", device="ascend")),
        ("mindspore:Ascend", Specification("mindspore", device="ascend")),
    ],
)
def test_a_specification_is_read_as_documented(text: str, expected: Specification) -> None:
    assert Specification.parse(text) == expected


@given(
    framework=st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True),
    version=st.none()
    | st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,2}){0,3}((a|rc|\.post|\.dev)[0-9])?(\+cpu)?", fullmatch=True),
    device=st.from_regex(r"[a-z][a-z0-9_]*(:[0-9]+)?", fullmatch=True),
    python=st.none() | st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1),
)
def test_the_canonical_text_reads_back_to_the_same_value(
    framework: str, version: str | None, device: str, python: str | None
) -> None:
    text = framework + (f"=={version}" if version else "") + f":{device}" + (f"@{python}" if python else "")
    once = Specification.parse(text)
    kind, colon, number = device.partition(":")
    assert (once.framework, once.device) == (framework, DEVICES.get(kind, kind) + colon + number)
    assert (once.version is None, once.python is None) == (version is None, python is None)
    assert Specification.parse(str(once)) == once


@pytest.mark.parametrize(
    "text",
    [
        *("", "Torch", "2torch", " torch", "torch\n", "../torch", "to\0rch", "torch,numpy"),
        *("torch=2", "torch==", "torch==latest", "torch== 2", "torch==2.*", "torch>=2", "torch==1==2"),
        *("torch:", "torch:2", "torch:cuda:", "torch:cuda:x", "torch:cpu==2", "torch@", "torch@/a\0b"),
    ],
)
def test_any_other_text_is_refused_with_the_value_and_the_grammar(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Specification.parse(text)
    assert repr(text) in str(caught.value)
    assert "NAME[==VERSION][:DEVICE][@PYTHON]" in str(caught.value)


def test_the_reference_is_a_backend_in_our_own_interpreter() -> None:
    backend = resolve(Specification.parse("numpy"), install=False)
    assert backend == Backend(Specification("numpy"), HERE, {}, managed=False, version=np.__version__)
    assert backend.name == f"numpy=={np.__version__}:cpu"
    assert resolve(Specification.parse(f"numpy=={np.__version__}"), install=False) != backend  # asked for otherwise
    other = resolve(Specification.parse("numpy==1.0"), install=True)
    assert isinstance(other, Unavailable)
    assert f"holds numpy {np.__version__}, not 1.0" in other.reason


@pytest.mark.usefixtures("miniature")
def test_a_framework_beside_us_is_used_as_it_is() -> None:
    backend = resolve(Specification("click"), install=False)
    assert isinstance(backend, Backend)
    assert (backend.python, backend.managed) == (HERE, False)
    assert backend.version is not None
    same = resolve(Specification("click", backend.version), install=False)  # the table knows it not, we hold it
    assert isinstance(same, Backend)
    assert same.name == backend.name == f"click=={backend.version}:cpu"


@pytest.mark.usefixtures("miniature")
def test_another_version_than_the_one_beside_us_needs_a_managed_environment() -> None:
    missing = resolve(Specification("click", "0.0.1"), install=False)
    assert isinstance(missing, Unavailable)
    assert "click 0.0.1 needs CPython" in missing.reason
    none = resolve(Specification("click", "0.0.1"), install=True)
    assert isinstance(none, Unavailable)
    assert "needs CPython >=3.39,<3.40" in none.reason
    assert "pyenv install 3.39" in none.way_out


@pytest.mark.environments
@pytest.mark.usefixtures("miniature")
def test_a_placeholder_beside_us_counts_as_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    placeholder = interpreter(tmp_path / "env", "raise RuntimeError('install something else')")
    monkeypatch.setattr(sys, "executable", str(placeholder))
    bare = resolve(Specification("toyframework"), install=False)
    assert isinstance(bare, Unavailable)
    assert "toyframework 1.0 needs CPython" in bare.reason
    named = resolve(Specification("toyframework", python=placeholder), install=False)
    assert isinstance(named, Unavailable)
    assert named.reason.endswith("cannot import toyframework: RuntimeError: install something else")


@pytest.mark.environments
@pytest.mark.usefixtures("miniature")
def test_an_interpreter_of_ones_own_serves_the_version_that_it_holds(tmp_path: Path) -> None:
    python = interpreter(tmp_path / "env", "import os\n__version__ = '1.0+' + os.environ['TOY_PATH'][-3:]")
    backend = resolve(Specification("toyframework", python=python), install=False)
    assert isinstance(backend, Backend)
    assert (backend.python, backend.version, backend.name) == (python, "1.0+lib", "toyframework==1.0:cpu")
    assert list(backend.variables) == ["TOY_PATH"]  # the table's, for its import too
    assert isinstance(resolve(Specification("toyframework", "1", python=python), install=False), Backend)
    other = resolve(Specification("toyframework", "1.1", python=python), install=False)
    assert isinstance(other, Unavailable)
    assert "holds toyframework 1.0, not 1.1" in other.reason


@pytest.mark.environments
@pytest.mark.parametrize(
    ("code", "reason"),
    [("import os; os.abort()", "SIGABRT"), ("import time; time.sleep(60)", "no answer within 1 seconds")],
)
def test_an_import_that_kills_or_hangs_is_survived(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, reason: str
) -> None:
    monkeypatch.setattr(environments, "IMPORT_LIMIT", 1)
    python = interpreter(tmp_path / "env", code)
    answer = resolve(Specification("toyframework", python=python), install=False)
    assert isinstance(answer, Unavailable)
    assert answer.reason.endswith(reason)


@pytest.mark.environments
def test_a_framework_unknown_to_the_table_runs_in_an_interpreter_that_is_named(tmp_path: Path) -> None:
    python = interpreter(tmp_path / "env", "")
    backend = resolve(Specification("toyframework", python=python), install=False)
    assert isinstance(backend, Backend)
    assert backend.version == "1.0"  # its distribution says so, where the module says nothing


@pytest.mark.environments
def test_what_an_import_writes_is_not_left_in_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = interpreter(tmp_path / "env", "open('log', 'w').close()\n__version__ = '1.0'")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert isinstance(resolve(Specification("toyframework", python=python), install=False), Backend)
    assert list((tmp_path / "work").iterdir()) == []


def test_our_path_does_not_reach_the_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "toyframework.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    answer = resolve(Specification("toyframework", python=HERE), install=False)
    assert isinstance(answer, Unavailable)
    assert answer.reason == f"{HERE} holds no toyframework."


def test_an_unknown_framework_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UsageError) as caught:
        resolve(Specification("pytorch"), install=True)
    for part in ("'pytorch'", "mindspore, numpy, oneflow, torch", "Did you mean 'torch'?", "pytorch@/path/to/python"):
        assert part in str(caught.value)


def test_a_version_that_nobody_knows_is_a_mistake_not_an_absence() -> None:
    with pytest.raises(UsageError, match=r"mindspore==1\.1\.1.*2\.10\.0, 2\.9\.0"):
        resolve(Specification("mindspore", "1.1.1"), install=False)


@pytest.mark.parametrize("kind", ["nowhere", "a folder", "not executable"])
def test_a_path_that_is_no_program_is_a_mistake(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "python"
    if kind == "a folder":
        path.mkdir()
    elif kind == "not executable":
        path.write_text("")
    with pytest.raises(UsageError, match="is no program that can be run") as caught:
        resolve(Specification("torch", python=path), install=True)
    assert str(path) in str(caught.value)


def test_a_program_that_is_no_python_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_text("#!/bin/sh\necho no python >&2; exit 3\n")
    path.chmod(0o755)
    answer = resolve(Specification("torch", python=path), install=True)
    assert isinstance(answer, Unavailable)
    assert answer.reason == f"{path}: no python."


def test_a_python_too_old_for_the_worker_is_unavailable(tmp_path: Path) -> None:
    old = answering(tmp_path / "python", version=[3, 9])
    answer = resolve(Specification("torch", python=old), install=True)
    assert isinstance(answer, Unavailable)
    assert "is Python 3.9; a worker needs 3.10 or newer" in answer.reason


def test_a_command_on_path_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = answering(tmp_path / "python9", version=[3, 9])
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = resolve(Specification.parse("torch@python9"), install=True)
    assert isinstance(answer, Unavailable)
    assert answer.reason.startswith(f"{old} is Python 3.9")


def test_the_known_frameworks_are_those_of_the_table_and_the_reference() -> None:
    assert backends.known() == ["mindspore", "numpy", "oneflow", "torch"]
