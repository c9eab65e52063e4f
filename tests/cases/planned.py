"""What several tests look at: the default plan of every API, each case with what is expected of it, made once."""

from functools import cache

from cases.case import Case
from cases.catalogue import apis, operators
from cases.plan import Plan
from conformance.expected import ExpectedError, ExpectedValue, Prepared, Undocumented, prepare

API_NAMES = tuple(apis())
FRAMEWORKS = tuple(dict.fromkeys(api.framework for api in apis().values()))


@cache
def plan(api: str, seed: int = 0) -> Plan:
    return operators()[apis()[api].operator].plan(apis()[api], seed=seed, strength=2)


@cache
def prepared(api: str) -> tuple[Prepared, ...]:
    return tuple(map(prepare, plan(api).cases))


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
