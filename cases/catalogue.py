"""The operators that there are: every folder of this package that describes one. Nothing is registered anywhere."""

import fnmatch
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from cases.case import Case
from cases.documentation import Api, Document, Ruling
from cases.plan import Plan


class Operator(Protocol):
    """What a folder of an operator offers, as module attributes."""

    APIS: tuple[Api, ...]
    DOCUMENTS: tuple[Document, ...]
    RULINGS: tuple[Ruling, ...]

    def plan(self, api: Api, *, seed: int, strength: int) -> Plan:
        """The cases of one API."""

    def counterpart(self, case: Case, framework: str) -> Case | str:
        """The simplest call in another framework that must give the same result, or the reason why there is none."""

    def counterparts(self, case: Case, framework: str) -> tuple[Case, ...] | str:
        """Every such call, simplest first: by arguments alone, then with the fewest steps around it."""


@cache
def operators() -> dict[str, Operator]:
    """Every operator by its name."""
    import cases

    names = [module.name for module in pkgutil.iter_modules(cases.__path__) if module.ispkg]
    return {name: importlib.import_module(f"cases.{name}") for name in names}


@cache
def apis() -> dict[str, Api]:
    """Every API by its name."""
    return {api.name: api for operator in operators().values() for api in operator.APIS}


def described(name: str) -> Api:
    """The API of this name; one without claims where it is no API of an operator, but called to compare with."""
    return apis().get(name) or Api(name, "", (), (), ())


def select(globs: tuple[str, ...]) -> Iterator[Api]:
    """The APIs whose name, or whose operator's name, matches one of the patterns; all without patterns."""
    for api in apis().values():
        names = (api.name, api.name.rpartition(".")[2], api.operator)
        if not globs or any(fnmatch.fnmatchcase(name, glob) for name in names for glob in globs):
            yield api
