"""case → a stand-alone script in the framework's own API, which needs the framework and NumPy only.

Every value in the script is written by us from the closed set of argument values; no text of a record becomes code.
The script prints expected and actual, and exits 1 while they differ and 0 when they agree.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Case
from cases.catalogue import apis, described
from cases.documentation import Consistent, Equal, Inverse, Says
from cases.values import BadValue, Part, Tensor, Value
from conformance.agreement import allowance
from conformance.code import arguments_text, name_of, number_text
from conformance.expected import (
    GRADIENT,
    Expected,
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Prepared,
    Undocumented,
    prepare,
)
from conformance.idioms import IDIOMS, Idiom, laid_out, rank_after, step_line

MOST_CLAIMS = 24  # of a finding, the first ones: a script states those of its own API
LITERAL = 4096  # elements; larger arrays are not written out
FINISH = (
    "def finish(agrees):",
    "    print('agrees' if agrees else 'differs')",
    "    sys.stdout.flush()",
    "    os._exit(0 if agrees else 1)  # some frameworks abort while the interpreter shuts down",
)


def script(case: Case, mode: str = "", *, claims: Sequence[str] = ()) -> str:
    """The script of a case, in a mode of its framework; its usual one unless given. It says what `claims` state."""
    idiom = _idiom(case)
    prepared = prepare(case)
    if case.action == "inspect":
        body = ["import inspect", "", f"print(inspect.signature({case.api}))"]
        head = [f"# The signature of {case.api}.", *_stated(claims, case.api)]
        return "\n".join([*head, idiom.imports, *body]) + "\n"
    lines = [*_head(f"Case {case.id}: {case.api}", idiom, mode, _stated(claims, case.api))]
    lines += _run("run", case, prepared, idiom, mode)
    return "\n".join([*lines, *_judged(prepared)]) + "\n"


def pair_script(
    left: Case,
    right: Case,
    *,
    parts: tuple[Part, ...],
    output: str,
    inverse: bool = False,
    claims: Sequence[str] = (),
) -> str:
    """The script of two calls of one framework that must give equal results, or shapes inverse to each other."""
    idiom = _idiom(left)
    if _idiom(right) is not idiom:
        raise BadValue("one script cannot call two frameworks")
    title = f"Cases {left.id} and {right.id}: {left.api} and {right.api}"
    lines = list(_head(title, idiom, "", _stated(claims, left.api)))
    for name, case in (("left", left), ("right", right)):
        lines += _run(name, case, prepare(case), idiom, "")
    lines += ["first, second = left()['output'], " + f"right()[{output!r}]"]
    if inverse:
        shapes = [case.call.tensors()[0].shape for case in (right, left)]
        lines += [f"wanted = {tuple(shapes)!r}", "actual = (first.shape, second.shape)"]
        lines += ["print('expected:', wanted)", "print('actual:', actual)", "finish(wanted == actual)"]
        return "\n".join(lines) + "\n"
    for part, after in itertools.zip_longest(parts, parts[1:]):
        stop = "second.shape" if after is None else repr(after.whole)
        cut = f"slice({part.start}, {part.start} + {stop}[{part.axis}])"
        lines += [f"first = first[{'slice(None), ' * part.axis}{cut}]"]
    lines += ["print('left:', first.shape)", "print(first)", "print('right:', second.shape)", "print(second)"]
    return "\n".join([*lines, "finish(first.shape == second.shape and bool(np.all(first == second)))"]) + "\n"


@cache
def _known() -> frozenset[str]:
    """Every API, and what claims compare them with."""
    details = [claim.detail for api in apis().values() for claim in api.claims]
    pairs = [pair for detail in details if isinstance(detail, Equal | Consistent | Inverse) for pair in detail.pairs]
    return frozenset(apis()) | {case.api for pair in pairs for case in (pair.left, pair.right)}


def _idiom(case: Case) -> Idiom:
    framework = case.api.partition(".")[0]
    # A run file may come from anybody, and the scripts of its cases are run.
    if case.api not in _known() or framework not in IDIOMS:
        raise BadValue(f"{case.api!r} is no API that a script can call")
    return IDIOMS[framework]


def _stated(names: Sequence[str], api: str) -> list[str]:
    """What the documentation states, in our words, with its place; of these claims, those of the API."""
    found = []
    for claim in described(api).claims:
        if claim.id in names[:MOST_CLAIMS]:
            places = "; ".join(f"{item.document.title}, {item.place}".rstrip(", ") for item in claim.sources)
            found += [f"# Documented: {claim.text.en}", f"#   in: {places}"]
    return found


def _head(title: str, idiom: Idiom, mode: str, stated: Sequence[str]) -> Iterator[str]:
    mode = mode or next(iter(idiom.modes))
    if mode not in idiom.modes:
        raise BadValue(f"there is no mode {mode!r}, only {', '.join(idiom.modes)}")
    before, _ = idiom.modes[mode]
    yield from (f"# {title}", *stated, "import os", "import sys", "", "import numpy as np", idiom.imports, "")
    yield from (before, "") if before else ()
    yield from ("", *FINISH, "", "")


def _run(name: str, case: Case, prepared: Prepared, idiom: Idiom, mode: str) -> Iterator[str]:
    """A function that makes the tensors and the call, and returns the results by name."""
    yield f"def {name}():"
    for tensor in case.tensors():
        role = name_of(tensor.role)
        yield f"    {role} = {_tensor(prepared.data[tensor.role], tensor, idiom)}"
        if tensor.layout != "contiguous":
            yield f"    {role} = {laid_out(idiom, role, len(tensor.shape), tensor.layout)}"
    body = _initialised(case, idiom) if case.action == "initialise" else _called(case, idiom, mode)
    yield from (f"    {line}" for line in body)
    yield from ("", "")


def _initialised(case: Case, idiom: Idiom) -> Iterator[str]:
    assert case.construct is not None
    yield f"module = {case.api}({arguments_text(case.construct, idiom, numpy=True)})"
    if case.call.positional:  # a lazy layer has its parameters only then
        yield f"module({arguments_text(case.call, idiom, numpy=True)})"
    yield f"return {{name: {idiom.read.format('item')} for name, item in module.{idiom.parameters}()}}"


def _called(case: Case, idiom: Idiom, mode: str) -> Iterator[str]:
    _, wrapped = idiom.modes[mode or next(iter(idiom.modes))]
    for name, value in case.settings:
        yield from _setting(name, value, idiom)
    if case.construct is None:
        yield f"module = {wrapped.format(case.api)}"
    else:
        yield f"module = {case.api}({arguments_text(case.construct, idiom, numpy=True)})"
        yield from (idiom.load.format(name_of(item.role), name_of(item.role)) for item in case.parameters)
        if wrapped != "{}":
            yield f"module = {wrapped.format('module')}"
    call, arguments = "module", arguments_text(case.call, idiom, numpy=True)
    if case.around:
        yield from _stepped(case, idiom)
        call = "call"
        arguments = ", ".join(name_of(item.role) for item in (*case.call.tensors(), *case.around.tensors))
    yield from (f"{call}({arguments})" for _ in range(case.repeats - 1))
    if not case.differentiate:
        yield f"result = {call}({arguments})"
        yield f"return {{'output': {idiom.read.format('result')}}}"
        return
    stored = {item.role for item in case.parameters}
    of = [f"module.{name_of(role)}" if role in stored else name_of(role) for role in case.differentiate]
    if idiom.autograd:
        yield f"tensors = [{', '.join(of)}]"
        yield "for tensor in tensors:"
        yield "    tensor.requires_grad_()"
        yield f"result = {call}({arguments})"
        yield f"made = {idiom.autograd}(result, tensors, {_upstream(case)})"
    else:
        yield from _mindspore_gradients(case, stored, f"{call}({arguments})")
    reads = ", ".join(
        f"{GRADIENT + role!r}: {idiom.read.format(f'made[{index}]')}" for index, role in enumerate(case.differentiate)
    )
    yield f"return {{'output': {idiom.read.format('result')}, {reads}}}"


def _stepped(case: Case, idiom: Idiom) -> Iterator[str]:
    """A function of the tensors that does what is around the call, too; the steps before it change the first one."""
    tensors = case.call.tensors()
    first, rank = name_of(tensors[0].role), len(tensors[0].shape)
    yield f"def call({', '.join(name_of(item.role) for item in (*tensors, *case.around.tensors))}):"
    for step in case.around.before:
        yield f"    {first} = {step_line(idiom, step, first, rank)}"
        rank = rank_after(step, rank)
    yield f"    result = module({arguments_text(case.call, idiom, numpy=True)})"
    for step in case.around.after:
        yield f"    result = {step_line(idiom, step, 'result', rank)}"
        rank = rank_after(step, rank)
    yield "    return result"


def _upstream(case: Case) -> str:
    """The name of the upstream gradient, which has another's role where both sides of a pair share its numbers."""
    assert case.upstream is not None
    return name_of(case.upstream.role)


