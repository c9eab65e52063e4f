"""The examples of the comparison pages: their code for both sides, run in each framework's own environment.

All programs of a framework run in one process, one after the other, since an import takes seconds; where one ends the
process, those that have not run yet do so in the next one.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cases.case import Case
from cases.catalogue import Operator, apis, operators
from cases.compared import Illustration, comparer
from conformance.backends import Backend
from conformance.compare_code import example_code, numbers
from conformance.expected import ExpectedValue, prepare
from conformance.reproduce import Printed, reproduce
from reports.comparison_evidence import Example, Program
from reports.text import cap, clean

LONGEST = 3000  # characters of what an example prints


@dataclass(frozen=True)
class Sides:
    """An example before it is run: both calls, or the reason why there is none on the right."""

    key: str
    left: Case
    right: Case | str
    counterpart: bool


def sides(left: str, right: str) -> tuple[Sides, ...]:
    """The examples of two APIs; a call of the right API stands on the left where its counterpart is looked for."""
    api, other = apis()[left], apis()[right]
    knows = comparer(api.operator)
    operator = operators()[api.operator]
    return tuple(_sides(item, operator, left, right) for item in (knows.illustrations(api, other) if knows else ()))


def _sides(item: Illustration, operator: Operator, left: str, right: str) -> Sides:
    if item.other is not None:
        return Sides(item.key, item.case, item.other, counterpart=False)
    target = right if item.case.api == left else left
    found = first_counterpart(operator, item.case, target.partition(".")[0])
    return Sides(item.key, item.case, found, counterpart=True)


def first_counterpart(operator: Operator, case: Case, framework: str) -> Case | str:
    """The simplest counterpart of a call, or why there is none."""
    return operator.counterpart(case, framework)


def codes(examples: Iterable[Sides]) -> dict[str, dict[str, str]]:
    """The programs of these examples by framework and key."""
    found: dict[str, dict[str, str]] = {}
    for item in examples:
        for case, other in ((item.left, item.right), (item.right, item.left)):
            if isinstance(case, Case):
                code = example_code(case, other if isinstance(other, Case) else None)
                found.setdefault(case.api.partition(".")[0], {})[_key(code)] = code
    return found


def run(programs: Mapping[str, Mapping[str, str]], backends: Mapping[str, Backend]) -> dict[str, Printed]:
    """What each program printed, by its key; of frameworks that are not here, nothing."""
    here = [name for name in programs if name in backends]
    with ThreadPoolExecutor(max(1, len(here))) as pool:
        made = pool.map(lambda name: _of_one(programs[name], backends[name]), here)
        return {case: printed for found in made for case, printed in found.items()}


def _of_one(programs: Mapping[str, str], backend: Backend) -> dict[str, Printed]:
    waiting, found = list(programs), dict[str, Printed]()
    while waiting:
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "printed.jsonl"
            done = reproduce(_batch([programs[case] for case in waiting], said), backend)
            lines = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
        for case, line in zip(waiting, lines, strict=False):
            ended, text = json.loads(line)
            found[case] = Printed(ended, cap(clean(text).strip("\n"), LONGEST), there=False)
        waiting = waiting[len(lines) :]
        if waiting:  # the next one ended the process, or there was none: what it printed is what remains
            found[waiting[0]] = done
            waiting = waiting[1:]
    return found


def _batch(programs: Sequence[str], said: Path) -> str:
    """One program of many. Each is text to `exec`, so that what one raises is printed, and the next goes on."""
    return "\n".join(
        [
            "import contextlib, io, json, os",
            f"for program in {list(programs)!r}:",
            "    printed, ended = io.StringIO(), 'exit code 0'",
            "    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):",
            "        try:",
            "            exec(compile(program, 'example.py', 'exec'), {'__name__': '__main__'})",
            "        except Exception as error:",
            "            ended = 'exit code 1'",
            "            print(type(error).__name__ + ':', *str(error).strip().splitlines()[:1])",
            f"    with open({str(said)!r}, 'a', encoding='utf-8') as file:",
            "        file.write(json.dumps([ended, printed.getvalue()]) + '\\n')",
            "os._exit(0)  # some frameworks abort while the interpreter shuts down",
            "",
        ]
    )


def example(item: Sides, programs: dict[str, Program], printed: Mapping[str, Printed]) -> Example:
    """An example, whose programs are put among those of all pages, with what running them printed."""
    left = _program(item.left, item.right, programs, printed)
    right = _program(item.right, item.left, programs, printed)
    reason = "" if isinstance(item.right, Case) else item.right
    return Example(key=item.key, left=left, right=right, reason=reason, counterpart=item.counterpart)


def _program(case: Case | str, other: Case | str, programs: dict[str, Program], printed: Mapping[str, Printed]) -> str:
    """The key of the program of a call beside another; empty where there is no call."""
    if isinstance(case, str):
        return ""
    code = example_code(case, other if isinstance(other, Case) else None)
    framework = case.api.partition(".")[0]
    key, shown, wanted = _key(code), printed.get(_key(code)), documented(case)
    programs[key] = Program(
        framework=framework,
        code=code,
        ended=shown.ended if shown else "",
        printed=shown.text if shown else "",
        documented=wanted if shown and shown.text != wanted else "",
        reason="" if shown else f"{framework} is not here",
    )
    return key


def documented(case: Case) -> str:
    """What a program prints if its framework does what its documents say; empty where they do not say."""
    found = prepare(case, data={tensor.role: numbers(tensor) for tensor in case.tensors()}).expected
    if not isinstance(found, ExpectedValue):
        return ""
    return f"{found.output.array.shape}\n{found.output.array}"


def _key(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:12]
