"""The sections on what documents state: side by side by kind, invalid values, and the statements of today's page."""

import re
from collections.abc import Iterable, Iterator

from cases.documentation import Api, Breaks, Claim, Document, Kind
from cases.statements import slugged
from reports.comparison_blocks import Block, Heading, Line, Paragraph, code, line, stacked, state, table
from reports.comparison_context import Context
from reports.comparison_evidence import VALID, Refusal, Typed

SECTIONS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("initial", (Kind.DISTRIBUTION,)),
    ("dtypes", (Kind.PARAMETERS, Kind.DTYPE)),
    ("devices", (Kind.PLATFORM, Kind.PRECISION)),
    ("errors", (Kind.TYPE, Kind.RANGE, Kind.REQUIREMENT, Kind.RAISES)),
    ("gradients", (Kind.GRADIENT,)),
)
MOST = 8  # values of one row; what is left out is counted


def shown(left: Api, right: Api, documents: Iterable[Document]) -> set[str]:
    """The claims of which a page says where they stand."""
    kinds = {kind for _, kinds in SECTIONS for kind in kinds}
    keys = {document.key for document in documents}
    return {
        claim.id
        for api in (left, right)
        for claim in api.claims
        if claim.kind in kinds or keys & {source.document.key for source in claim.sources}
    }


def claims(context: Context) -> Iterator[Block]:
    """The claims of both APIs by kind, side by side where they speak of the same."""
    for key, kinds in SECTIONS:
        yield Heading(context.say(key), key)
        rows = list(_pairs(context, kinds))
        if not rows:
            yield Paragraph(line(context.say("no-claims")))
            continue
        heads = [context.backend(api.framework) for api in (context.left, context.right)]
        if key == SECTIONS[0][0]:
            yield Paragraph(line(context.say("claims-words")))
        yield table(heads, ([_side(context, left), _side(context, right)] for left, right in rows))
        if key == "errors":
            yield from _invalid(context)
        if key == "dtypes":
            yield from _typed(context)


def _pairs(context: Context, kinds: tuple[Kind, ...]) -> Iterator[tuple[Claim | None, Claim | None]]:
    """Claims of both that say the same of corresponding parameters, then what only one side says."""
    renamed = {row.right: row.left for row in context.rows if row.left and row.right and row.left != row.right}
    ours = _by_key(_of(context, context.left, kinds), {})
    theirs = _by_key(_of(context, context.right, kinds), renamed)
    for key in [key for key in theirs if key not in ours]:  # the same with a source for its last word
        near = next((name for name in ours if name not in theirs and key.startswith(f"{name}-")), "")
        if near:
            theirs[near] = theirs.pop(key)
    for key in dict.fromkeys([*(key for key in ours if key in theirs), *ours, *theirs]):
        yield ours.get(key), theirs.get(key)


def _by_key(claims: Iterable[Claim], renamed: dict[str, str]) -> dict[str, Claim]:
    """Claims by what they speak of: a rule of a parameter, else their own name; parameters are named as on the left."""
    found: dict[str, Claim] = {}
    for claim in claims:
        slug = claim.id.partition("/")[2]
        for right, left in renamed.items():
            slug = re.sub(rf"(?<![a-z-]){slugged(right)}(?![a-z])|(?<=-){slugged(right)}$", slugged(left), slug)
        key = slug
        if isinstance(claim.detail, Breaks) and len(claim.parameters) == 1:
            parameter = claim.parameters[0]
            key = f"{renamed.get(parameter, parameter)}: {claim.detail.rule}"
        found[slug if key in found else key] = claim
    return found


