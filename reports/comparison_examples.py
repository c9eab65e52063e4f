"""The section of examples: programs for both frameworks, and what they printed."""

from collections.abc import Iterator

from reports.comparison_blocks import Block, Heading, Paragraph, Programs, line, state
from reports.comparison_blocks import Program as Shown
from reports.comparison_context import Context
from reports.comparison_evidence import Example, Program


def examples(context: Context) -> Iterator[Block]:
    """One example after the other, each with both sides."""
    say = context.say
    yield Heading(say("examples"), "examples")
    yield Paragraph(line(say("examples-words")))
    titles = {item.key: item.title for item in context.knows.illustrations(context.left, context.right)}
    for item in context.page.examples:
        title = titles.get(item.key)
        yield Heading(say.of(title) if title else item.key, f"example-{item.key}", 3)
        made = [context.evidence.programs[name] for name in (item.left, item.right) if name]
        yield Programs(tuple(_program(context, program) for program in made))
        yield from _compared(context, item, made)


def _program(context: Context, program: Program) -> Shown:
    printed = program.printed or context.say("no-output")
    if program.reason:
        printed = context.say("not-run", reason=program.reason)
    elif program.ended != "exit code 0":
        printed = f"{printed}\n({program.ended})"
    return Shown(context.backend(program.framework), program.code, context.say("printed"), printed)


def _compared(context: Context, item: Example, made: list[Program]) -> Iterator[Block]:
    """Whether both sides print the same, and which one is not as documented; why there is no other side."""
    say = context.say
    if item.reason:
        reason = say.of(context.knows.reason(item.reason).text)
        yield Paragraph(line(state(say("none-word"), "quiet"), " ", say("no-counterpart", reason=reason)))
    elif not any(program.reason for program in made):
        same = len({program.printed for program in made}) == 1 and {item.ended for item in made} == {"exit code 0"}
        words = [say("same-output" if same else "other-output")]
        if not same and item.counterpart:
            words += [say("departing", framework=say.framework(item.framework)) for item in made if item.departs]
        elif not same:
            words.append(say("not-counterparts"))
        word = state(say("equal" if same else "differ"), "good" if same else "bad" if item.counterpart else "warn")
        yield Paragraph(line(word, " ", say("space").join(words)))
