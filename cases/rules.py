"""Rules over the features of a case: their text, what they mean, and whether they hold.

A rule is a conjunction: `groups > 1 and stride > kernel_size`. A comparison of numbers holds if it does on some axis;
`all(stride > 1)` asks for every axis, `stride[0] > 1` for the first. Two features are compared as numbers, words with
a word of the rule, by `==`, `!=` and `in`: `pad_mode == 'same'`, `type(stride) == 'tuple'`, `bias == True`,
`dtype in ('float16', 'bfloat16')`. What speaks of an argument that a case does not have does not hold. The empty text
is the rule that always holds. Texts are read as data (names, literals and comparisons only); nothing is evaluated.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cases.features import Feature

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_AST = {ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.In: "in"}
_NAME = re.compile(r"[A-Za-z_]\w*(\([A-Za-z_]\w*\))?(\[\d\])?")
Word: TypeAlias = "str | bool | None"


class BadRule(ValueError):
    """A text that is no rule; says which part."""


@dataclass(frozen=True)
class Name:
    """The right side of a comparison of two features."""

    text: str


@dataclass(frozen=True)
class Atom:
    """One comparison. `every` asks for it on each axis, else one axis is enough."""

    left: str
    sign: str
    right: "Name | float | Word | tuple[Word, ...]"
    every: bool = False

    def holds(self, found: Mapping[str, Feature]) -> bool:
        """Whether it holds for these features; False where one of them is not there, or words meet numbers."""
        ours = _feature(self.left, found)
        if isinstance(self.right, tuple):
            return not isinstance(ours, tuple) and any(type(ours) is type(w) and ours == w for w in self.right)
        theirs = _feature(self.right.text, found) if isinstance(self.right, Name) else self.right
        if isinstance(ours, tuple):
            if isinstance(theirs, bool) or not isinstance(theirs, tuple | int | float):
                return False
            others = theirs if isinstance(theirs, tuple) else (theirs,)
            pairs = list(_aligned(ours, others))
            test = (OPERATORS[self.sign](a, b) for a, b in pairs)
            return bool(pairs) and (all(test) if self.every else any(test))
        if not isinstance(theirs, str | bool | None) or isinstance(self.right, Name) or self.sign not in ("==", "!="):
            return False
        same = type(ours) is type(theirs) and ours == theirs
        return same if self.sign == "==" else not same

    def __str__(self) -> str:
        right = self.right.text if isinstance(self.right, Name) else _literal(self.right)
        text = f"{self.left} {self.sign} {right}"
        return f"all({text})" if self.every else text


@dataclass(frozen=True)
class Rule:
    """Atoms that must all hold."""

    atoms: tuple[Atom, ...] = ()

    def holds(self, found: Mapping[str, Feature]) -> bool:
        """Whether every atom holds."""
        return all(atom.holds(found) for atom in self.atoms)

    def __str__(self) -> str:
        return " and ".join(map(str, self.atoms))


def parse(text: str) -> Rule:
    """Read a rule; BadRule with the part that is none."""
    if not text.strip():
        return Rule()
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
        return Rule(tuple(_atom(part, text) for part in parts))
    except BadRule:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadRule(f"{text!r} is no rule: {error}") from None


def _atom(tree: ast.expr, text: str) -> Atom:
    match tree:
        case ast.Call(func=ast.Name(id="all"), args=[inner], keywords=[]):
            found = _atom(inner, text)
            if not found.every and found.sign != "in":
                return Atom(found.left, found.sign, found.right, every=True)
        case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Tuple(elts=elements)]) if elements:
            return Atom(_name(left, text), "in", tuple(_word(item, text) for item in elements))
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _AST and type(sign) is not ast.In:
            return Atom(_name(left, text), _AST[type(sign)], _right(right, text))
    raise BadRule(f"{text!r} is no rule: {ast.unparse(tree)!r} is no comparison such as `stride > 1`")


def _word(tree: ast.expr, text: str) -> Word:
    match tree:
        case ast.Constant(value=None | bool() | str() as value):
            return value
    raise BadRule(f"{text!r} is no rule: {ast.unparse(tree)!r} is no word")


def _right(tree: ast.expr, text: str) -> "Name | float | Word":
    try:
        value = ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return Name(_name(tree, text))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise BadRule(f"{text!r} is no rule: {ast.unparse(tree)!r} is no number, word or name")


def _name(tree: ast.expr, text: str) -> str:
    name = ast.unparse(tree)
    if isinstance(tree, ast.Constant) or name.startswith("all(") or not _NAME.fullmatch(name):
        raise BadRule(f"{text!r} is no rule: {name!r} is no name")
    return name


def _feature(name: str, found: Mapping[str, Feature]) -> Feature:
    """A feature, or one axis of it; no numbers where there is none."""
    plain, _, index = name.partition("[")
    value = found.get(plain, ())
    if not index or not isinstance(value, tuple):
        return value
    axis = int(index[:-1])
    return value[:1] if len(value) == 1 else value[axis : axis + 1]


def _literal(value: "float | Word | tuple[Word, ...]") -> str:
    """As Python reads it back: infinity has no literal of its own."""
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(value)


def _aligned(ours: tuple[float, ...], theirs: tuple[float, ...]) -> "zip[tuple[float, float]]":
    """Axis by axis; one number stands for every axis, a pair per side for its axis twice."""
    length = math.lcm(len(ours), len(theirs))
    return zip(_stretched(ours, length), _stretched(theirs, length), strict=True)


def _stretched(values: tuple[float, ...], length: int) -> tuple[float, ...]:
    return tuple(item for item in values for _ in range(length // len(values)))
