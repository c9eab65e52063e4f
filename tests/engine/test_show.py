"""What is shown of a case, and its script: no text of a record becomes code, and it tells right from wrong."""

import contextlib
import io
import os
import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as with_fields

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.values import BadValue, Dtype, Scalar, Tensor
from conformance.expected import ExpectedError, ExpectedValue, Prepared, Undocumented
from conformance.judge import judge
from conformance.outcome import Parameter, Raised, Returned
from conformance.script import script
from conformance.show import show_case
from reference.documented import find
from reference.values import Dtype as Name
from reports.reading import RunFile
from reports.record import Counterpart
from tests.cases.planned import API_NAMES, prepared
from tests.reports import build

TORCH = "torch.nn.ConvTranspose1d"


def kinds(api: str) -> list[Prepared]:
    """A few cases of each kind of expectation and data."""
    found: dict[tuple[str, str, str], list[Prepared]] = {}
    for item in prepared(api):
        rule = item.expected.argument + item.expected.rule if isinstance(item.expected, ExpectedError) else ""
        found.setdefault((type(item.expected).__name__, item.case.data, rule), []).append(item)
    return [item for items in found.values() for item in items[:6]]


class FakeTensor:
    def __init__(self, array: Any) -> None:
        self.array = array

    def detach(self) -> "FakeTensor":
        return self

    def numpy(self) -> Any:
        return self.array

    asnumpy = numpy


def fake(framework: str, add: float) -> ModuleType:
    """The reference in a framework's clothes; `add` is what is wrong with its results."""
    module = ModuleType(framework)

    def build_class(api: str) -> Any:
        def unwrapped(value: Any) -> Any:
            return value.array if isinstance(value, FakeTensor) else value

        class Layer:
            def __init__(self, *positional: Any, **keyword: Any) -> None:
                given = [unwrapped(value) for value in positional]
                self.api = find(api)(*given, **{name: unwrapped(value) for name, value in keyword.items()})
                for name in self.api.parameter_shapes():
                    held = SimpleNamespace(data=None)
                    held.set_data = lambda value, held=held: setattr(held, "data", value)
                    setattr(self, name, held)

            def __call__(self, x: FakeTensor, **options: Any) -> FakeTensor:
                held = {name: getattr(self, name).data for name in self.api.parameter_shapes()}
                loaded = {name: value.array.astype(np.float64) for name, value in held.items() if value is not None}
                found = self.api.result(x.array.astype(np.float64), parameters=loaded, **options)
                return FakeTensor((found.value + add).astype(np.float32))

        return Layer

    names = [name for name in API_NAMES if name.startswith(f"{framework}.")]
    module.nn = SimpleNamespace(**{name.rpartition(".")[2]: build_class(name) for name in names})  # type: ignore[attr-defined]
    module.from_numpy = module.tensor = module.Tensor = FakeTensor  # type: ignore[attr-defined]
    module.float32, module.float16 = Name("float32"), Name("float16")  # type: ignore[attr-defined]
    return module


def executed(text: str, framework: str, monkeypatch: pytest.MonkeyPatch, add: float = 0) -> tuple[int, str]:
    """Run a script on a framework that is the reference; its exit code and what it printed."""
    monkeypatch.setitem(sys.modules, framework, fake(framework, add))
    monkeypatch.setattr(os, "_exit", sys.exit)  # a script leaves for good, and would take pytest along
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(text, "script", "exec"), {"__name__": "__main__"})
        except SystemExit as left:
            code = int(left.code or 0)
    return code, printed.getvalue()


@pytest.mark.parametrize("api", API_NAMES)
def test_the_script_of_every_kind_of_case_is_python_for_its_framework_only(api: str) -> None:
    framework = api.partition(".")[0]
    for item in kinds(api):
        text = script(item.case)
        compile(text, item.case.id, "exec")
        assert f"import {framework}\n" in text
        assert api in text
        assert not {"import conformance", "import cases", "import reference"} & set(text.splitlines())


@pytest.mark.parametrize("api", API_NAMES)
def test_a_script_exits_0_on_what_is_documented_and_1_on_anything_else(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework, seen = api.partition(".")[0], set()
    for item in kinds(api):
        text = script(item.case)
        if isinstance(item.expected, ExpectedValue):
            assert executed(text, framework, monkeypatch)[0] == 0, item.case.show()
            if item.expected.array.size <= 4096:
                assert executed(text, framework, monkeypatch, add=1)[0] == 1, item.case.show()
        elif isinstance(item.expected, ExpectedError):
            code, printed = executed(text, framework, monkeypatch)
            assert code == 0, item.case.show()
            assert f"because of the argument {item.expected.argument}" in printed
        seen.add(type(item.expected))
    assert {ExpectedValue, ExpectedError} <= seen


def test_a_script_exits_1_where_an_invalid_argument_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    item = next(item for item in prepared(TORCH) if isinstance(item.expected, ExpectedError))
    monkeypatch.setattr("tests.engine.test_show.find", lambda api: lambda *given, **keyword: find(TORCH)(2, 2, 3))
    accepting = fake("torch", 0)
    accepting.nn.ConvTranspose1d = lambda *given, **keyword: lambda x: FakeTensor(np.zeros((1, 2)))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", accepting)
    monkeypatch.setattr(os, "_exit", sys.exit)
    with pytest.raises(SystemExit) as left, contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(script(item.case), "script", "exec"), {"__name__": "__main__"})
    assert left.value.code == 1
    assert "a result of shape (1, 2)" in printed.getvalue()


