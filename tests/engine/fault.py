"""What a faulty adapter is, which ones there are, and how a table states how each has to be found out."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass

import tests.faulty
from conformance.adapters.numpy import NumpyAdapter

TORCH_1D, TORCH_2D = "torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"
MINDSPORE_1D, MINDSPORE_2D = "mindspore.nn.Conv1dTranspose", "mindspore.nn.Conv2dTranspose"
FUNCTION, PRIMITIVE = "torch.nn.functional.conv_transpose2d", "mindspore.ops.Conv2DTranspose"
BOTH = (TORCH_2D, MINDSPORE_1D)


@dataclass(frozen=True)
class Fault:
    """A faulty adapter, and how it has to be found out.

    `verdicts` are all the unexpected verdicts that it must get and may get; of `claims` (their ids after the slash)
    each must be contradicted, by a record or by a comparison of two. `shown` are the cases that it runs on: categories
    of `faulty_run`, and claims whose pairs of calls are run. `hidden` says that a record does not show what the fault
    changes; `loose` names the data (`normal`, `special`) or the action (`initialise`) of which some of what it changes
    is what rounding, overflow or chance may change; and `whole` says that it leaves none of its cases alone.
    """

    adapter: type[NumpyAdapter]
    verdicts: frozenset[str]
    claims: tuple[str, ...]
    shown: tuple[str, ...]
    apis: tuple[str, ...] = BOTH
    hidden: bool = False
    loose: str = ""
    whole: bool = False
    limit: float = 30.0

    @property
    def name(self) -> str:
        """The name of the adapter's class."""
        return self.adapter.__name__

    @property
    def path(self) -> str:
        """Where a worker finds it."""
        return f"{self.adapter.__module__}:{self.name}"

    @property
    def statement(self) -> str:
        """What is wrong with it, in a sentence."""
        return " ".join((self.adapter.__doc__ or "").partition("\n\n")[0].split())


VALID = "examples, whole numbers"


def fault(
    adapter: type[NumpyAdapter], verdicts: str, claims: str, *chosen: str, shown: str = VALID, **more: object
) -> Fault:
    words = tuple(shown.split(", "))
    return Fault(adapter, frozenset(verdicts.split()), tuple(claims.split()), words, chosen or BOTH, **more)  # type: ignore[arg-type]


def adapters() -> set[type[NumpyAdapter]]:
    """The faulty adapters that there are: those classes that no other is made from."""
    names = [f"{tests.faulty.__name__}.{module.name}" for module in pkgutil.iter_modules(tests.faulty.__path__)]
    modules = [importlib.import_module(name) for name in names if not name.endswith(".__main__")]
    found = [
        item
        for module in modules
        for _, item in inspect.getmembers(module, inspect.isclass)
        if item.__module__ == module.__name__ and issubclass(item, NumpyAdapter)
    ]
    return {item for item in found if not item.__subclasses__()}
