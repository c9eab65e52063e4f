"""The section on the equivalence map: regions of the argument space, how they are written elsewhere, and verified."""

from collections.abc import Iterator

from reports.comparison_blocks import Block, Heading, Line, Paragraph, code, line, stacked, state, table
from reports.comparison_context import Context
from reports.comparison_evidence import Call, Direction, Region


def equivalence(context: Context) -> Iterator[Block]:
    """Both directions."""
    say = context.say
    yield Heading(say("map"), "map")
    yield Paragraph(line(say("map-words")))
    for direction in context.page.directions:
        title = say("from-to", source=direction.source, target=direction.target)
        yield Heading(title, f"map-{direction.source.partition('.')[0]}", 3)
        yield from _direction(context, direction)


def _direction(context: Context, direction: Direction) -> Iterator[Block]:
    say = context.say
    if not direction.valid:
        yield Paragraph(line(say("no-map")))
        return
    counts = {name: f"{getattr(direction, name):,}" for name in ("calls", "undocumented", "own", "valid")}
    yield Paragraph(line(say("calls", **counts)))
    if direction.regions:
        heads = (*map(say, ("region", "how", "cases", "equal", "differ", "missing", "smallest")),)
        yield table(heads, (_region(context, direction, item) for item in direction.regions), numbers=(2, 3, 4, 5))
    if not direction.lacks:
        yield Paragraph(line(say("no-lacks")))
        return
    rows = (
        (say.of(context.knows.reason(item.reason).text), f"{item.cases:,}", code(item.example))
        for item in direction.lacks
    )
    yield table((say("lack"), say("cases"), say("example-call")), rows, say("lacks"), numbers=(1,))


def _region(context: Context, direction: Direction, item: Region) -> list[str | Line]:
    say = context.say
    how = code(item.arguments) or line(say("same-arguments"))
    steps = [line(_step(context, step)) for step in item.steps]
    return [
        say.of(context.knows.region_text(item.region)),
        stacked([how, *steps]),
        f"{item.cases:,}",
        f"{item.equal:,}",
        state(f"{item.differ:,}", "bad") if item.differ else "0",
        f"{item.missing:,}",
        _odd(context, direction, item),
    ]


def _step(context: Context, step: str) -> str:
    when, _, what = step.partition(" ")
    return context.say(f"step-{when}", step=context.say(f"step-{what.replace(' ', '-')}"))


def _odd(context: Context, direction: Direction, item: Region) -> Line:
    """The smallest pair that differs, else the smallest of which a side has no result, with what was seen."""
    shown = item.differing or item.without
    if shown is None:
        return line(context.say("all-equal"))
    detail = line(shown.detail)
    return stacked([code(shown.left), code(shown.right), detail, *_blame(context, direction, shown)])


def _blame(context: Context, direction: Direction, call: Call) -> Iterator[Line]:
    """Which side does not do what its own documents say, or does what they do not speak of."""
    for api, verdict in zip((direction.source, direction.target), call.verdicts, strict=False):
        if verdict != "conforms":
            key = "open" if verdict == "undocumented" else "departs"
            yield line(context.say(key, framework=context.framework(api), verdict=verdict))
