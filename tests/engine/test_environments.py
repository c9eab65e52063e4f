"""Managed environments: which are good, which are not, which are used, listed and removed; and the real table."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from conformance import environments
from conformance.environments import Ready, ensure
from conformance.errors import UsageError
from conformance.interpreters import Broken, CannotCreate, Entry
from tests.engine.toy import Heard, left, packages, toy

REAL = [one for versions in environments.table().values() for one in versions.values()]

pytestmark = pytest.mark.usefixtures("miniature")


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
    with pytest.raises(CannotCreate, match=r"is broken \(installed files .*\)\."):
        ensure(toy(), install=False, progress=Heard())
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"
    assert not (good / "stray").exists()


@pytest.mark.environments
def test_without_install_nothing_is_created() -> None:
    with pytest.raises(CannotCreate, match="does not exist yet") as caught:
        ensure(toy(), install=False, progress=Heard())
    assert "toyframework@/path/to/python" in caught.value.way_out
    assert left() == []


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
    broken = good.with_name(environments.folder_of(toy("2.0"), 8).name)
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


def test_the_cache_is_the_users_unless_the_variable_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environments.cache_folder() == Path(os.environ["CONFORMANCE_CACHE"])
    monkeypatch.delenv("CONFORMANCE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    if sys.platform == "linux":
        assert environments.cache_folder() == Path("/somewhere/conformance")


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
