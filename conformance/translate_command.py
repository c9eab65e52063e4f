"""`conformance translate`: a call as text, and a framework; the counterpart, what changed, and whether both agree."""

import difflib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from cases.case import Case
from cases.catalogue import apis
from cases.documentation import Text
from cases.known import Ledger
from cases.rewriting import rewritable
from cases.values import DTYPES
from conformance import translated_text
from conformance.backends import REFERENCE, Backend, Specification, Unavailable, resolve
from conformance.call_text import parse_call
from conformance.campaign import NO_BACKEND
from conformance.code import counterpart_code, weights_code
from conformance.errors import UsageError
from conformance.installing import Display
from conformance.pool import WorkerFailed
from conformance.probe import Probe
from conformance.translated_text import Answer
from conformance.translation import (
    Invalid,
    Translation,
    affordable,
    by_running,
    by_the_documents,
    counterpart_of,
    invalid,
)
from conformance.translation_known import offline, seen
from conformance.translation_remarks import remarks
from conformance.translation_run import Ran, run_code

EQUAL, DIFFERS = 0, 1
DEVICES = ("cpu", "cuda", "ascend")
LARGEST = 2**24  # elements of a tensor; what a person tries is far below
LONGEST = 400  # characters of a call that is refused
UNVERIFIED = Text("--no-verify: nothing was run", "--no-verify：没有运行任何后端")
TOO_LARGE = Text(
    "every input that this call takes is too large to be run here", "这个调用所接受的输入都太大，无法在此运行"
)


@dataclass(frozen=True)
class Order:
    """What is asked for: the call's text, the target, shapes of tensors that the text leaves out, and how to answer."""

    text: str
    framework: str
    input_shape: tuple[int, ...] | None = None
    weight_shape: tuple[int, ...] | None = None
    dtype: str = ""
    backends: tuple[str, ...] = ()
    verify: bool = True
    weights: bool = False
    install: bool = True
    lang: str = "en"
    as_json: bool = False


def translate(order: Order, ledger: Ledger, say: Callable[[str], None]) -> int:
    """Answer an order on `say`, line by line; the exit code."""
    case = read(order)
    answer, code = answered(case, order, ledger)
    if order.as_json:
        say(json.dumps(translated_text.data(answer, order.lang), ensure_ascii=False, indent=2))
    else:
        for line in translated_text.lines(answer, order.lang):
            say(line)
    return code


def read(order: Order) -> Case:
    """The case that is asked for; UsageError with the documented reason where the documents make no call of it."""
    frameworks = sorted({api.framework for api in apis().values()})
    if order.framework not in frameworks:
        near = difflib.get_close_matches(order.framework.lower(), frameworks, n=1, cutoff=0.5)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f"--to {order.framework!r}: no such framework.", f"Known are {', '.join(frameworks)}.{meant}")
    dtype = order.dtype.rpartition(".")[2]
    if dtype and dtype not in DTYPES:
        raise UsageError(
            f"--dtype {order.dtype!r}: no such element type.", f"Known are {', '.join(sorted(DTYPES))}; leave it out."
        )
    case = parse_call(order.text, input_shape=order.input_shape, weight_shape=order.weight_shape, dtype=dtype)
    if apis()[case.api].framework == order.framework:
        others = ", ".join(name for name in frameworks if name != order.framework)
        raise UsageError(f"{case.api} is an API of {order.framework} already.", f"Ask --to one of {others}.")
    for tensor in case.tensors():
        _fits(f"{tensor.role} {tensor.shape}", math.prod(tensor.shape))
    if needed := rewritable(case.api).work(case):
        _fits(f"what {_clipped(case.show())} computes", needed.elements)
    devices = _devices(order, apis()[case.api].framework)
    refused = [invalid(case, device) for device in devices]
    if why := next((item for item in refused if item is not None), None) if all(refused) else None:
        raise UsageError("\n".join(_refusal(case, why, order.lang)), _way_out(case, devices, order))
    return case


def _fits(what: str, elements: int) -> None:
    if elements > LARGEST:
        raise UsageError(
            f"{what} has {elements:,} elements, and {LARGEST:,} are the most that is tried.",
            "Ask for fewer channels or shorter axes: what is written for a layer holds for every length.",
        )


def _way_out(case: Case, devices: Sequence[str], order: Order) -> str:
    """What to do about a call of which the documents make nothing."""
    claims = f"`conformance claims {case.api}` lists what is documented."
    other = [device for device in DEVICES if device not in devices and invalid(case, device) is None]
    if not other:
        return f"Write the call as the documents have it; {claims}"
    name = apis()[case.api].framework
    return f"It is documented on {' and '.join(other)}: give -b {name}:{other[0]}, or --no-verify to run nothing."


