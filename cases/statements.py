"""Claims in both languages: statements of one kind share a template, and an API's claims are written with these."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cases.documentation import (
    Absent,
    Accepts,
    Bound,
    Breaks,
    Claim,
    DefaultValue,
    Detail,
    Kind,
    Names,
    Ruling,
    Source,
    Text,
    Unchecked,
)
from cases.values import Value, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference.documented import Rule


class Statements:
    """Writes the claims of one API: constructors for the kinds whose statements share a template.

    `sources` of each constructor default to the ones given here.
    """

    def __init__(self, api: str, *sources: Source) -> None:
        self.api, self.sources = api, sources

    def claim(
        self,
        slug: str,
        kind: Kind,
        en: str,
        zh: str,
        detail: Detail,
        *parameters: str,
        sources: tuple[Source, ...] = (),
        overruled: Ruling | None = None,
        device: str = "",
        advice: bool = False,
    ) -> Claim:
        """A claim in words of its own."""
        return Claim(
            f"{self.api}/{slug}",
            self.api,
            kind,
            Text(en, zh),
            sources or self.sources,
            detail,
            parameters,
            overruled,
            device,
            advice,
        )

    def signature(self, slug: str, names: tuple[str, ...], *sources: Source) -> Claim:
        """The signature starts with these parameters."""
        listed = ", ".join(names)
        return self.claim(
            slug,
            Kind.SIGNATURE,
            f"The parameters are, in this order: {listed}.",
            f"参数依次为：{listed}。",
            Names(names),
            *names,
            sources=sources,
        )

    def absent(self, name: str, *sources: Source) -> Claim:
        """The API has no such parameter."""
        return self.claim(
            f"no-{slugged(name)}",
            Kind.SIGNATURE,
            f"There is no parameter `{name}`.",
            f"没有参数 `{name}`。",
            Absent((name,)),
            name,
            sources=sources,
        )

    def default(self, name: str, value: Value, *sources: Source) -> Claim:
        """A parameter's default."""
        return self.claim(
            f"default-{slugged(name)}",
            Kind.DEFAULT,
            f"`{name}` is {show(value)} by default.",
            f"`{name}` 的默认值是 {show(value)}。",
            DefaultValue(value),
            name,
            sources=sources,
        )

    def accepts(
        self,
        name: str,
        what: Text,
        slug: str,
        when: Callable[[Bound], bool],
        *sources: Source,
        alone: Callable[[Bound], bool] = lambda bound: False,
    ) -> Claim:
        """A parameter accepts a type or spelling."""
        return self.claim(
            f"{slugged(name)}-accepts-{slug}",
            Kind.TYPE,
            f"`{name}` may be {what.en}.",
            joined(f"`{name}` 可以是", what.zh, "。"),
            Accepts(when, alone),
            name,
            sources=sources,
        )

    def typed(self, name: str, what: Text, *sources: Source) -> Claim:
        """A parameter has a type: anything else is refused, with no documented class."""
        return self.claim(
            f"{slugged(name)}-type",
            Kind.TYPE,
            f"`{name}` is {what.en}; other types are not accepted.",
            joined(f"`{name}` 的类型是", what.zh, "；不接受其他类型。"),
            Breaks("type"),
            name,
            sources=sources,
        )

    def ranged(self, name: str, what: Text, *sources: Source, rule: Rule = "range", slug: str = "range") -> Claim:
        """A parameter has a range: anything outside is refused, with no documented class."""
        kind = Kind.RANGE if rule in ("range", "choice") else Kind.REQUIREMENT
        return self.claim(
            f"{slugged(name)}-{slug}",
            kind,
            f"`{name}` {what.en}; other values are not accepted.",
            joined(f"`{name}` ", what.zh, "；不接受其他取值。"),
            Breaks(rule),
            name,
            sources=sources,
        )

    def raises(self, name: str, error: str, rule: Rule, slug: str, when: Text, *sources: Source) -> Claim:
        """A documented error of one parameter."""
        return self.claim(
            f"{slugged(name)}-{slug}",
            Kind.RAISES,
            f"{error} is raised if {when.en}.",
            joined(when.zh, f"时抛出 {error}。"),
            Breaks(rule, error),
            name,
            sources=sources,
        )

    def unchecked(self, slug: str, kind: Kind, en: str, zh: str, reason: str, *sources: Source) -> Claim:
        """A statement that is stated but not checked, with the reason."""
        return self.claim(slug, kind, en, zh, Unchecked(reason), sources=sources)


def slugged(name: str) -> str:
    """A parameter's name as part of a claim's id."""
    return name.replace("_", "-")


def joined(*parts: str) -> str:
    """Chinese text made of parts, with the space that stands where Chinese and other letters meet."""
    text = ""
    for part in parts:
        meet = text and part and {_side(text[-1]), _side(part[0])} == {"Chinese", "other"}
        text += f" {part}" if meet else part
    return text


def _side(sign: str) -> str:
    """Which side of such a meeting a sign is: neither, if it is a space or full-width punctuation."""
    if sign.isspace():
        return ""
    if unicodedata.east_asian_width(sign) in "WF":
        return "Chinese" if sign.isalpha() else ""
    return "other"
