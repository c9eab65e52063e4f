"""Managed environments, really created: from a miniature table and two tiny wheels, without a network."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from rich.console import Console

from conformance import environments
from conformance.environments import Broken, CannotCreate, Entry, Imported, Look, Ready, ensure
from conformance.errors import UsageError

HERE = f"=={sys.version_info.major}.{sys.version_info.minor}.*"
REAL = [one for versions in environments.table().values() for one in versions.values()]
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


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    wheel(folder, "numpy", "1.0", "__version__ = '1.0'\n")
    wheel(folder, "numpy", "1.1", "__version__ = '1.1'\n")
    wheel(folder, "toyframework", "1.0", "__version__ = '1.0+local'\n", ("numpy",))
    wheel(
        folder,
        "toyframework",
        "2.0",
        "raise RuntimeError('a placeholder, \\x1b[31mnot\\x1b[0m a framework')\n",
        ("numpy",),
    )
    return folder


@pytest.fixture(autouse=True)
def miniature(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wheels: Path) -> None:
    table = tmp_path / "table.toml"
    table.write_text(TABLE)
    monkeypatch.setattr(environments, "TABLE", table)
    monkeypatch.setenv("CONFORMANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """One good environment, copied by the tests that harm it."""
    cache = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        (cache / "table.toml").write_text(TABLE)
        patch.setattr(environments, "TABLE", cache / "table.toml")
        patch.setenv("CONFORMANCE_CACHE", str(cache))
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_FIND_LINKS", str(wheels))
        return ensure(toy(), install=True, progress=Heard()).python.parent.parent


@pytest.fixture
def good(original: Path) -> Path:
    folder = toy().folder(sys.version_info.minor)
    shutil.copytree(original, folder, symlinks=True)
    assert isinstance(environments.check(toy(), folder), Ready)
    return folder


def toy(version: str = "1.0") -> Entry:
    return environments.entry("toyframework", version)


def packages(folder: Path) -> Path:
    return next(folder.glob("lib/python*/site-packages"))


def left() -> list[str]:
    return [path.name for path in (environments.cache_folder() / "environments").glob("*")]


@pytest.mark.environments
def test_an_environment_is_created_once_and_then_only_used() -> None:
    first, second = Heard(), Heard()
    made = ensure(toy(), install=True, progress=first)
    assert made.version == "1.0+local"
    assert made.python.parent.parent.name == f"toyframework-1.0-cp3{sys.version_info.minor}-{toy().digest}"
    assert "toyframework 1.0" in first.begun[0]
    assert "about 1 MB to download, 2 to 3 MB on disk" in first.begun[0]
    assert first.ended[0].startswith("Installed toyframework 1.0")
    assert first.steps[-1][0] == "importing it once"
    assert first.steps[-1][1] > first.steps[0][1] > 0 < first.steps[-1][2]
    assert ensure(toy(), install=False, progress=second) == made
    assert not second.begun
    assert not second.steps


@pytest.mark.environments
def test_a_constraint_holds_for_what_a_requirement_draws_in(good: Path) -> None:
    seen = environments.look(good / "bin/python", "toyframework")
    assert isinstance(seen, Look)
    assert seen.installed["numpy"] == "1.0"  # 1.1 was at hand
    assert "unused" not in seen.installed


@pytest.mark.environments
@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '"x"', '{"digest": 1}'])
def test_an_unreadable_marker_means_broken(good: Path, text: str) -> None:
    (good / "complete.json").write_text(text)
    assert environments.check(toy(), good) == Broken("its marker cannot be read")


@pytest.mark.environments
def test_no_marker_means_broken(good: Path) -> None:
    (good / "complete.json").unlink()
    assert environments.check(toy(), good) == Broken("its installation was never completed")


@pytest.mark.environments
def test_a_marker_of_other_requirements_means_broken(good: Path) -> None:
    changed = replace(toy(), constraints=("numpy==1.1",))
    assert environments.check(changed, good) == Broken("it was made from other requirements")


@pytest.mark.environments
def test_an_interpreter_that_is_gone_means_broken(good: Path) -> None:
    (good / "bin/python").unlink()
    (good / "bin/python").symlink_to("/nowhere/python")
    state = environments.check(toy(), good)
    assert isinstance(state, Broken)
    assert "does not run" in state.reason


@pytest.mark.environments
def test_another_version_than_at_the_beginning_means_broken(good: Path) -> None:
    old = packages(good) / "numpy-1.0.dist-info"
    (old / "METADATA").write_text((old / "METADATA").read_text().replace("Version: 1.0", "Version: 1.1"))
    state = environments.check(toy(), good)
    assert isinstance(state, Broken)
    assert state.reason.endswith("numpy")


@pytest.mark.environments
@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("")])
def test_a_missing_or_truncated_file_means_broken(good: Path, harm: Callable[[Path], None]) -> None:
    harm(packages(good) / "toyframework/__init__.py")
    assert environments.check(toy(), good) == Broken("installed files are missing or have changed")


@pytest.mark.environments
def test_compiled_files_may_come_and_go(good: Path) -> None:
    shutil.rmtree(packages(good) / "toyframework/__pycache__")
    assert isinstance(environments.check(toy(), good), Ready)


@pytest.mark.environments
def test_a_broken_environment_is_not_used_without_install_and_rebuilt_with_it(good: Path) -> None:
    (packages(good) / "toyframework/__init__.py").unlink()
    (good / "stray").write_text("of the old one")
    with pytest.raises(CannotCreate, match=r"is broken \(installed files .*\), and --no-install forbids"):
        ensure(toy(), install=False, progress=Heard())
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"
    assert not (good / "stray").exists()


@pytest.mark.environments
def test_without_install_nothing_is_created() -> None:
    with pytest.raises(CannotCreate, match="does not exist yet, and --no-install forbids") as caught:
        ensure(toy(), install=False, progress=Heard())
    assert "toyframework@/path/to/python" in caught.value.way_out
    assert left() == []


@pytest.mark.environments
def test_without_a_network_the_error_ends_with_pips_words_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    heard = Heard()
    with pytest.raises(CannotCreate, match=r"No matching distribution found for toyframework==1\.0") as caught:
        ensure(toy(), install=True, progress=heard)
    assert "pip config list" in caught.value.way_out
    assert heard.ended == ["toyframework 1.0 was not installed."]
    assert left() == []


@pytest.mark.environments
def test_a_framework_that_installs_but_does_not_import_is_no_environment() -> None:
    with pytest.raises(CannotCreate, match="RuntimeError: a placeholder, not a framework"):
        ensure(toy("2.0"), install=True, progress=Heard())
    assert left() == []


@pytest.mark.environments
def test_an_interrupt_ends_the_installation_and_leaves_nothing() -> None:
    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(toy(), install=True, progress=Heard(interrupt))
    assert left() == []


@pytest.mark.environments
def test_a_failure_behind_pip_leaves_nothing() -> None:
    def fail(text: str) -> None:
        if text == "importing it once":
            raise OSError("no space left")

    with pytest.raises(CannotCreate, match="cannot be written: no space left"):
        ensure(toy(), install=True, progress=Heard(fail))
    assert left() == []


# What another process does: it says what it is told, and can be made to wait at its first step.
PROCESS = """
import sys, time
from pathlib import Path
from conformance import environments
environments.TABLE = Path(sys.argv[1])
class Progress:
    def begin(self, title): print("begin", title, flush=True)
    def step(self, text, seconds, megabytes):
        print("step", flush=True)
        time.sleep(float(sys.argv[2]))
    def end(self, text): print("end", text, flush=True)
