"""A case as independent choices, each with values from the simplest to the case's own.

An operator says what can be chosen in a case of it; what is here serves all of them: the cases one step away, and the
choices that every case has, whatever is called in it. Nothing here draws by chance.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.case import Arguments, Case, DataKind
from cases.values import Tensor, Value

DATA: tuple[DataKind, ...] = ("ones", "integers", "normal", "special", "accumulate")  # simplest first
AMPLITUDE = 4
_FEW, _DENSE = 64, 4096


class _Dropped:
    def __repr__(self) -> str:
        return "dropped"


DROPPED: Any = _Dropped()


@dataclass(frozen=True)
class Ladder:
    """One choice: its values, simplest first, the case's own last; `above` are values just beyond the own one."""

    name: str
    values: Sequence[Any]
    number: bool = False
    above: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Family:
    """A case, its choices, and what makes a case of one value of each.

    `build` gives None for values that do not go together, or that make a case that is about something else.
    """

    case: Case
    ladders: tuple[Ladder, ...]
    build: Callable[[Mapping[str, Any]], Case | None]


def rungs(low: int, own: int) -> Sequence[int]:
    """The whole numbers from `low` to `own`; of very many the small ones and the powers of two."""
    if own <= low:
        return (own,) if own == low else (*([] if low > 1 else [0]), own) if own < 0 else (low, own)
    if own - low <= _DENSE:
        return range(low, own + 1)
    powers = (1 << exponent for exponent in range(_FEW.bit_length(), own.bit_length()))
    return (*range(low, _FEW), *(power for power in powers if power < own), own)


def steps(family: Family) -> Iterator[Case]:
    """The cases one choice away, nearest first: numbers one smaller, one larger, then simpler and left out choices."""
    own = {ladder.name: ladder.values[-1] for ladder in family.ladders}
    seen = {family.case.id}
    numbers = [ladder for ladder in family.ladders if ladder.number]
    changes = [(ladder.name, value) for ladder in numbers for value in ladder.values[-2:-1]]
    changes += [(ladder.name, value) for ladder in numbers for value in ladder.above]
    others = [ladder for ladder in family.ladders if not ladder.number]
    changes += [(ladder.name, value) for ladder in others for value in reversed(ladder.values[:-1])]
    for name, value in changes:
        made = family.build({**own, name: value})
        if made is not None and made.id not in seen:
            seen.add(made.id)
            yield made


def data(case: Case) -> Ladder:
    """The kinds of data that are no more special than the case's, each with its amplitude."""
    own = (case.data, case.amplitude)
    simpler = [(kind, AMPLITUDE) for kind in DATA[: DATA.index(case.data)] if kind != "special"]
    fewer = [("integers", AMPLITUDE)] if case.data == "integers" and case.amplitude > AMPLITUDE else []
    return Ladder("data", (*simpler, *fewer, own))


def gradients(case: Case) -> Ladder:
    """None, of one tensor, or of all of the case's."""
    roles = case.differentiate
    single = [(role,) for role in roles] if len(roles) > 1 else []
    return Ladder("differentiate", ((), *single, roles) if roles else ((),))


def plain(case: Case) -> Family:
    """The choices of any case: what is passed by keyword, how tensors lie and are filled, gradients and repeats."""
    switches = [data(case), gradients(case)]
    switches.append(Ladder("repeats", (1, case.repeats) if case.repeats > 1 else (1,)))
    switches.append(Ladder("settings", ((), case.settings) if case.settings else ((),)))
    laid = any(tensor.layout != "contiguous" for tensor in case.tensors())
    switches.append(Ladder("layout", (True, False) if laid else (False,)))
    named = [
        Ladder(f"{part}.{name}", (DROPPED, value))
        for part, arguments in (("construct", case.construct), ("call", case.call))
        for name, value in (() if arguments is None else arguments.keyword)
        if not isinstance(value, Tensor)
    ]
    if case.action != "call":
        switches, named = [], []

    def build(chosen: Mapping[str, Any]) -> Case | None:
        dropped = {name for name, value in chosen.items() if value is DROPPED}
        roles = chosen.get("differentiate", case.differentiate)
        if dropped and roles:
            return None  # the output may have another shape, and so its gradient
        kind, amplitude = chosen.get("data", (case.data, case.amplitude))
        made = replace(
            case,
            construct=None if case.construct is None else _kept(case.construct, "construct", dropped),
            call=_kept(case.call, "call", dropped),
            data=kind,
            amplitude=amplitude,
            differentiate=roles,
            upstream=case.upstream if roles else None,
            repeats=chosen.get("repeats", case.repeats),
            settings=chosen.get("settings", case.settings),
        )
        return _contiguous(made) if chosen.get("layout") else made

    return Family(case, (*named, *switches), build)


def _kept(arguments: Arguments, part: str, dropped: set[str]) -> Arguments:
    keyword = tuple((name, value) for name, value in arguments.keyword if f"{part}.{name}" not in dropped)
    return replace(arguments, keyword=keyword)


def _contiguous(case: Case) -> Case:
    def flat(value: Value) -> Value:
        return replace(value, layout="contiguous") if isinstance(value, Tensor) else value

    call = Arguments(
        tuple(flat(value) for value in case.call.positional),
        tuple((name, flat(value)) for name, value in case.call.keyword),
    )
    parameters = tuple(replace(tensor, layout="contiguous") for tensor in case.parameters)
    return replace(case, call=call, parameters=parameters)
