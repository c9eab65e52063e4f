"""A case of a transposed convolution as choices from the simplest call to its own arguments.

First comes which arguments are given at all, then the numbers, then element types, layouts and data: in this order is
one case simpler than another. The documents must say of every case the same that they say of the first.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.domains import LEFT_OUT
from cases.conv_transpose.points import Point, written
from cases.conv_transpose.read_back import LEAST, read_back
from cases.conv_transpose.setups import integer
from cases.conv_transpose.standing import LARGEST, Standing, judged, standing
from cases.ladders import DROPPED, Family, Ladder, data, gradients, plain, rungs
from cases.values import Tensor, Value

NUMBER, ITSELF = "a number", "as it is"  # forms of an argument that has numbers


def family(case: Case) -> Family:
    """The choices of a case; of one that the generator cannot have written only those that every case has."""
    point = read_back(case)
    if point is None:
        return _unread(case)
    dialect = DIALECTS[case.api]
    about, most = about_of(dialect, point)
    ladders = [*_forms(dialect, point, about), *_numbers(point), *_rest(case, point)]
    fixed = {ladder.name: ladder.values[-1] for ladder in ladders}

    def build(chosen: Mapping[str, Any]) -> Case | None:
        return admitted(dialect, _assembled(point, {**fixed, **chosen}), about, most, exact=False)

    return Family(case, tuple(ladder for ladder in ladders if len(ladder.values) > 1 or ladder.above), build)


def about_of(dialect: Dialect, point: Point) -> tuple[Standing, int]:
    """What a point is about, and how large an output may be that is no larger than its own, or small."""
    made = written(dialect, _called(point))
    assert made is not None
    about, elements = judged(made)
    return about, max(LARGEST, elements)


def admitted(dialect: Dialect, point: Point, about: Standing, most: int, *, exact: bool) -> Case | None:
    """The case of a point if it is about the same thing and its output small enough.

    Two calls that the documents call valid are about the same thing, except where it must be `exact`ly so: then the
    values of both are documented, or of neither.
    """
    made = written(dialect, point)
    called = made if point.action == "call" else written(dialect, _called(point))
    if made is None or called is None:
        return None
    found, elements = judged(called)
    same = found == about or (found.valid and about.valid and not exact)
    return made if same and elements <= most else None


def _called(point: Point) -> Point:
    """Of a layer that is only constructed the call that the documents can be asked about."""
    return point if point.action == "call" else replace(point, action="call", load=True)


def _unread(case: Case) -> Family:
    found = plain(case)
    if case.api not in DIALECTS or case.action != "call":
        return found
    about = standing(case)

    def build(chosen: Mapping[str, Any]) -> Case | None:
        made = found.build(chosen)
        return made if made is not None and standing(made) == about else None

    return replace(found, build=build)


def _forms(dialect: Dialect, point: Point, about: Standing) -> list[Ladder]:
    """Which arguments are given, and how."""
    # The kernel of a function is the shape of its weight, which has no form.
    kernel = (ITSELF,) if dialect.kind == "function" else _spellings(point.kernel_size)
    found = [Ladder("form of kernel_size", kernel)]
    for name, value in point.given.items():
        if name in LEAST:
            found.append(Ladder(f"form of {name}", (LEFT_OUT, *_spellings(value))))
        elif name == "groups":
            groups = integer(value)
            above = (groups + 1,) if groups > 1 else ()
            found.append(Ladder(name, (LEFT_OUT, *rungs(2, groups)) if groups > 1 else (LEFT_OUT, 1), True, above))
        else:
            found.append(Ladder(name, (LEFT_OUT, value)))
    for name, value in point.own.items():
        if not _numeric(value):
            found.append(Ladder(f"own {name}", (value,) if name == about.argument else (DROPPED, value)))
        elif name != about.argument:
            found.append(Ladder(f"own {name}", (DROPPED, ITSELF)))
    if point.asked is not None:
        found.append(Ladder("asked", (None, *((False,) if dialect.loads and point.entire else ()), point.entire)))
    found.append(Ladder("spelling", _choice((None, ()), (point.positional, point.order))))
    found.append(Ladder("called", _choice("", point.called)))
    return found


def _numbers(point: Point) -> list[Ladder]:
    groups, found = integer(point.given.get("groups", 1)), list[Ladder]()
    for name, low in LEAST.items():
        value: Any = point.kernel_size if name == "kernel_size" else point.given.get(name, ())
        for index, number in enumerate((value,) if isinstance(value, int) else value):
            found.append(Ladder(f"{name} {index}", rungs(low, number), True, (number + 1,)))
    for name, channels in (("incoming", point.incoming), ("outgoing", point.outgoing)):
        found.append(Ladder(name, rungs(1, channels * groups), True, ((channels + 1) * groups,)))
    for index, number in enumerate(point.size):
        found.append(Ladder(f"size {index}", rungs(1, number), True, (number + 1,)))
    if point.batch is None:
        found.append(Ladder("batch", (1, None)))
    else:
        found.append(Ladder("batch", rungs(1, point.batch), True, (point.batch + 1,)))
    for index, number in enumerate(point.asked or ()):
        found.append(Ladder(f"asked {index}", rungs(0, number), True, (number + 1,)))
    kept = {f"own {name}": value for name, value in point.own.items()}
    kept |= {f"inputs {name}": value for name, value in point.inputs.items()}
    for name, value in kept.items():
        items: Any = value.shape if isinstance(value, Tensor) else value
        if _numeric(items):
            for index, number in enumerate(items if isinstance(items, tuple) else (items,)):
                found.append(Ladder(f"{name} {index}", rungs(1 if number else 0, number), True))
    return found


def _rest(case: Case, point: Point) -> list[Ladder]:
    return [
        Ladder("dtype", _choice(("float32", False), (point.dtype, point.typed))),
        Ladder("weight_dtype", _choice("", point.weight_dtype)),
        Ladder("layout", _choice("contiguous", point.layout)),
        Ladder("weight_layout", _choice("contiguous", point.weight_layout)),
        Ladder("repeats", _choice(1, point.repeats)),
        Ladder("settings", _choice((), point.settings)),
        gradients(case),
        data(case),
        Ladder("origin", _choice(None, point.origin)),
    ]


def _choice(simplest: Any, own: Any) -> tuple[Any, ...]:
    return (own,) if own == simplest else (simplest, own)


def _spellings(value: Value) -> tuple[str, ...]:
    """One number for all axes, or the value's own form."""
    return (ITSELF,) if isinstance(value, int) else (NUMBER, ITSELF)


