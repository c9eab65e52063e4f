"""No text of a record becomes code in a script, and a script calls nothing that the suite does not call."""

from dataclasses import replace
from typing import Any

import pytest

from cases.case import Arguments, Case
from cases.values import BadValue, Dtype, Instance, Scalar, Tensor
from conformance.script import script
from tests.engine.fakes import executed

TORCH = "torch.nn.ConvTranspose1d"
X, W = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 2, 3), "float32")
LOADED = Case(TORCH, Arguments((2, 2, 3), (("bias", False),)), Arguments((X,)), (W,))
HOSTILE = "x'); import os; os.system('id') #"


@pytest.mark.parametrize(
    "api",
    [
        "torch.nn.X()",
        f"torch.{HOSTILE}",
        "torch.nn.ConvTranspose1d\nimport os",
        "torch",
        "",
        "os.system",
        "torch..nn",
        "subprocess.run",
        "numpy.linalg.inv",
        "torch.load",
        "torch.hub.load",
        "torch.nn.Unknown",
    ],
)
@pytest.mark.parametrize("action", ["call", "inspect"])
def test_an_api_that_nobody_documents_has_no_script(api: str, action: Any) -> None:
    """Scripts are run by whoever reproduces a finding, from a run file that may come from anybody."""
    with pytest.raises((BadValue, LookupError)):
        script(Case(api, Arguments((2, 2, 3)), Arguments((X,)), action=action))


def test_the_calls_that_claims_compare_with_have_scripts_though_they_are_no_apis_of_ours() -> None:
    conv = Case("torch.nn.Conv1d", Arguments((2, 2, 3)), Arguments((X,)))
    compile(script(conv), "conv", "exec")


@pytest.mark.parametrize("target", ["torch.load", "torch.hub.load", "torch.nn.Module"])
def test_an_object_that_no_document_speaks_of_has_no_script(target: str) -> None:
    construct = Arguments((2, 2, 3), (("padding_mode", Instance(target, (("f", "a file"),))),))
    with pytest.raises(BadValue):
        script(replace(LOADED, construct=construct))


@pytest.mark.parametrize("role", [HOSTILE, "a b", "", "import", "x\ny", "1x", "weight)", "None"])
def test_a_role_that_is_no_name_has_no_script(role: str) -> None:
    call = Arguments((replace(X, role=role),))
    for case in (replace(LOADED, call=call), replace(LOADED, parameters=(replace(W, role=role),))):
        with pytest.raises(BadValue, match="is no name"):
            script(case)


@pytest.mark.parametrize("name", [HOSTILE, "a b", "import"])
def test_names_of_arguments_and_dtypes_that_are_none_have_no_script(name: str) -> None:
    hostile = (Arguments((2, 2, 3), (("stride", Dtype(name)),)), Arguments((2, 2, 3), (("stride", Scalar(name, 1)),)))
    for construct in hostile:
        with pytest.raises((BadValue, TypeError)):
            script(replace(LOADED, construct=construct))


def test_a_hostile_string_stays_a_string(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (HOSTILE, "\n'''\"\"\"", "\\", "{}", "\u2028import os"):
        made = script(replace(LOADED, construct=Arguments((2, 2, 3), (("padding_mode", text),))))
        assert repr(text) in made
        code, printed = executed(made, "torch", monkeypatch)
        assert code == 0, printed