def test_the_script_of_an_inspection_prints_the_signature() -> None:
    text = script(Case(TORCH, action="inspect"))
    compile(text, "inspection", "exec")
    assert f"print(inspect.signature({TORCH}))" in text


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
        "torch.nn.Unknown",
    ],
)
@pytest.mark.parametrize("action", ["call", "inspect"])
def test_an_api_that_nobody_documents_has_no_script(api: str, action: str) -> None:
    if (api, action) == ("torch.nn.Unknown", "inspect"):
        return
    x = Arguments((Tensor("input", (1, 2, 5), "float32"),))
    with pytest.raises((BadValue, LookupError)):
        script(Case(api, Arguments((2, 2, 3)), x, action=action))  # type: ignore[arg-type]


BASE = Case(TORCH, Arguments((2, 2, 3), (("bias", False),)), Arguments((Tensor("input", (1, 2, 5), "float32"),)))
LOADED = replace(BASE, parameters=(Tensor("weight", (2, 2, 3), "float32"),))


@pytest.mark.parametrize("role", [HOSTILE, "a b", "", "import", "x\ny", "1x", "weight)", "None"])
def test_a_role_that_is_no_name_has_no_script(role: str) -> None:
    call = Arguments((Tensor(role, (1, 2, 5), "float32"),))
    for case in (replace(LOADED, call=call), replace(BASE, parameters=(Tensor(role, (2, 2, 3), "float32"),))):
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
        assert executed(made, "torch", monkeypatch)[0] == 0
        assert repr(text) in made


# What a terminal shows


@pytest.fixture
def shown() -> RunFile:
    item = next(item for item in prepared(TORCH) if isinstance(item.expected, ExpectedValue) and item.case.parameters)
    refused = next(item for item in prepared(TORCH) if isinstance(item.expected, ExpectedError))
    assert isinstance(item.expected, ExpectedValue)
    stored = {wanted.role: Parameter(wanted.shape, "float32") for wanted in item.case.parameters}
    wrong = item.expected.array.copy()
    wrong.reshape(-1)[-1] += 1
    about = {"mode": "eager", "device": "cpu"}
    api = apis()[TORCH]
    records = (
        judge(item, Returned({"output": wrong}, stored), api, backend="torch==2.13.0:cpu", **about),
        judge(item, Returned({"output": item.expected.array}, stored), api, backend="numpy==2:cpu", **about),
        judge(
            refused,
            Raised("call", ("KeyError",), "\x1b[31mred\x1b[0m\u202e"),
            api,
            backend="torch==2.13.0:cpu",
            **about,
        ),
    )
    others = (Counterpart(case=item.case.id, api=TORCH, framework="oneflow", reason="there is none"),)
    return build.runfile(records=records, counterparts=others, comparisons=())


def test_a_case_is_shown_with_every_record_check_and_its_script(shown: RunFile) -> None:
    record = shown.records[0]
    text = show_case(shown, record.case[:8])
    assert text.startswith(f"case {record.case}\n  {record.call}\n")
    assert "torch==2.13.0:cpu (eager): differs" in text
    assert "numpy==2:cpu (eager): conforms" in text
    assert f"contradicted {TORCH}/output-values" in text
    assert "first difference at" in text
    assert "in oneflow: none: there is none" in text
    assert text.endswith(script_of(shown, record.case))
    assert "red" not in text


def script_of(shown: RunFile, case: str) -> str:
    return show_case(shown, case, only_script=True)


def test_what_a_framework_said_reaches_the_terminal_without_its_control_sequences(shown: RunFile) -> None:
    text = show_case(shown, shown.records[2].case)
    assert "red" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_only_the_script_is_only_the_script(shown: RunFile) -> None:
    text = script_of(shown, shown.records[0].case)
    assert text == script(next(item.case for item in prepared(TORCH) if item.case.id == shown.records[0].case))


def test_an_unknown_or_an_ambiguous_case_is_refused_by_name(shown: RunFile) -> None:
    with pytest.raises(LookupError, match="no case 'fffffffffffffffff'"):
        show_case(shown, "fffffffffffffffff")
    with pytest.raises(LookupError, match="beginning of 2 cases"):
        show_case(shown, "")


def test_a_record_whose_case_is_none_is_refused(shown: RunFile) -> None:
    broken = with_fields(shown.records[0], arguments={"api": "torch"})
    with pytest.raises(BadValue, match="is no case"):
        show_case(replace(shown, records=(broken,)), broken.case)


def test_a_case_whose_values_are_open_is_shown_too() -> None:
    item = next(item for item in prepared(TORCH) if isinstance(item.expected, Undocumented))
    record = judge(item, Raised("call", ("E",), "no"), apis()[TORCH], backend="b", mode="eager", device="cpu")
    shown = build.runfile(records=(record,), counterparts=(), comparisons=())
    assert "expected: not documented" in show_case(shown, record.case)