def _numeric(value: Any) -> bool:
    """Whether it is an int, or a tuple of nothing but ints."""
    return all(type(item) is int for item in value) if isinstance(value, tuple) else type(value) is int


def _assembled(point: Point, chosen: Mapping[str, Any]) -> Point:
    """The point with these values; numbers of channels are rounded to whole groups."""
    given: dict[str, Value] = {}
    for name, value in point.given.items():
        picked = chosen[f"form of {name}" if name in LEAST else name]
        if picked is not LEFT_OUT:
            given[name] = _numbered(name, picked, value, chosen) if name in LEAST else picked
    own: dict[str, Value] = {}
    for name, value in point.own.items():
        picked = chosen.get(f"own {name}", ITSELF)
        if picked is not DROPPED:
            own[name] = _numbered(f"own {name}", ITSELF, value, chosen) if _numeric(value) else picked
    groups = integer(given.get("groups", 1))
    entire = chosen.get("asked")
    return replace(
        point,
        given=given,
        own=own,
        inputs={name: _input(name, value, chosen) for name, value in point.inputs.items()},
        kernel_size=_numbered("kernel_size", chosen["form of kernel_size"], point.kernel_size, chosen),
        incoming=max(1, chosen["incoming"] // groups),
        outgoing=max(1, chosen["outgoing"] // groups),
        size=tuple(chosen[f"size {index}"] for index in range(len(point.size))),
        batch=chosen["batch"],
        asked=None if entire is None else tuple(chosen[f"asked {index}"] for index in range(len(point.asked or ()))),
        entire=bool(entire),
        positional=chosen["spelling"][0],
        order=chosen["spelling"][1],
        called=chosen["called"],
        dtype=chosen["dtype"][0],
        typed=chosen["dtype"][1],
        weight_dtype=chosen["weight_dtype"],
        layout=chosen["layout"],
        weight_layout=chosen["weight_layout"],
        repeats=chosen["repeats"],
        settings=chosen["settings"],
        differentiate=chosen["differentiate"],
        data=chosen["data"][0],
        amplitude=chosen["data"][1],
        origin=chosen["origin"],
    )


def _numbered(name: str, form: str, value: Any, chosen: Mapping[str, Any]) -> Value:
    """The value with the chosen numbers: in its own form, or the largest of them for all axes."""
    if isinstance(value, int):
        return integer(chosen[f"{name} 0"])
    numbers = [integer(chosen[f"{name} {index}"]) for index in range(len(value))]
    return max(numbers) if form == NUMBER else type(value)(numbers)


def _input(name: str, value: Value, chosen: Mapping[str, Any]) -> Value:
    if isinstance(value, Tensor):
        return replace(value, shape=_numbered(f"inputs {name}", ITSELF, value.shape, chosen))  # type: ignore[arg-type]
    return _numbered(f"inputs {name}", ITSELF, value, chosen) if _numeric(value) else value