def _devices(order: Order, framework: str) -> tuple[str, ...]:
    """The kinds of devices on which the source may be documented: that of its backend, or any where nothing is run."""
    named = [Specification.parse(name) for name in order.backends]
    found = [item.device.partition(":")[0] for item in named if item.framework == framework]
    return tuple(found[:1]) or (("cpu",) if order.verify else DEVICES)


def _refusal(case: Case, why: Invalid, lang: str) -> Iterator[str]:
    yield f"{_clipped(case.show())} is not a documented call: {_clipped(why.reason)}"
    if why.argument:
        error = f", with {why.error}" if why.error else ""
        yield f"  {why.argument} breaks the documented {why.rule}{error}"
    for claim in why.claims:
        places = "; ".join(f"{item.document.title}, {item.place}".rstrip(", ") for item in claim.sources)
        yield f"  {claim.text.zh if lang == 'zh' else claim.text.en} [{places}]"


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def answered(case: Case, order: Order, ledger: Ledger) -> tuple[Answer, int]:
    """The whole answer, and the exit code."""
    frameworks = (apis()[case.api].framework, order.framework)
    known = offline(ledger, frameworks)
    if not order.verify:
        made = by_the_documents(case, order.framework, known)
        return _told(made, order, unverified=UNVERIFIED), _code(made)
    quick = by_the_documents(case, order.framework, known)
    if quick.chosen is None:
        return _told(quick, order), DIFFERS
    if affordable(case) is None:
        return _told(quick, order, unverified=TOO_LARGE), _code(quick)
    backends = _sides(order, frameworks)
    missing = [item for item in backends if isinstance(item, Unavailable)]
    if not missing:
        try:
            return _ran(case, order, ledger, [item for item in backends if isinstance(item, Backend)])
        except WorkerFailed as failure:
            why = Text(*[next(iter(failure.reason.splitlines()), "")] * 2)  # what follows is a traceback
            return _told(quick, order, unverified=why), NO_BACKEND
    text = "; ".join(f"{item.specification}: {item.reason} {item.way_out}" for item in missing)
    return _told(quick, order, unverified=Text(text, text)), NO_BACKEND


def _sides(order: Order, frameworks: Sequence[str]) -> list[Backend | Unavailable]:
    """The backends of source and target: the named ones, else the newest; the reference plays who has no other."""
    named = [Specification.parse(name) for name in order.backends]
    for item in named:
        if item.framework not in (*frameworks, REFERENCE):
            raise UsageError(
                f"{item}: no side of this translation, which is from {frameworks[0]} to {frameworks[1]}.",
                f"Name backends of these, or {REFERENCE}.",
            )
    found = []
    for framework in frameworks:
        own = [item for item in named if item.framework == framework]
        if len(own) > 1:
            raise UsageError(f"{own[1]}: {own[0]} is that side already.", f"Name one backend of {framework}.")
        reference = [item for item in named if item.framework == REFERENCE]
        wanted = (own or reference or [Specification(framework)])[0]
        found.append(resolve(wanted, install=order.install, progress=Display()))
    return found


def _ran(case: Case, order: Order, ledger: Ledger, backends: Sequence[Backend]) -> tuple[Answer, int]:
    """The answer that both backends gave."""
    with ExitStack() as stack:
        source, target = (stack.enter_context(Probe(backend)) for backend in backends)
        known = seen(ledger, (source.line, target.line))
        made = by_running(case, order.framework, (source, target), known)
        names = (_name(source), _name(target))
    ran = None
    done = made.chosen.verified if made.chosen is not None else None
    works = done is not None and done.inputs > 0 and not any(item.where == "target" for item in done.departures)
    if made.chosen is not None and works and backends[1].specification.framework == order.framework:
        plain = replace(affordable(case) or case, data="integers", differentiate=(), upstream=None)
        printed = counterpart_of(plain, made.chosen.case, order.framework)
        ran = None if printed is None else run_code(printed, backends[1], ours=plain)
    answer = _told(made, order, names=names, ran=ran)
    return answer, EQUAL if done is not None and done.equal and (ran is None or ran.same) else DIFFERS


def _name(probe: Probe) -> str:
    line = probe.line
    device = "" if line.device == "cpu" else f" ({line.device})"
    return f"{line.framework} {line.version.partition('+')[0]}{device}"


def _told(
    made: Translation,
    order: Order,
    *,
    names: tuple[str, str] = ("", ""),
    ran: Ran | None = None,
    unverified: Text | None = None,
) -> Answer:
    if made.chosen is None:
        return Answer(made, backends=names)
    theirs = made.chosen.case
    return Answer(
        made,
        counterpart_code(theirs, ours=made.ours),
        weights_code(made.ours, theirs) if order.weights else "",
        rewritable(made.ours.api).rewritten(made.ours, theirs),
        remarks(made.ours, theirs),
        names,
        ran,
        unverified,
        affordable(made.ours) != made.ours,
    )


def _code(made: Translation) -> int:
    return EQUAL if made.chosen is not None and made.chosen.known is None else DIFFERS
