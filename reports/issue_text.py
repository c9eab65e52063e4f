"""A finding as an issue text, ready to file with the maintainers of its framework.

A run file and one of its findings go in; Markdown comes out, in the shape of the project's own bug template. Its first
line is the title. Whatever a framework wrote is escaped, or stands in a fence that it cannot end; the statements of the
documentation are in our words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import structs

from reports import text
from reports.issue_words import DOES, FACTS, LANGUAGES, OTHERWISE, OWN_FACTS, PLAIN, TEMPLATES, say
from reports.reading import RunFile
from reports.record import BackendLine, ClaimLine, Finding, Record

# Characters: a tracker takes 65,536 in all.
TITLE, SCRIPT, PRINTED, TOLD = 160, 24_000, 6_000, 2_000
CLAIMS = 3
# Packages that may bear on what a framework computes.
_BEARING = re.compile(
    r"(numpy|scipy|protobuf|sympy|triton|ml[-_]dtypes|mkl|intel|onednn|nvidia|cuda|cudnn)", re.IGNORECASE
)


def issue(loaded: RunFile, finding: Finding, *, framework: str, lang: str = "en") -> str:
    """The issue text of a finding for the maintainers of `framework`, in English (`en`) or Chinese (`zh`).

    LookupError where the finding is another framework's, its backend is not in the run, or there is no such language.
    """
    if lang not in LANGUAGES:
        raise LookupError(f"there is no issue text in {lang!r}; ask for one of {', '.join(LANGUAGES)}")
    backend = next((line for line in loaded.run.backends if line.name == finding.backend), None)
    if backend is None:
        raise LookupError(f"finding {finding.id} is of {finding.backend!r}, which is no backend of {loaded.path}")
    if backend.framework != framework:
        raise LookupError(
            f"finding {finding.id} is of {backend.framework}, not of {framework}; ask for --issue {backend.framework}"
        )
    return _Issue(loaded, finding, backend, lang).text()


def block(content: str, language: str = "text", limit: int = TOLD) -> str:
    """A fenced block that its content cannot end, with nothing in it that steers a terminal or hides."""
    shown = text.fit(content, limit).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"


@dataclass(frozen=True)
class _Issue:
    """A finding with what its parts are made of; each part is a method of its name."""

    loaded: RunFile
    finding: Finding
    backend: BackendLine
    lang: str

    def text(self) -> str:
        """The whole issue, the title first."""
        second = self.lang == "zh"
        blocks = [f"# {self._title()}"]
        for heading in TEMPLATES.get(self.backend.framework, PLAIN):
            blocks.append(heading.zh if second else heading.en)
            for part in heading.parts:
                blocks += getattr(self, part)()
        blocks.append(self._say("made", text.code(self.finding.id, 40)))
        return "\n\n".join(found for found in blocks if found) + "\n"

    def _say(self, name: str, *parts: str) -> str:
        return say(name, self.lang, *parts)

    @property
    def _colon(self) -> str:
        return ": " if self.lang == "en" else "："

    def _name(self) -> str:
        """The framework as it writes its own name."""
        return text.label(structs.replace(self.backend, version="")).removesuffix(f" on {self.backend.device}")

    def _does(self) -> str:
        return DOES.get(self.finding.verdict, OTHERWISE)[LANGUAGES.index(self.lang)]

    def _title(self) -> str:
        if self.finding.title and self.lang == "en":
            return text.statement(text.one_line(text.clean(self.finding.title)), TITLE)
        return f"{self._apis(2)}{self._colon}{self._does()}"

    def _apis(self, most: int) -> str:
        found = self.finding.apis
        more = f" (+{len(found) - most})" if len(found) > most else ""
        return ", ".join(text.code(api, 100) for api in found[:most]) + more

    def summary(self) -> Iterator[str]:
        """What the APIs do, in one sentence."""
        end = "." if self.lang == "en" else "。"
        parts = (f"{self._name()} {text.prose(self.backend.version)}", self._apis(8), self._does() + end)
        yield self._colon.join(parts)

    def documents(self) -> Iterator[str]:
        """The statements that are contradicted, with document and place, and the rulings on them."""
        known = {claim.id: claim for claim in self.loaded.run.claims}
        claims = [known[name] for name in self.finding.claims if name in known]
        if not claims:
            yield self._say("no claims")
            return
        lines = [f"- {self._statement(claim)}" for claim in claims[:CLAIMS]]
        if len(claims) > CLAIMS:
            lines.append(f"- {self._say('more claims', str(len(claims) - CLAIMS))}")
        yield f"**{self._say('says')}**\n\n" + "\n".join(lines)

    def _statement(self, claim: ClaimLine) -> str:
        documents = {line.key: line for line in self.loaded.run.documents}
        places = []
        for key, place in text.stated(claim.sources):
            document = documents.get(key)
            named = f"{document.title} {document.version}".strip() if document else key
            places.append(text.prose(", ".join(filter(None, (named, place)))))
        said = text.statement(claim.zh if self.lang == "zh" else claim.en)
        where = f" ({self._say('place', '; '.join(places))})" if places else ""
        return f"{text.code(claim.api, 100)}{self._colon}{said}{where}"

    def expected(self) -> Iterator[str]:
        """What was expected of the smallest call."""
        record = self._record()
        words = self.finding.expected or (
            f"{text.side(record.expected)}\n{text.said(record.expected)}" if record else ""
        )
        if words:
            yield f"**{self._say('expected')}**\n\n{block(words)}"

    def actual(self) -> Iterator[str]:
        """What the smallest call did."""
        record = self._record()
        if not (words := self.finding.actual) and record:
            parts = (text.side(record.actual), text.said(record.actual), text.difference(record.difference))
            words = "\n".join(filter(None, parts))
        if words:
            yield f"**{self._say('actual')}**\n\n{block(words)}"

    def _record(self) -> Record | None:
        wanted = (self.finding.smallest, self.finding.backend, self.finding.mode)
        return next((item for item in self.loaded.records if (item.case, item.backend, item.mode) == wanted), None)

    def cases(self) -> Iterator[str]:
        """The smallest call that fails, and the nearest that does not."""
        record = self._record()
        calls = [
            ("smallest", self.finding.minimal_call or (record.call if record else "")),
            ("other", self.finding.other),
            ("passing", self.finding.passing_call),
        ]
        yield "\n".join(f"- {self._say(name)}{self._colon}{text.code(call)}" for name, call in calls if call)

    def rule(self) -> Iterator[str]:
        """When it fails, in a sentence, what supports it, and how it fared on fresh cases."""
        found, tried = self.finding, self.finding.tried
        if not found.rule:
            parts = [self._say("always")]
        else:
            proven = not found.against and tried is not None and tried.precision == 1.0 and tried.recall == 1.0
            parts = [self._say("iff" if proven else "where", text.code(found.rule))]
        counts = (found.support, found.against)
        if self.lang == "zh":
            parts.append(self._say("support", *(f"{count:,} 次" for count in counts)))
        else:
            parts.append(self._say("support", *(text.counted(count, "execution") for count in counts)))
        if tried is None:
            parts.append(self._say("untried") if found.rule else "")
        else:
            failing = tried.inside_failing
            inside, all_failing = failing + tried.inside_passing, failing + tried.outside_failing
            parts.append(self._say("tried", self._share(failing, inside), self._share(failing, all_failing)))
        yield (" " if self.lang == "en" else "").join(filter(None, parts))

    def _share(self, count: int, of: int) -> str:
        if self.lang == "zh":
            return f"{count:,}/{of:,}" + (f"（{100 * count // of}%）" if of else "")
        return text.share(count, of)

    def seen(self) -> Iterator[str]:
        """The modes, and the versions of the framework that have it and that have it not, as far as this run shows."""
        others = {line.name: line for line in self.loaded.run.backends if line.framework == self.backend.framework}
        having = {item.backend for item in self.loaded.findings if item.id == self.finding.id} | {self.backend.name}
        cases = set(self.finding.cases) | {self.finding.smallest}
        conform: dict[str, bool] = {}
        for record in self.loaded.records:
            if record.case in cases and record.backend in others.keys() - having and record.verdict != "unavailable":
                conform[record.backend] = conform.get(record.backend, True) and record.verdict == "conforms"
        parts = [self._say("modes", ", ".join(map(text.prose, self.finding.modes)))] if self.finding.modes else []
        parts.append(self._say("versions", self._labels(line for name, line in others.items() if name in having)))
        without = [line for name, line in others.items() if conform.get(name)]
        parts += [self._say("not on", self._labels(iter(without)))] if without else []
        yield "\n".join(f"- {part}" for part in parts)

    def _labels(self, lines: Iterator[BackendLine]) -> str:
        name = self._name()
        return ", ".join(text.prose(f"{name} {line.version} ({line.device}, Python {line.python})") for line in lines)

    def script(self) -> Iterator[str]:
        """The script, or the command that prints it where it is too long for a tracker."""
        script = self.finding.script
        if not script:
            yield self._say("no script")
        elif len(script) > SCRIPT:
            command = f"conformance show RUN {text.prose(self.finding.smallest, 40)} --script"
            yield self._say("long", f"{len(script):,}", command)
        else:
            yield self._say("script", self._name())
            yield block(script, "python", SCRIPT)

    def printed(self) -> Iterator[str]:
        """What the script printed in the backend's environment, and how it ended."""
        shown = self.finding.shown
        if shown is None:
            yield self._say("not run") if self.finding.script else ""
            return
        ended = f"{self._say(shown.word)}, {text.prose(shown.ended, 200)}"
        if shown.printed.strip():
            yield f"**{self._say('printed', ended)}**\n\n{block(shown.printed, limit=PRINTED)}"
        else:
            yield self._say("silent", ended)

    def hardware(self) -> Iterator[str]:
        """The device, as MindSpore's tracker marks it."""
        yield text.code(f"/device {self.backend.device.partition(':')[0].lower()}")

    def environment(self) -> Iterator[str]:
        """The framework's version, what it ran on, and the packages that may bear on it."""
        line, machine = self.backend, self.loaded.run.machine
        own = {name: version for name, version in line.packages.items() if name.lower().startswith(line.framework)}
        bearing = own | {name: version for name, version in line.packages.items() if _BEARING.match(name)}
        facts = {
            "version": line.version,
            "python": line.python,
            "system": machine.get("system", ""),
            "cpu": machine.get("cpu", ""),
            "capability": line.capability,
            "device": line.device,
            "threads": str(line.threads),
            "packages": ", ".join(f"{name} {version}" for name, version in sorted(bearing.items())),
        }
        labels = FACTS | OWN_FACTS.get(line.framework, {})
        second = LANGUAGES.index(self.lang)
        yield "\n".join(
            f"- {labels[name][second].format(framework=self._name())}{self._colon}{text.prose(value)}"
            for name, value in facts.items()
            if value
        )
