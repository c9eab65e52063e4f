"""The words in which a documented API answers: a value, a refusal, or that no document says.

A reference API is a class that is constructed and called like the API that it stands for. It raises `Refusal` where
the documentation calls an argument invalid, `NotDocumented` where no document says what happens, and `Unsupported`
where a document says that it does not work. The class `Refusal` is never raised itself: `refuse` makes one that is
also the documented class, so that the reference raises what the framework should raise.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Rule = Literal["type", "range", "choice", "length", "divisible", "needs", "rank", "channels"]


class Refusal(Exception):
    """The documentation calls this argument invalid.

    `argument` is its documented name, `rule` what it breaks, `error` the documented class or None where the
    documentation says that the value is invalid but not which error it raises.
    """

    argument: str
    rule: Rule
    error: type[Exception] | None


class NotDocumented(Exception):
    """No document says what the API does here.

    `valid` says that the documents at least call the arguments valid, so that the call must be accepted and claims on
    its shape can be held against it; only its values are left open.
    """

    def __init__(self, reason: str, *, valid: bool = False) -> None:
        super().__init__(reason)
        self.valid = valid


class Unsupported(Exception):
    """A document says that this does not work."""


def refuse(error: type[Exception] | None, argument: str, rule: Rule, message: str) -> Refusal:
    """Make the exception for an invalid argument: a Refusal that is also an `error`, to be raised by the caller."""
    bases = (Refusal,) if error is None else (Refusal, error)
    made: Refusal = type("Refusal" if error is None else error.__name__, bases, {})(message)
    made.argument, made.rule, made.error = argument, rule, error
    return made


@dataclass(frozen=True)
class Result:
    """What the documented API returns, with what the error bounds need.

    `value` is exact for integers, else float64; `magnitude` the sum of the absolute values of the added terms,
    `terms` their number, `addend` the last term that is added to an already rounded sum (the bias), or None.
    All have the shape of `value` or broadcast to it.
    """

    value: NDArray[Any]
    magnitude: NDArray[Any]
    terms: NDArray[Any]
    addend: NDArray[Any] | None


class ReferenceApi:
    """Base of the documented APIs. A subclass is constructed with the API's own arguments."""

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shapes of the parameters in which they are loaded, by name, in the framework's order."""
        raise NotImplementedError

    def initial(self, name: str) -> NDArray[Any]:
        """The value of parameter `name` before anything is loaded; NotDocumented where it is random."""
        raise NotImplementedError

    def result(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Result:
        """Call the API on `inputs` with `parameters` loaded (those left out keep their initial value).

        `options` are the keyword arguments of the call, where the API documents some.
        """
        raise NotImplementedError


class UnknownApi(LookupError):
    """No reference implements an API of this name."""


@cache
def find(api: str) -> type[ReferenceApi]:
    """The reference class of an API, by the API's public name.

    Folders of this package are operators, their modules are named after frameworks, and a module lists its APIs in
    `APIS`. Nothing is registered anywhere: a new operator is a new folder.
    """
    import reference

    framework = api.partition(".")[0]
    for folder in pkgutil.iter_modules(reference.__path__):
        if not folder.ispkg:
            continue
        package = importlib.import_module(f"reference.{folder.name}")
        if any(module.name == framework for module in pkgutil.iter_modules(package.__path__)):
            module = importlib.import_module(f"reference.{folder.name}.{framework}")
            apis: Mapping[str, type[ReferenceApi]] = getattr(module, "APIS", {})
            if api in apis:
                return apis[api]
    raise UnknownApi(f"the reference has no API named {api!r}")