def _of(context: Context, api: Api, kinds: tuple[Kind, ...]) -> Iterator[Claim]:
    """The claims of an API of these kinds, without those of the page under test; of types, the ones that refuse."""
    compares = {document.key for document in context.knows.comparing(context.left, context.right)}
    for claim in api.claims:
        # What the page under test says stands below; of initial numbers it says what no other document does.
        only_there = {source.document.key for source in claim.sources} <= compares
        if claim.kind not in kinds or (only_there and claim.kind is not Kind.DISTRIBUTION):
            continue
        if claim.kind is not Kind.TYPE or isinstance(claim.detail, Breaks):
            yield claim


def _side(context: Context, claim: Claim | None) -> str | Line:
    if claim is None:
        return context.say("dash")
    said = line(context.say.of(claim.text), " ", context.claim_state(claim))
    return stacked([said, *_counterexample(context, claim)])


def _typed(context: Context) -> Iterator[Block]:
    """Element types side by side: in which the calls of each API gave a result."""
    say = context.say
    sides = [{item.dtype: item for item in context.evidence.types.get(api.name, [])} for api in _both(context)]
    names = sorted({*sides[0], *sides[1]})
    rows = [[code(name), *(_results(context, side.get(name)) for side in sides)] for name in names]
    heads = [context.backend(api.framework) for api in _both(context)]
    if rows:
        yield table((say("element-type"), *heads), rows, say("types-words"))


def _both(context: Context) -> tuple[Api, Api]:
    return context.left, context.right


def _results(context: Context, seen: Typed | None) -> Line:
    """A word for what an element type comes to, with the counts."""
    say = context.say
    if seen is None:
        return line(say("not-tried"))
    of = seen.returned + seen.refused
    if not seen.returned:
        return line(state(say("type-refused"), "quiet"), " ", say("type-none", of=f"{of:,}"))
    wrong = seen.returned - seen.conforming
    word = state(say("type-partly"), "warn") if seen.refused else state(say("type-works"), "good")
    word = state(say("type-wrong"), "bad") if wrong else word
    key = "type-wrong-count" if wrong else "type-count"
    return line(word, " ", say(key, returned=f"{seen.returned:,}", of=f"{of:,}", wrong=f"{wrong:,}"))


def _invalid(context: Context) -> Iterator[Block]:
    """Invalid values side by side: what the documents say, and what was seen."""
    say = context.say
    sides = [context.evidence.refusals.get(api.name, []) for api in (context.left, context.right)]
    rows = list(_values(context, *sides))
    yield Paragraph(line(say("errors-words")))
    if not rows:
        yield Paragraph(line(say("no-errors")))
        return
    heads = [context.backend(api.framework) for api in (context.left, context.right)]
    yield table((say("parameter"), say("values"), *heads), rows)


def _values(context: Context, left: list[Refusal], right: list[Refusal]) -> Iterator[list[str | Line]]:
    """A row for the values of a parameter that fare alike on both sides."""
    ours, theirs = _by_value(left), _by_value(right)
    renamed = {row.right: row.left for row in context.rows if row.left and row.right}
    theirs = {(renamed.get(name, name), value): item for (name, value), item in theirs.items()}
    lacks = {row.left or row.right: (not row.left, not row.right) for row in context.rows}
    rows: dict[tuple[str, str, str], list[str]] = {}
    for key in sorted({*ours, *theirs}, key=lambda key: _place(context, key)):
        both = ours.get(key), theirs.get(key)
        if any(item and item.documented not in ("", VALID) for item in both) or _unlike(*both):
            first, second = (
                context.say("dash") if lacking else _fate(context, item)
                for item, lacking in zip(both, lacks.get(key[0], (False, False)), strict=True)
            )
            rows.setdefault((key[0], first, second), []).append(key[1])
    for (name, first, second), values in rows.items():
        yield [code(name), _listed(context, values), first, second]


def _by_value(items: Iterable[Refusal]) -> dict[tuple[str, str], Refusal]:
    return {(item.parameter, value): item for item in items for value in item.values}


def _place(context: Context, key: tuple[str, str]) -> tuple[int, str, str]:
    names = [row.left or row.right for row in context.rows]
    return (names.index(key[0]) if key[0] in names else len(names), *key)


