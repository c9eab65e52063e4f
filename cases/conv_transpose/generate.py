"""Domains → cases of one API, by category: what is planned, and which of it also runs in slow modes."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cases.case import Case, DataKind
from cases.conv_transpose import layers
from cases.conv_transpose.configurations import configured, everything, features, few
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.domains import factors, requirements
from cases.conv_transpose.initial import initialised, untouched
from cases.conv_transpose.inputs import accumulations, devices, edges, element_types, specials
from cases.conv_transpose.inputs import layouts as memory_layouts
from cases.conv_transpose.setups import Setup, case
from cases.conv_transpose.understood import differentiated
from cases.conv_transpose.wrong import wrong
from cases.covering import Covering, covering
from cases.documentation import Api
from cases.plan import Plan

LEAST_VALID = 150
SEEDS_APART = 1000  # so that two runs with neighbouring seeds share no covering array
DATA: tuple[DataKind, ...] = ("integers", "normal")
THOROUGH = 3
# How many calls of an API run in slow modes too: seconds each where a compiler is called, a tenth of one in a graph.
SLOW = {"torch": 4, "oneflow": 4, "mindspore": 10}
SLOW_LAZY = 2


@dataclass(frozen=True)
class Cases:
    """The cases of one API by category, with the covering arrays that the valid ones come from."""

    categories: dict[str, tuple[Case, ...]]
    arrays: tuple[Covering, ...]
    valid: int


def plan(api: Api, *, seed: int, strength: int) -> Plan:
    """The cases of one API. Further seeds are taken until at least 150 valid configurations are there."""
    made = cases(api, seed=seed, strength=strength)
    every = {item.id: item for group in made.categories.values() for item in group}
    return Plan(
        api.name,
        tuple(every.values()),
        valid=made.valid,
        invalid=len({item.id for item in made.categories["invalid"]}),
        strength=made.arrays[0].strength,
        tuples=sum(array.tuples for array in made.arrays),
        covered=sum(array.covered for array in made.arrays),
        infeasible=sum(array.infeasible for array in made.arrays),
        slow=frozenset(item.id for item in made.categories["slow"]),
    )


def cases(api: Api, *, seed: int, strength: int) -> Cases:
    """The same by category; a case may be of several. `strength` 3 is the thorough plan."""
    dialect, thorough = DIALECTS[api.name], strength >= THOROUGH
    arrays, setups = _setups(dialect, seed=seed, strength=1 if dialect.few else strength)
    configurations = {item.id: item for item in (case(dialect, setup) for setup in setups)}
    first = [case(dialect, configured(dialect, row)) for row in arrays[0].rows]
    alone = [case(dialect, setup) for setup in _features(dialect)]
    categories = {
        "inspection": (Case(api.name, action="inspect"),),
        "examples": api.examples,
        "untouched": tuple(untouched(dialect)),
        "initialised": tuple(initialised(dialect)),
        "configurations": tuple(_with_data(dialect, configurations.values(), first)),
        "gradients": tuple(_gradients(alone[1:7] if dialect.few else [*first, *alone], normal=not dialect.few)),
        "element types": tuple(element_types(dialect, thorough=thorough)),
        "special values": tuple(specials(dialect, thorough=thorough)),
        "layouts": tuple(memory_layouts(dialect, thorough=thorough)),
        "edges": tuple(edges(dialect)),
        "accumulation": tuple(accumulations(dialect)),
        "layers": tuple(layers.cases(api)),
        "devices": tuple(devices(dialect)),
        "invalid": tuple(wrong(dialect)),
        "slow": tuple(_slow(dialect, seed=seed, strength=strength)),
    }
    return Cases(categories, tuple(arrays), len(configurations))


def _setups(dialect: Dialect, *, seed: int, strength: int) -> tuple[list[Covering], list[Setup]]:
    """Covering arrays until there are enough rows, and the settings of all rows and features."""
    arrays: list[Covering] = []
    setups: list[Setup] = []
    seen: set[str] = set()
    for own in itertools.count(seed * SEEDS_APART):
        arrays.append(_array(dialect, own, strength))
        setups += (configured(dialect, row) for row in arrays[-1].rows)
        seen |= {case(dialect, setup).id for setup in setups[-len(arrays[-1].rows) :]}
        if dialect.few or len(seen) >= LEAST_VALID:
            break
    return arrays, [*setups, *_features(dialect)]


def _array(dialect: Dialect, seed: int, strength: int) -> Covering:
    return covering(factors(dialect, seed), requirements(dialect), strength=strength, seed=seed)


def _features(dialect: Dialect) -> list[Setup]:
    return list(few(dialect) if dialect.few else features(dialect))


def _with_data(dialect: Dialect, found: Iterable[Case], rows: Sequence[Case]) -> Iterator[Case]:
    """Each configuration with each kind of data; of a small plan only the rows with both."""
    both = {item.id for item in rows}
    for item in found:
        for data in DATA if item.id in both or not dialect.few else DATA[:1]:
            yield replace(item, data=data)


def _gradients(configurations: Sequence[Case], *, normal: bool) -> Iterator[Case]:
    """The same calls with the gradients of everything that goes in, one in three also with normal numbers.

    One call is made twice: its gradients must be those of the last call, not of both.
    """
    for index, item in enumerate(dict.fromkeys(configurations)):
        made = differentiated(item)
        if made is not None:
            yield made
            if index == 0:
                yield replace(made, repeats=2)
            if normal and index % 3 == 0:
                yield replace(made, data="normal")


def _slow(dialect: Dialect, *, seed: int, strength: int) -> Iterator[Case]:
    """A call with every feature, and rows of covering arrays one weaker than the plan's, one of them with gradients.

    The first array is whole, except for a lazy layer, which is another layer as soon as it was called once.
    """
    yield case(dialect, everything(dialect))
    if dialect.few:
        return
    most = SLOW_LAZY if dialect.kind == "lazy" else SLOW[dialect.framework]
    rows: list[Case] = []
    for own in itertools.count(seed * SEEDS_APART):
        array = _array(dialect, own, max(1, strength - 1))
        if rows and (strength >= THOROUGH or len(rows) >= most - 1):
            break
        kept = array.rows if not rows and dialect.kind != "lazy" else array.rows[: most - 1 - len(rows)]
        rows += (case(dialect, configured(dialect, row)) for row in kept)
    differentiable = next(((index, made) for index, made in enumerate(map(differentiated, rows)) if made), None)
    if differentiable is not None:
        rows[differentiable[0]] = differentiable[1]
    yield from rows
