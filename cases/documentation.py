"""The vocabulary of documentation: documents, APIs, claims and rulings, all frozen data.

A claim is one checkable statement in our own words, English and Chinese, with the documents and places that make it.
Its `detail` says what a checker needs; only formulas are functions. `cases.statements` writes both languages of the
statements that share a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.case import Case
    from cases.values import Part, Value
    from reference.documented import Rule
    from reference.initializers import Distribution


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
    case: Case

    @property
    def dtype(self) -> str:
        """The element type of the first tensor that goes in."""
        return self.case.dtype


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
    A statement on one feature is held against returned values only, since a refusal may have any cause. `own` marks a
    statement of the suite: it speaks of special values, and of types of which no document says that they are supported.
    """

    when: Callable[[Bound], bool]
    whole: bool = False
    own: bool = False


@dataclass(frozen=True)
class Gradient:
    """The gradient with respect to the tensor `of` is the derivative of the documented values, for calls in `when`."""

    of: str
    when: Callable[[Bound], bool]


@dataclass(frozen=True)
class Distributed:
    """A parameter's numbers, as the framework initialises them, are drawn from a law; None where it does not speak."""

    name: str
    law: Callable[[Bound], Distribution | None]


@dataclass(frozen=True)
class Says:
    """The message of an error about an argument names it: contains one of its words, in whatever case.

    `words` lists what else than its own name counts for an argument.
    """

    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Refused:
    """An invalid argument of the constructor is refused when the layer is constructed, not when it is called."""


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
    """Two calls of which one tells what the other must give: `left` is of the claim's API.

    Compared is the output of the left, or the stretch `parts` of it, with the right's result called `output`.
    """

    left: Case
    right: Case
    parts: tuple[Part, ...] = ()
    output: str = "output"


@dataclass(frozen=True)
class Equal:
    """Calls that a document calls equal, by the document's own rule: in shapes, and in values where it says so."""

    pairs: tuple[Pair, ...]
    values: bool


@dataclass(frozen=True)
class Consistent:
    """Calls of one backend that must give equal results, whatever these are."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Inverse:
    """Pairs of which the right takes an input of the left's documented output shape, and returns its input's shape."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class ModesAgree:
    """A case has the same outcome in every mode of a backend."""


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
    | Gradient
    | Distributed
    | Says
    | Refused
    | Stored
    | StoredDtype
    | Printed
    | Equal
    | Consistent
    | Inverse
    | ModesAgree
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
    a finding about the document and changes no verdict. `device` names the only device on which the claim can be held,
    empty for all. `advice` marks what no document promises and users are better off with: it changes no verdict.
    """

    id: str
    api: str
    kind: Kind
    text: Text
    sources: tuple[Source, ...]
    detail: Detail
    parameters: tuple[str, ...] = ()
    overruled: Ruling | None = None
    device: str = ""
    advice: bool = False


@dataclass(frozen=True)
class Api:
    """One public callable of a framework and everything that its documents say of it."""

    name: str
    operator: str
    signature: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    claims: tuple[Claim, ...]
    examples: tuple[Case, ...] = ()

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
        return Bound({**defaults, **given}, case.input_shape, case)
