"""What every section of a comparison page is made from: both APIs, what their operator knows, evidence and words."""

from dataclasses import dataclass
from functools import cached_property

from cases.catalogue import apis
from cases.compared import Comparer, Row, comparer
from cases.documentation import REQUIRED, Api, Claim, Unchecked
from cases.values import show
from reports.comparison_blocks import Line, Tone, code, line, state
from reports.comparison_evidence import Evidence, PageEvidence, State
from reports.comparison_language import Words

TONES: dict[str, Tone] = {
    "holds": "good",
    "contradicted": "bad",
    "document": "warn",
    "advice": "warn",
}


@dataclass(frozen=True)
class Context:
    """One page in one language, before it is written."""

    evidence: Evidence
    page: PageEvidence
    say: Words

    @cached_property
    def left(self) -> Api:
        """The left API."""
        return apis()[self.page.left]

    @cached_property
    def right(self) -> Api:
        """The right API."""
        return apis()[self.page.right]

    @cached_property
    def knows(self) -> Comparer:
        """What the operator knows of its APIs."""
        found = comparer(self.left.operator)
        assert found is not None, f"{self.left.operator} has no comparison pages"
        return found

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The parameters side by side."""
        return self.knows.rows(self.left, self.right)

    def framework(self, api: str) -> str:
        """What an API's framework is called."""
        return self.say.framework(api)

    def backend(self, framework: str) -> str:
        """A framework with the version and device that were run; its name alone where it was not."""
        seen = next((item for item in self.evidence.backends if item.framework == framework), None)
        name = self.say.framework(framework)
        return name if seen is None else self.say("version", framework=name, version=seen.version, device=seen.device)

    def claim_state(self, claim: Claim) -> Line:
        """Where a claim stands, as a word with its reason where it is not checked."""
        if not self.evidence.backend(claim.api):
            return state(self.say("not exercised"), "quiet")
        found = self.standing(claim)
        word = state(self.say(found.state), TONES.get(found.state, "quiet"))
        if isinstance(claim.detail, Unchecked):
            return line(word, " ", self.say.unchecked(claim.detail.reason))
        if found.state == "unavailable" and claim.device:
            return line(word, " ", self.say("unavailable-reason", device=claim.device))
        return word

    def standing(self, claim: Claim) -> State:
        """Where a claim stands on the backend of its framework."""
        return self.evidence.state(claim.id)


def default(api: Api, name: str) -> str:
    """A parameter's default as Python writes it; empty where it has none, or is none of the signature."""
    for parameter in api.signature:
        if parameter.name == name and parameter.default is not REQUIRED:
            return show(parameter.default)  # type: ignore[arg-type]
    return ""


def named(name: str) -> Line:
    """A parameter's name."""
    return code(name)