made = environments.ensure(environments.entry("toyframework", "1.0"), install=True, progress=Progress())
print("made", made.python, flush=True)
"""


def process(seconds: float) -> subprocess.Popen[str]:
    root = Path(environments.__file__).parent.parent
    command = [sys.executable, "-c", PROCESS, str(environments.TABLE), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


@pytest.mark.environments
def test_two_processes_create_one_environment_and_both_use_it() -> None:
    both = [process(0), process(0)]
    said = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sum("begin Installing" in text for text in said) == 1
    assert sum("Another process is at work" in text for text in said) <= 1
    made = {text.splitlines()[-1] for text in said}
    assert len(made) == 1
    assert isinstance(environments.check(toy(), toy().folder(sys.version_info.minor)), Ready)


@pytest.mark.environments
def test_one_waits_for_the_other_and_says_so(good: Path) -> None:
    (good / "complete.json").rename(good / "hidden")
    heard = Heard()
    with environments._locked(good, heard):
        other = process(0)
        assert other.stdout is not None
        assert "Another process is at work" in other.stdout.readline()
        (good / "hidden").rename(good / "complete.json")
    assert heard.begun == []
    assert "begin Installing" not in other.communicate(timeout=300)[0]  # what was made meanwhile is used
    assert other.returncode == 0


@pytest.mark.environments
def test_a_killed_process_leaves_neither_a_lock_nor_anything_taken_for_good() -> None:
    other = process(600)
    assert other.stdout is not None
    while other.stdout.readline() != "step\n":
        assert other.poll() is None
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert isinstance(environments.check(toy(), toy().folder(sys.version_info.minor)), Broken)
    assert left() != []
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"


@pytest.mark.environments
def test_an_interpreter_that_cannot_make_environments_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lame = tmp_path / "python"
    lame.write_text("#!/bin/sh\necho no ensurepip here\nexit 1\n")
    lame.chmod(0o755)
    monkeypatch.setattr(environments, "_interpreters", lambda one: (sys.version_info.minor, [lame]))
    with pytest.raises(CannotCreate, match="no ensurepip here"):
        ensure(toy(), install=True, progress=Heard())
    both = [lame, Path(sys.executable)]
    monkeypatch.setattr(environments, "_interpreters", lambda one: (sys.version_info.minor, both))
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"


@pytest.mark.environments
def test_our_own_path_and_pips_detours_do_not_reach_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, good: Path
) -> None:
    (tmp_path / "toyframework.py").write_text("raise RuntimeError('from PYTHONPATH')")
    (tmp_path / "pip.py").write_text("raise RuntimeError('from PYTHONPATH')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)
    assert environments.imports(good / "bin/python", "toyframework", {}) == Imported("1.0+local")
    shutil.rmtree(good)
    ensure(toy(), install=True, progress=Heard())
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.environments
def test_another_cpython_is_found_without_being_on_path() -> None:
    try:
        minor, pythons = environments._interpreters(replace(toy(), python="==3.10.*"))
    except CannotCreate:
        pytest.skip("no CPython 3.10 on this machine")
    made = ensure(replace(toy(), python="==3.10.*"), install=True, progress=Heard())
    seen = environments.look(made.python, "toyframework")
    assert isinstance(seen, Look)
    assert (minor, seen.minor, seen.found) == (10, (3, 10), True)
    assert pythons


def test_no_interpreter_in_range_is_said_with_the_way_to_get_one() -> None:
    with pytest.raises(CannotCreate, match=r"toyframework 3\.0 needs CPython >=3\.39,<3\.40, and none") as caught:
        ensure(toy("3.0"), install=True, progress=Heard())
    for way in ("pyenv install 3.39", "uv python install 3.39", "toyframework@/path/to/python"):
        assert way in caught.value.way_out


def test_the_drivers_own_python_comes_first_and_then_the_newest() -> None:
    own = sys.version_info.minor
    assert replace(toy(), python=f">=3.8,<=3.{own + 2}").minors()[:4] == [own, own + 2, own + 1, own - 1]
    assert replace(toy(), python=">=3.6,<3.9").minors() == [8, 7, 6]


@pytest.mark.environments
def test_remove_deletes_all_of_a_framework_or_one_version(good: Path) -> None:
    other = good.with_name(good.name.replace("-1.0-", "-2.0-"))
    foreign = good.with_name(good.name.replace("toyframework", "toyframework2"))
    shutil.copytree(good, other, symlinks=True)
    shutil.copytree(good, foreign, symlinks=True)
    removed = environments.remove("toyframework==2.0")
    assert [(one.path, one.megabytes > 1) for one in removed] == [(other, True)]
    assert good.exists()
    assert environments.remove("toyframework==2.0") == []
    assert [one.path for one in environments.remove("toyframework")] == [good]
    assert left() == [foreign.name]


@pytest.mark.parametrize("text", ["", "nothing", "numpy", "toyframework==", "toyframework==7.0", "../toyframework"])
def test_remove_refuses_what_nobody_knows(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        environments.remove(text)
    assert text in str(caught.value)
    assert "toyframework" in str(caught.value)


@pytest.mark.environments
def test_the_listing_tells_installed_broken_outdated_and_absent_apart(good: Path) -> None:
    broken = good.with_name(toy("2.0").folder(8).name)
    broken.mkdir()
    outdated = good.with_name("toyframework-0.9-cp311-00000000")
    outdated.mkdir()
    states = {(one.version, one.default): (one.state, one.path) for one in environments.listing()}
    assert states == {
        ("1.0", True): ("installed", good),
        ("2.0", False): ("broken", broken),
        ("3.0", False): ("absent", None),
        ("0.9", False): ("outdated", outdated),
    }
    assert next(one for one in environments.listing() if one.path == good).megabytes > 1


def test_a_version_outside_of_the_table_is_named_with_the_versions_there_are() -> None:
    assert environments.entry("toyframework", "2").version == "2.0"
    with pytest.raises(UsageError) as caught:
        environments.entry("toyframework", "4.2")
    for part in ("toyframework==4.2", "1.0, 2.0, 3.0", "toyframework==4.2@/path/to/python"):
        assert part in str(caught.value)


def test_loader_folders_come_before_those_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(toy(), variables={"LD_LIBRARY_PATH": ("a/lib", "b/lib")})
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    assert environments.loader_variables(one, Path("/site")) == {"LD_LIBRARY_PATH": "/site/a/lib:/site/b/lib:/mine"}
    monkeypatch.delenv("LD_LIBRARY_PATH")
    assert environments.loader_variables(one, Path("/site")) == {"LD_LIBRARY_PATH": "/site/a/lib:/site/b/lib"}


def test_the_cache_is_the_users_unless_the_variable_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environments.cache_folder() == Path(os.environ["CONFORMANCE_CACHE"])
    monkeypatch.delenv("CONFORMANCE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    if sys.platform == "linux":
        assert environments.cache_folder() == Path("/somewhere/conformance")


def test_the_display_shows_text_as_it_is() -> None:
    written = io.StringIO()
    display = environments.Display(Console(file=written, width=60, force_terminal=True, color_system=None))
    display.begin("Installing [red]x")
    display.step("Collecting cuda-toolkit[cublas]", 61, 12.3)
    display._status._live.refresh()
    display.end("done [/]")
    shown = written.getvalue()
    for part in ("Installing [red]x", "1:01  12 MB  Collecting cuda-toolkit[cublas]", "done [/]"):
        assert part in shown


# The real table.


@pytest.mark.parametrize("framework", sorted({one.framework for one in REAL}))
def test_each_framework_of_the_table_has_one_default_version(framework: str) -> None:
    assert sum(one.default for one in REAL if one.framework == framework) == 1


@pytest.mark.parametrize("one", REAL, ids=lambda one: f"{one.framework}-{one.version}")
def test_each_entry_of_the_table_pins_everything_and_names_no_address(one: Entry) -> None:
    for minor in one.minors():
        pins: dict[str, str] = {}
        for text in {*one.requirements, *one.constraints}:
            requirement = Requirement(text)
            assert requirement.url is None
            assert [spec.operator for spec in requirement.specifier] == ["=="], text
            if requirement.marker is None or requirement.marker.evaluate({"python_version": f"3.{minor}"}):
                assert requirement.name not in pins, f"{text}: pinned twice"
                pins[requirement.name] = str(requirement.specifier)
        assert pins[one.framework] == f"=={one.version}"
        assert "numpy" in pins  # the worker needs it
    assert min(one.minors()) >= 10  # so does the worker
    assert one.download_mb <= one.disk_mb
    assert "://" not in (Path(environments.__file__).with_name("environments.toml")).read_text()


def test_mindspore_is_kept_below_numpy_2() -> None:
    for one in REAL:
        if one.framework == "mindspore":
            numpy = next(text for text in one.requirements if text.startswith("numpy=="))
            assert numpy.removeprefix("numpy==") in SpecifierSet("<2")


@pytest.mark.environments
def test_the_marker_says_what_was_installed_and_when(good: Path) -> None:
    marker = json.loads((good / "complete.json").read_text())
    assert marker["digest"] == toy().digest
    assert marker["installed"]["toyframework"] == "1.0"
    assert marker["created"].endswith("Z")