def _unlike(left: Refusal | None, right: Refusal | None) -> bool:
    """Both were tried, and one accepts what the other refuses."""
    return left is not None and right is not None and (left.refused, left.accepted) != (right.refused, right.accepted)


def _fate(context: Context, item: Refusal | None) -> str:
    """What is documented, and what was seen; code between backticks."""
    say = context.say
    if item is None:
        return say("not-tried")
    words = {"": "doc-silent", "error": "doc-error", VALID: "doc-valid"}
    documented = say(words[item.documented]) if item.documented in words else f"`{item.documented}`"
    word = say("seen-both" if item.refused and item.accepted else "seen-refused" if item.refused else "seen-accepted")
    seen = say("with-error", word=word, error=item.error) if item.error else word
    return say("documented-seen", documented=documented, seen=seen)


def _listed(context: Context, values: list[str]) -> Line:
    say = context.say
    found: list[str | Line] = []
    for value in values[:MOST]:
        found += [*([say("comma")] if found else []), code(value) if value else say("combined")]
    return line(*found, f" … (+{len(values) - MOST})" if len(values) > MOST else "")


def statements(context: Context) -> Iterator[Block]:
    """Every statement of the documents that compare these two APIs, with what became of it."""
    say = context.say
    yield Heading(say("statements"), "statements")
    documents = context.knows.comparing(context.left, context.right)
    if not documents:
        yield Paragraph(line(say("statements-none")))
    for document in documents:
        yield Paragraph(line(say("statements-words", title=say.title(document))))
        found = list(stated(context, document))
        counts = {state: sum(context.standing(claim).state == state for claim, _ in found) for state in _COUNTED}
        other = len(found) - sum(counts.values())
        words = dict(zip(("verified", "contradicted", "overruled"), (counts[key] for key in _COUNTED), strict=True))
        yield Paragraph(line(say("statements-count", total=len(found), other=other, **words)), lead=True)
        yield table(
            (say("place"), say("about"), say("statement"), say("verdict")),
            (_statement(context, claim, places) for claim, places in found),
        )


_COUNTED = ("holds", "contradicted", "document")


def stated(context: Context, document: Document) -> Iterator[tuple[Claim, list[str]]]:
    """The claims that a document makes of these APIs, in the order of its places."""
    found = []
    for api in (context.left, context.right):
        for claim in api.claims:
            places = [source.place for source in claim.sources if source.document.key == document.key]
            if places:
                found.append((claim, list(dict.fromkeys(places))))
    order = list(dict.fromkeys(_ORDER + tuple(places[0] for _, places in found)))
    yield from sorted(found, key=lambda item: order.index(item[1][0]))


def _counterexample(context: Context, claim: Claim) -> list[Line]:
    """The smallest call for which a claim does not hold, and what was seen."""
    say, found = context.say, context.standing(claim)
    if not found.call:
        return []
    seen = line(say("seen"), say("colon"), found.seen)
    return [line(say("counterexample"), say("colon"), code(found.call)), *([seen] if found.seen else [])]


_ORDER = ("class line", "difference", "initialisation", "parameter table", "example 1", "example 2", "example 3")


def _statement(context: Context, claim: Claim, places: list[str]) -> list[str | Line]:
    say, found = context.say, context.standing(claim)
    lines: list[Line] = [context.claim_state(claim)]
    checks = found.held + found.failed
    if found.failed:
        lines.append(line(say("failed", failed=f"{found.failed:,}", of=f"{checks:,}")))
    elif checks:
        lines.append(line(say("held", held=f"{found.held:,}")))
    lines += _counterexample(context, claim)
    if claim.overruled is not None:
        lines.append(line(say("ruling"), say("colon"), say.of(claim.overruled.text)))
    where = say("semicolon").join(say.place(place) for place in places)
    return [where, context.framework(claim.api), say.of(claim.text), stacked(lines)]
