"""The sections on how two APIs are written: what a porter must know, the table of parameters, the output lengths."""

from collections.abc import Iterator

from cases.compared import Row, documented_types
from cases.documentation import Api, Text
from reports.comparison_blocks import Block, Heading, Line, Paragraph, code, line, stacked, state, table
from reports.comparison_context import Context, default, named
from reports.comparison_evidence import Direction


def summary(context: Context) -> Iterator[Block]:
    """One sentence on each direction, and what differs although nobody wrote it."""
    say = context.say
    yield Heading(say("summary"), "summary")
    for direction in context.page.directions:
        if direction.valid:
            words = [_share(context, direction), _verified(context, direction), *_blame(context, direction)]
            yield Paragraph(line(say("space").join(words)), lead=True)
    yield Paragraph(line(say("know"), *_know(context)), lead=True)


def _share(context: Context, direction: Direction) -> str:
    say = context.say

    def part(count: int) -> str:
        return say("percent", count=f"{count:,}", percent=percent(count, direction.valid))

    return say(
        "share",
        valid=f"{direction.valid:,}",
        source=context.framework(direction.source),
        target=context.framework(direction.target),
        direct=part(direction.direct),
        recipe=part(direction.recipe),
        none=part(direction.none),
    )


def _verified(context: Context, direction: Direction) -> str:
    counts = {name: f"{getattr(direction, name):,}" for name in ("equal", "differ", "missing")}
    return context.say("verified", **counts)


def _blame(context: Context, direction: Direction) -> Iterator[str]:
    """Where the two sides differ: which of them departs from its own documents."""
    for api, count in zip((direction.source, direction.target), direction.departs, strict=False):
        if count:
            yield context.say("blame", framework=context.framework(api), count=count, differ=direction.differ)
    if direction.departs[2]:
        yield context.say("blame-none", count=direction.departs[2], differ=direction.differ)


def percent(count: int, of: int) -> str:
    """A share in whole percent that is never rounded to nothing or to everything."""
    if count in (0, of):
        return "100%" if count and count == of else "0%"
    return f"{min(99, max(1, round(100 * count / of)))}%"


def _know(context: Context) -> list[str | Line]:
    """The defaults that make the same call another one: those that differ, and those that only one side has."""
    say = context.say
    found: list[str] = []
    for row in context.rows:
        ours, theirs = default(context.left, row.left), default(context.right, row.right)
        if "default" in row.meanings and row.left != "dtype":
            found.append(say("know-against", left=f"`{row.left}={ours}`", right=f"`{row.right}={theirs}`"))
        elif "missing" in row.meanings and "mode" in (row.left or row.right) and "padding_mode" not in (row.left,):
            api, name, value = (context.left, row.left, ours) if row.left else (context.right, row.right, theirs)
            found.append(say("know-only", name=name, value=value, framework=context.framework(api.name)))
    return [say("know-defaults", pairs=say("comma").join(found)) if found else say("know-same")]


def parameters(context: Context) -> Iterator[Block]:
    """The table of parameters."""
    say, left, right = context.say, context.left, context.right
    yield Heading(say("parameters"), "parameters")
    ours, theirs = context.framework(left.name), context.framework(right.name)
    heads = (
        ours,
        theirs,
        f"{ours}{say('colon')}{say('default')}",
        f"{theirs}{say('colon')}{say('default')}",
        say("type"),
        say("meaning"),
        say("rule"),
    )
    yield table(heads, (_parameter(context, row) for row in context.rows))


def _parameter(context: Context, row: Row) -> list[str | Line]:
    say, left, right = context.say, context.left, context.right
    return [
        named(row.left) or say("dash"),
        named(row.right) or say("dash"),
        _default(context, left, row.left),
        _default(context, right, row.right),
        _types(context, row),
        stacked(_meaning(context, row, word) for word in row.meanings),
        say.of(row.rule),
    ]


def _default(context: Context, api: Api, name: str) -> Line:
    if not name or name not in api.names:
        return line(context.say("dash"))
    return code(default(api, name)) or line(context.say("required"))


def _types(context: Context, row: Row) -> Line:
    """The documented types, of both sides where they differ."""
    say = context.say
    sides = [(api, name) for api, name in ((context.left, row.left), (context.right, row.right)) if name]
    found = [(context.framework(api.name), documented_types(api, name)) for api, name in sides]
    words = {framework: say("silent") if types is None else say.of(types) for framework, types in found}
    if len(set(words.values())) == 1:
        return line(next(iter(words.values())))
    return stacked(line(f"{framework}{say('colon')}{types}") for framework, types in words.items())


def _meaning(context: Context, row: Row, word: str) -> Line:
    say = context.say
    if word == "missing":
        lacking = context.right.name if row.left else context.left.name
        return state(say("meaning-missing", framework=context.framework(lacking)), "bad")
    return state(say(f"meaning-{word}"), "good" if word == "same" else "warn")


def shapes(context: Context) -> Iterator[Block]:
    """The formulas side by side, and lengths where they agree and where they do not."""
    say, left, right = context.say, context.left, context.right
    yield Heading(say("shapes"), "shapes")
    yield Paragraph(line(say("shapes-words")))
    rows = [
        (code(api.name), say.of(item.when), code(item.formula))
        for api in (left, right)
        for item in context.knows.formulas(api)
    ]
    yield table(("API", say("when"), say("formula")), rows)
    lengths = context.knows.lengths(left, right)
    # Against the API that has no modes, which has one column.
    base = next((index for index, (_, mode) in enumerate(lengths.columns) if not mode), 0)
    cells = [
        [code(setting), *(_length(context, item, other=item != row[base]) for item in row)]
        for setting, row in zip(lengths.settings, lengths.rows, strict=True)
    ]
    modal = len(lengths.columns) > 2
    columns = [
        f"{context.framework(api)}{say('comma')}`{mode}`" if mode else context.framework(api)
        for api, mode in lengths.columns
    ]
    heads = (say("setting"), *columns)
    yield table(heads, cells, say("lengths" if modal else "lengths-plain"), range(1, len(heads)))
    odd = sum(len(set(row)) > 1 for row in lengths.rows)
    words = say("shapes-differ", count=odd, of=len(lengths.rows), api=lengths.columns[base][0])
    yield Paragraph(line(words if odd else say("shapes-alike")))


def _length(context: Context, item: int | Text, *, other: bool) -> Line:
    """A length, marked where it is another one than that of the API without modes."""
    if isinstance(item, Text):
        return line(context.say.of(item))
    return state(str(item), "warn") if other else line(str(item))
