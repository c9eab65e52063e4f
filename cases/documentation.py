"""The vocabulary of documentation: documents, APIs, claims and rulings, all frozen data.

A claim is one checkable statement in our own words, English and Chinese, with the documents and places that make it.
Its `detail` says what a checker needs; only formulas are functions. Statements of one kind share a template, so the
constructors at the end of this file write both languages of most claims.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from cases.values import Value, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.case import Case
    from reference.documented import Rule


class Kind(StrEnum):
    """What a claim speaks of; each kind has one checker."""

    SIGNATURE = "signature"
    DEFAULT = "default"
    TYPE = "type"
    RANGE = "range"
    REQUIREMENT = "requirement"
    RAISES = "raises"
    SHAPE = "output shape"
    VALUES = "output values"
    DTYPE = "dtype"
    PARAMETERS = "parameters"
    DISTRIBUTION = "initial distribution"
    EQUIVALENCE = "equivalence"
    GRADIENT = "gradient of"
    EXAMPLE = "example"
    PLATFORM = "platform"
    PRECISION = "determinism or precision"


@dataclass(frozen=True)
class Text:
    """One statement in both languages of the project."""

    en: str
    zh: str


@dataclass(frozen=True)
class Document:
    """Something that states claims. `version` is the framework version that it documents, empty where it names none."""

    key: str
    title: str
    language: str
    version: str = ""


@dataclass(frozen=True)
class Source:
    """Where a statement stands: a document and a place in it, such as a heading."""

    document: Document
    place: str


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED = _Required()


@dataclass(frozen=True)
class Parameter:
    """A documented parameter of an API's signature. `default` is REQUIRED where it has none."""

    name: str
    default: Value | _Required = REQUIRED


@dataclass(frozen=True)
class Bound:
    """A valid call with the documented defaults filled in: what formulas are functions of."""

    arguments: Mapping[str, Any]
    input_shape: tuple[int, ...]


# What a checker needs of a claim, one class per question that can be asked.


@dataclass(frozen=True)
class Names:
    """The signature starts with these names, in this order."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Absent:
    """The signature has no parameter of these names."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class DefaultValue:
    """The parameter's default, as the signature reports it."""

    value: Value


@dataclass(frozen=True)
class Accepts:
    """A valid argument that `when` recognises is accepted, as a type or a spelling that the document names.

    A refusal is held against the claim if it names the parameter, or if `alone` says that nothing else in the call is
    out of the ordinary.
    """

    when: Callable[[Bound], bool]
    alone: Callable[[Bound], bool] = lambda bound: False


@dataclass(frozen=True)
class Rejects:
    """An argument that `when` recognises is refused, by a statement that a ruling overrules."""

    when: Callable[[Bound], bool]


@dataclass(frozen=True)
class Breaks:
    """An argument that breaks `rule` is refused, with `error` where the document names a class."""

    rule: Rule
    error: str | None = None


@dataclass(frozen=True)
class Shape:
    """The output's shape; None where the formula does not speak of this call, or for an extent that it leaves open."""

    formula: Callable[[Bound], tuple[int | None, ...] | None]


@dataclass(frozen=True)
class Values:
    """The output's values are those of the reference wherever `when` holds.

    `whole` marks the statement on what the API computes at all: a valid call that is refused, or dies, contradicts it.
    A statement on one feature is held against returned values only, since a refusal may have any cause.
    """

    when: Callable[[Bound], bool]
    whole: bool = False


@dataclass(frozen=True)
class Stored:
    """Shape of a parameter by name, before anything is loaded; None where the statement does not speak of this call."""

    name: str
    shape: Callable[[Bound], tuple[int, ...] | None]


@dataclass(frozen=True)
class StoredDtype:
    """Dtype of every parameter, before anything is loaded."""

    dtype: Callable[[Bound], str | None]


@dataclass(frozen=True)
class Printed:
    """A documented example and the shape that the document prints for it."""

    case: Case
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """Two calls that a document calls equal: `left` of the claim's API, `right` of another framework's."""

    left: Case
    right: Case


@dataclass(frozen=True)
class Equal:
    """Calls that a document calls equal, by the document's own rule: in shapes, and in values where it says so."""

    pairs: tuple[Pair, ...]
    values: bool


@dataclass(frozen=True)
class Runs:
    """The API works on a device."""

    device: str


@dataclass(frozen=True)
class Unchecked:
    """A statement that this suite states but does not check, and why."""

    reason: str


Detail: TypeAlias = (
    Names
    | Absent
    | DefaultValue
    | Accepts
    | Rejects
    | Breaks
    | Shape
    | Values
    | Stored
    | StoredDtype
    | Printed
    | Equal
    | Runs
    | Unchecked
)


@dataclass(frozen=True)
class Ruling:
    """Where documents disagree: the side that the reference takes, and the documents that decide it."""

    id: str
    text: Text


@dataclass(frozen=True)
class Claim:
    """One checkable statement of an API's documentation.

    `overruled` names the ruling against it: such a claim is still held against outcomes, but what contradicts it is
    a finding about the document and changes no verdict.
    """

    id: str
    api: str
    kind: Kind
    text: Text
    sources: tuple[Source, ...]
    detail: Detail
    parameters: tuple[str, ...] = ()
    overruled: Ruling | None = None


@dataclass(frozen=True)
class Api:
    """One public callable of a framework and everything that its documents say of it."""

    name: str
    operator: str
    signature: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    claims: tuple[Claim, ...]
    examples: tuple[Case, ...] = ()
    group: str = field(default="")

    @property
    def framework(self) -> str:
        """The framework that offers the API."""
        return self.name.partition(".")[0]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The documented parameter names, in order."""
        return tuple(parameter.name for parameter in self.signature)

    def bound(self, case: Case) -> Bound:
        """The arguments of a case by name, with the documented defaults filled in."""
        defaults = {item.name: item.default for item in self.signature if not isinstance(item.default, _Required)}
        given = (case.construct or case.call).bind(self.names)
        tensors = case.call.tensors()
        return Bound({**defaults, **given}, tensors[0].shape if tensors else ())


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
    ) -> Claim:
        """A claim in words of its own."""
        text = Text(en, zh)
        return Claim(f"{self.api}/{slug}", self.api, kind, text, sources or self.sources, detail, parameters, overruled)

    def signature(self, slug: str, names: tuple[str, ...], *sources: Source) -> Claim:
        """The signature starts with these parameters."""
        listed = ", ".join(names)
        return self.claim(
            slug,
            Kind.SIGNATURE,
            f"The parameters are, in this order: {listed}.",
            f"参数依次为:{listed}。",
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
            f"`{name}` 可以是{what.zh}。",
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
            f"`{name}` 的类型是{what.zh};不接受其他类型。",
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
            f"`{name}` {what.zh};不接受其他取值。",
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
            f"{when.zh}时抛出 {error}。",
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