def _mindspore_gradients(case: Case, stored: set[str], called: str) -> Iterator[str]:
    """MindSpore differentiates functions of tensors and lists of parameters: the weighted sum of the output."""
    inputs = [role for role in case.differentiate if role not in stored]
    weights = ", ".join(f"module.{name_of(role)}" for role in case.differentiate if role in stored)
    names = ", ".join(map(name_of, inputs))
    yield f"result = {called}"
    yield f"weighted = lambda {names}: ({called} * {_upstream(case)}).sum()"
    where = tuple(range(len(inputs))) if inputs else None
    chosen = f"[{weights}]" if weights else "None"
    yield f"slopes = mindspore.grad(weighted, {where}, {chosen})({names})"
    if inputs and weights:
        first = "[*slopes[0]]" if len(inputs) > 1 else "[slopes[0]]"
        flat = f"{first} + [*slopes[1]]"
    else:
        flat = "[*slopes]" if weights or len(inputs) > 1 else "[slopes]"
    order = [*inputs, *(role for role in case.differentiate if role in stored)]
    yield f"found = dict(zip({order!r}, {flat}))"
    yield f"made = [found[role] for role in {list(case.differentiate)!r}]"


def _setting(name: str, value: Value, idiom: Idiom) -> Iterator[str]:
    if "torch" not in idiom.imports or not isinstance(value, bool):
        raise BadValue(f"a script cannot set {name} = {value!r} for {idiom.imports.removeprefix('import ')}")
    if name == "tf32":
        yield f"torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = {value}"
    elif name == "deterministic":
        yield f"torch.backends.cudnn.deterministic = {value}"
    else:
        raise BadValue(f"a script cannot set {name!r}")


