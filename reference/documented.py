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

    from reference.initializers import Distribution

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
    """Base of the documented APIs.

    A class that stands for a layer or a primitive is constructed with the constructor's arguments and called with the
    tensors. A class that stands for a function is constructed with all arguments of the function, tensors included, and
    called with nothing.

    Tensors have roles, whatever the documents call them: `input`, `weight` and `bias` go in, `upstream` is the gradient
    of something with respect to the output. A refusal names a tensor by its role, any other argument as documented.
    """

    # The element type that the parameters have when they are made.
    stored: str = "float32"

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shapes of the parameters in which they are loaded, by name, in the framework's order."""
        raise NotImplementedError

    def parameter_shapes_for(self, input_shape: tuple[int, ...]) -> Mapping[str, tuple[int, ...]]:
        """The same once an input of this shape is there: some layers take their number of channels from it."""
        return self.parameter_shapes()

    def initial(self, name: str) -> NDArray[Any]:
        """The value of parameter `name` before anything is loaded; NotDocumented where it is random."""
        raise NotImplementedError

    def initial_law(self, name: str) -> Distribution:
        """The distribution of parameter `name` before anything is loaded; NotDocumented where no document gives it."""
        raise NotDocumented(f"no document gives the distribution of {name}", valid=True)

    def check_dtypes(self, dtypes: Mapping[str, str]) -> bool:
        """Whether the documents promise that tensors of these element types work; False where they are silent.

        `dtypes` names the type of each tensor by its role. Raises the refusal of types that the documents exclude, and
        NotDocumented where tensors of different types meet and no document speaks of it.
        """
        types = {dtype for role, dtype in dtypes.items() if role != "upstream"}
        if len(types) > 1:
            raise NotDocumented(f"no document says what becomes of {' and '.join(sorted(types))} together")
        return types <= {"float32"}

    @classmethod
    def unlisted(cls, device: str) -> str:
        """Why the documents of the API leave this kind of device out, whatever the arguments; else empty."""
        return ""

    def unsupported_on(self, device: str) -> str:
        """Why the documents exclude this call from this kind of device (`cpu`, `cuda`, `ascend`); else empty."""
        return self.unlisted(device)

    def result(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Result:
        """Call the API on `inputs` with `parameters` loaded (those left out keep their initial value).

        `options` are the keyword arguments of the call, where the API documents some.
        """
        raise NotImplementedError

    def gradients(
        self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], upstream: NDArray[Any], **options: Any
    ) -> Mapping[str, Result]:
        """The gradients of sum(upstream * result) by role, for the same call; `upstream` has the result's shape.

        Each has the shape of its tensor, with the magnitude and the number of terms of its sums.
        """
        raise NotImplementedError


class UnknownApi(LookupError):
    """No reference implements an API of this name."""


@cache
def find(api: str) -> type[ReferenceApi]:
    """The reference class of an API, by the API's public name.

    Folders of this package are operators. Of their modules those count that are named after frameworks: such a module
    lists its APIs in `APIS`, whatever files they stand in. Nothing is registered anywhere: a new operator is a new
    folder.
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
