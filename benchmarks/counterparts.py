"""Random valid calls of each framework, translated to each other framework, and both run: does every one agree?

`python -m benchmarks.counterparts --calls 5000` prints a row per ordered pair of frameworks: how many calls have their
counterpart by arguments alone, by a recipe, or none; of those that have one, how many gave equal results, in how many
another way had to stand in because the first is known not to work, in how many a framework refuses, or dies of, an
element type that none of its documents promises, in how many one is known to do something else than its document says,
and how many were wrong: unequal, or refused, for no reason that the ledger knows. Equal means that both conform to the
one documented result, so that whole numbers are equal and all others within the sum of two bounds. It exits 1 if
anything was wrong, and shows it.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import click
import hypothesis
from hypothesis import HealthCheck, Phase, settings
from tabulate import tabulate

from cases.case import Case
from cases.catalogue import apis, operators
from cases.known import Ledger, ledger
from cases.strategies import strategy, vary
from conformance.backends import Backend, Specification, resolve
from conformance.expected import ExpectedValue, prepare
from conformance.known_calls import known_trouble
from conformance.probe import Probe
from reference.documented import find
from reports.record import Record

FRAMEWORKS = ("torch", "mindspore", "oneflow")
BATCH, VARIED = 200, 4
SHOWN = 10


@dataclass
class Tally:
    """What became of the calls of one ordered pair."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def calls(framework: str, count: int, seed: int) -> Iterator[Case]:
    """So many different valid calls of the framework's APIs that run on a CPU, in turn, in any of their arguments."""
    chance = random.Random(f"{framework} {seed}")
    names = [name for name, api in apis().items() if api.framework == framework and not find(name).unlisted("cpu")]
    seen: set[str] = set()
    while len(seen) < count:
        for name in names:
            for drawn in _drawn(name, chance):
                # What is about one framework alone has no counterpart, which is no news.
                case = replace(drawn, repeats=1, settings=(), device="")
                if case.id not in seen and len(seen) < count:
                    seen.add(case.id)
                    yield case


def _drawn(name: str, chance: random.Random) -> list[Case]:
    """A few calls of one API: some as Hypothesis draws them, each with variations."""
    found: list[Case] = []

    @hypothesis.seed(chance.getrandbits(64))
    @settings(
        max_examples=8, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @hypothesis.given(strategy(apis()[name]))
    def visit(case: Case) -> None:
        found.extend([case, *(vary(case, chance) for _ in range(VARIED))])

    visit()
    return found


def held(source: Probe, target: Probe, drawn: Sequence[Case], known: Ledger, tally: Tally) -> None:
    """Translate these calls, run both sides, and count."""
    framework = target.line.framework
    found: dict[str, tuple[Case, tuple[Case, ...]]] = {}
    for case in drawn:
        answer = operators()[apis()[case.api].operator].counterparts(case, framework)
        if isinstance(answer, str):
            tally.counts["none"] += 1
            tally.reasons[answer.partition(":")[0]] += 1
            continue
        tally.counts["recipe" if answer[0].around else "direct"] += 1
        found[case.id] = (case, answer)
    ours = dict(zip(found, source.ask_all([case for case, _ in found.values()]), strict=True))
    waiting = dict.fromkeys(found, 0)
    while waiting:
        asked = {name: found[name][1][place] for name, place in waiting.items()}
        answers = dict(zip(asked, target.ask_all(asked.values()), strict=True))
        waiting = {
            name: place
            for name, place in waiting.items()
            if not _settled(found[name], place, ours[name], answers[name], (source, target), known, tally)
        }
        waiting = {name: place + 1 for name, place in waiting.items()}


def _settled(
    pair: tuple[Case, tuple[Case, ...]],
    place: int,
    ours: Record,
    theirs: Record,
    probes: tuple[Probe, Probe],
    known: Ledger,
    tally: Tally,
) -> bool:
    """Whether nothing more is to be tried of a call; what became of it is counted then."""
    case, candidates = pair
    if ours.verdict not in ("conforms", "undocumented"):
        return _explained(case, ours, probes[0], known, tally)
    expected = prepare(candidates[place]).expected
    crashed = theirs.verdict in ("crashed", "timed-out") and isinstance(expected, ExpectedValue)
    if "undocumented" in (ours.verdict, theirs.verdict) or (crashed and not expected.promised):
        tally.counts["not promised"] += 1
        return True
    if theirs.verdict == "conforms":
        tally.counts["equal"] += 1
        tally.counts["by another way"] += place > 0
        return True
    if known_trouble(candidates[place], probes[1].line, known) is None:
        tally.counts["wrong"] += 1
        tally.wrong.append(f"{case.show()} → {candidates[place].show()}: {_words(theirs)}")
        return True
    if place + 1 < len(candidates):
        return False
    tally.counts["known to differ"] += 1
    return True


def _explained(case: Case, ours: Record, source: Probe, known: Ledger, tally: Tally) -> bool:
    if known_trouble(case, source.line, known) is not None:
        tally.counts["known to differ"] += 1
    else:
        tally.counts["wrong"] += 1
        tally.wrong.append(f"{case.show()} on {ours.backend}: {_words(ours)}")
    return True


def _words(record: Record) -> str:
    failed = [check.detail for check in record.checks if not check.holds and check.detail]
    return f"{record.verdict}; {failed[0] if failed else record.actual.error or record.actual.message}"[:400]


@click.command()
@click.option("--calls", "count", type=click.IntRange(1), default=5000, show_default=True, help="Of each ordered pair.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--pair", "pairs", multiple=True, metavar="FROM-TO", help="Such as torch-mindspore. [default: all]")
def main(count: int, seed: int, pairs: tuple[str, ...]) -> None:
    """Count what translated calls come to on the real frameworks."""
    known, rows, wrong = ledger(), [], list[str]()
    wanted = pairs or [f"{one}-{other}" for one in FRAMEWORKS for other in FRAMEWORKS if one != other]
    for pair in wanted:
        names = pair.split("-")
        tally = Tally()
        with ExitStack() as stack:
            source, target = (stack.enter_context(Probe(backend_of(name), forking=name == "oneflow")) for name in names)
            drawn, shown = list(calls(names[0], count, seed)), 0
            for start in range(0, len(drawn), BATCH):
                held(source, target, drawn[start : start + BATCH], known, tally)
                for text in tally.wrong[shown:]:
                    click.echo(text, err=True)
                shown = len(tally.wrong)
                done = f"{pair}: {min(start + BATCH, len(drawn)):,} of {count:,}, {tally.counts['wrong']} wrong"
                click.echo(done, err=True)
        columns = ("direct", "recipe", "none", "equal", "by another way", "not promised", "known to differ", "wrong")
        rows.append([pair.replace("-", " → "), len(drawn), *(tally.counts[name] for name in columns)])
        wrong += tally.wrong
        for reason, times in tally.reasons.most_common(SHOWN):
            click.echo(f"{pair}: none {times:,} times: {reason}", err=True)
    click.echo(tabulate(rows, ["pair", "calls", *columns], tablefmt="github", intfmt=","))
    for line in wrong[:SHOWN]:
        click.echo(line)
    sys.exit(1 if wrong else 0)


def backend_of(name: str) -> Backend:
    """The framework's pinned backend."""
    found = resolve(Specification.parse(name), install=True)
    if not isinstance(found, Backend):
        raise click.ClickException(f"{name} is not here: {found.reason}; {found.way_out}")
    return found


if __name__ == "__main__":
    main()