def _judged(prepared: Prepared) -> Iterator[str]:
    expected = prepared.expected
    if isinstance(expected, ExpectedError):
        yield from _error(expected, prepared.case)
        return
    if isinstance(expected, ExpectedUnsupported):
        yield from ("print('expected: an error, since a document says that this does not work')", "try:")
        yield from ("    found = run()", "except Exception as error:")
        yield "    print('actual:', type(error).__name__, str(error)[:500])"
        yield from ("    finish(True)", "for name, actual in found.items():")
        yield from ("    print('actual:', name, actual.shape)", "finish(False)")
        return
    if not isinstance(expected, ExpectedValue):
        yield from _without_values(expected)
        return
    yield "expected, allowed = {}, {}"
    for name, wanted in expected.outputs.items():
        yield f"expected[{name!r}] = {_array(_plain(wanted.array))}"
        narrow = "tf32" if ("tf32", True) in prepared.case.settings and wanted.dtype == "float32" else None
        yield f"allowed[{name!r}] = {_array(allowance(wanted, prepared.case.data, multiplicands=narrow))}"
    yield from ("try:", "    found = run()", "except Exception as error:")
    yield "    for name, wanted in expected.items():"
    yield "        print(name, 'expected:', wanted.dtype, wanted.shape)"
    yield "        print(wanted)"
    yield "    print('actual:', type(error).__name__, str(error)[:500])"
    yield "    finish(False)"
    yield "agrees = True"
    yield "for name, actual in found.items():"
    yield "    print(name, 'expected:', expected[name].dtype, expected[name].shape)"
    yield "    print(expected[name])"
    yield "    print(name, 'actual:', actual.dtype, actual.shape)"
    yield "    print(actual)"
    yield "    if (actual.shape, actual.dtype) != (expected[name].shape, expected[name].dtype):"
    yield "        finish(False)"
    yield "    same = (actual == expected[name]) | ((actual != actual) & (expected[name] != expected[name]))"
    yield "    with np.errstate(all='ignore'):"
    yield "        far = abs(actual.astype(complex) - expected[name].astype(complex))"
    yield "    agrees &= bool(np.all(same | (far <= allowed[name]) | np.isinf(allowed[name])))"
    yield "finish(agrees)"


