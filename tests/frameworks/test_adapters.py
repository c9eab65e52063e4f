"""The adapters on their frameworks: what they say of themselves, and that a script says what the run says."""

import os
import subprocess
import tempfile
from collections.abc import Callable

import pytest

from cases.case import from_canonical
from cases.catalogue import apis
from conformance.lanes import plan_of
from conformance.pool import Lane
from conformance.script import script
from reports.reading import RunFile
from tests.frameworks.conftest import backend

FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]
RunOn = Callable[..., tuple[int, RunFile]]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_worker_says_what_it_is(framework: str) -> None:
    found = backend(framework)
    with Lane(plan_of(found), limit=30) as lane:
        facts = lane.start()
    assert facts["framework"] == framework
    assert found.version is not None
    assert found.version.startswith(facts["version"])
    assert facts["threads"] == 1
    assert "cpu" in facts["devices"]
    assert "float32" in facts["dtypes"]
    assert facts["packages"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_framework_is_the_installed_one_and_not_our_file_of_that_name(framework: str) -> None:
    found = backend(framework)
    code = f"import {framework}; print({framework}.__file__)"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [found.python, "-I", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
            env=os.environ | dict(found.variables),
        )
    assert "site-packages" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_short_run_judges_every_api_of_the_framework(framework: str, run_on: RunOn) -> None:
    code, run = run_on(framework, max_cases=60)
    assert code in (0, 1)
    ours = {name for name, api in apis().items() if api.framework == framework}
    # The APIs' partners (the convolutions whose gradient they are) run beside them, as far as the cut leaves them.
    assert ours <= {record.api for record in run.records}
    assert sum(record.verdict == "conforms" for record in run.records) > 60


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_run_alone_and_agree_with_the_verdict(framework: str, run_on: RunOn) -> None:
    """One script per verdict, in the framework's own interpreter: exit 0 where the run said conforms, 1 where not."""
    _, run = run_on(framework, max_cases=60)
    found = backend(framework)
    tried = set()
    for record in run.records:
        judged = record.verdict in ("conforms", "differs", "rejects-valid", "accepts-invalid", "wrong-error")
        key = (record.verdict, record.expected.what, record.arguments["data"]["kind"])
        if not judged or key in tried or record.arguments["action"] != "call":
            continue
        tried.add(key)
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [found.python, "-I", "-c", script(from_canonical(record.arguments))],
                capture_output=True,
                text=True,
                check=False,
                cwd=folder,
                env=os.environ | {"GLOG_v": "3"} | dict(found.variables),
            )
        assert done.returncode == (0 if record.verdict == "conforms" else 1), (
            record.case,
            record.verdict,
            done.stderr[-500:],
        )
        assert record.verdict == "rejects-valid" or "actual" in done.stdout
    assert len(tried) >= 3
