"""What several tests look at: the default plan of every API, each case with what is expected of it, made once."""

from collections.abc import Iterable
from functools import cache
from itertools import chain

from cases.case import Case
from cases.catalogue import apis, operators
from cases.plan import Plan
from conformance.expected import ExpectedError, ExpectedValue, Prepared, Undocumented, prepare

API_NAMES = tuple(apis())
FRAMEWORKS = tuple(dict.fromkeys(api.framework for api in apis().values()))
LARGE = 4096  # elements of a tensor; realistic layers have more, and cost more than all other cases together


@cache
def plan(api: str, seed: int = 0) -> Plan:
    return operators()[apis()[api].operator].plan(apis()[api], seed=seed, strength=2)


@cache
def prepared(api: str) -> tuple[Prepared, ...]:
    """Every case but the large ones."""
    return tuple(prepare(case) for case in plan(api).cases if is_small(case))


@cache
def sample(api: str, most: int = 40) -> tuple[Prepared, ...]:
    """One small case of every kind that the case itself shows, and others evenly from the whole plan.

    There are tens of thousands of cases: what is held of all of them belongs into a run, not into a test of the engine.
    """
    cases = [case for case in plan(api).cases if is_small(case)]
    first: dict[object, Case] = {}
    for case in cases:
        first.setdefault(_kind(case), case)
    spread = (cases[index * len(cases) // most] for index in range(min(most, len(cases))))
    chosen = {case.id: case for case in chain(first.values(), spread)}
    return tuple(map(prepare, chosen.values()))


def is_small(case: Case, most: int = LARGE) -> bool:
    """None of its tensors has more elements."""
    return all(_size(tensor.shape) <= most for tensor in case.tensors())


def _size(shape: Iterable[int]) -> int:
    size = 1
    for extent in shape:
        size *= extent
    return size


def _kind(case: Case) -> object:
    layouts = frozenset(tensor.layout for tensor in case.tensors())
    return (
        case.action,
        case.data,
        case.dtype,
        layouts,
        len(case.differentiate),
        case.repeats,
        len(case.settings),
        case.device,
    )


def some(api: str, kind: type, *, data: str = "integers") -> Prepared:
    """The first case of an API of which this kind of thing is expected."""
    return next(item for item in prepared(api) if isinstance(item.expected, kind) and item.case.data == data)


def is_valid(item: Prepared) -> bool:
    """The documents call the call valid, whether or not they say what its values are."""
    expected = item.expected
    return isinstance(expected, ExpectedValue) or (isinstance(expected, Undocumented) and expected.valid)


def is_refused(item: Prepared) -> bool:
    return isinstance(item.expected, ExpectedError)


def configuration(case: Case) -> str:
    """What is called, without the data that it is called with."""
    return str({name: value for name, value in case.canonical.items() if name != "data"})