def _without_values(expected: Expected) -> Iterator[str]:
    """A call of which no document gives the values; that it is refused differs where the call is valid at least."""
    if isinstance(expected, ExpectedStatements) or (isinstance(expected, Undocumented) and expected.valid):
        yield from ("print('expected: a result, whatever its values are')", "try:", "    found = run()")
        yield from ("except Exception as error:", "    print('actual:', type(error).__name__, str(error)[:500])")
        yield "    finish(False)"
    else:
        yield "found = run()"
    yield "for name, actual in found.items():"
    yield "    print(name, actual.dtype, actual.shape)"
    yield "    print(actual)"
    yield "print('the documents do not say what these values are')"


def _error(expected: ExpectedError, case: Case) -> Iterator[str]:
    """An error that is documented, or a refusal of any class, whose message names the argument."""
    name = expected.error or "Exception"
    words = [expected.argument.lower()]
    for claim in described(case.api).claims:
        if isinstance(claim.detail, Says):
            words += [word.lower() for word in claim.detail.words.get(expected.argument, ())]
    yield f"print('expected: {name_of(name)}, which names {name_of(expected.argument)}')"
    yield "try:"
    yield "    found = run()"
    yield "except Exception as error:"
    yield "    print('actual:', type(error).__name__, str(error)[:500])"
    yield f"    named = any(word in str(error).lower() for word in {words!r})"
    yield f"    finish(isinstance(error, {name_of(name)}) and named)"
    yield "for name, actual in found.items():"
    yield "    print('actual:', name, actual.shape)"
    yield "finish(False)"


def _tensor(array: NDArray[Any], tensor: Tensor, idiom: Idiom) -> str:
    spelled = idiom.narrow if tensor.dtype == "bfloat16" else idiom.tensor
    return spelled.format(_array(_plain(array)))


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in a type that NumPy has by itself."""
    return array.astype(np.float32) if array.dtype.name == "bfloat16" else array


def _array(array: NDArray[Any]) -> str:
    """An array as an expression that gives the same bits."""
    dtype = "bool_" if array.dtype.kind == "b" else array.dtype.name
    if array.size and array.tobytes() == array.flat[0].tobytes() * array.size:
        return f"np.full({array.shape!r}, {number_text(array.flat[0].item())}, np.{dtype})"
    if array.size <= LITERAL:
        numbers = ", ".join(number_text(item) for item in array.reshape(-1).tolist())
        return f"np.array([{numbers}], np.{dtype}).reshape({array.shape!r})"
    raise BadValue(f"an array of {array.size} elements is too large for a script")
