"""A case: one API, its arguments, its input data: a frozen value with a stable id.

The id is 16 hexadecimal digits of a hash of the canonical form, so that the same case has the same name in the
terminal, the run file, the report and a test. The data of its tensors come from that id: whoever has the case has
the data. A counterpart shares the data of the case that it was translated from, its `origin`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from cases.steps import NOTHING, Around, decoded
from cases.steps import show as show_step
from cases.values import BadValue, Tensor, Value, decode, encode, show
from reference.steps import shaped

Action = Literal["call", "inspect", "initialise"]
ACTIONS: tuple[Action, ...] = ("call", "inspect", "initialise")
DataKind = Literal["integers", "normal", "ones", "accumulate", "special"]
DATA_KINDS: tuple[DataKind, ...] = ("integers", "normal", "ones", "accumulate", "special")


@dataclass(frozen=True)
class Arguments:
    """Arguments of one call, in the order and by the names in which they are passed."""

    positional: tuple[Value, ...] = ()
    keyword: tuple[tuple[str, Value], ...] = ()

    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors among the arguments."""
        values = (*self.positional, *(value for _, value in self.keyword))
        return tuple(value for value in values if isinstance(value, Tensor))

    def bind(self, names: tuple[str, ...]) -> dict[str, Value]:
        """The arguments by name, given the API's parameter names in order."""
        return {**dict(zip(names, self.positional, strict=False)), **dict(self.keyword)}

    def show(self) -> str:
        """The arguments as they stand between the brackets of a call."""
        return ", ".join([*map(show, self.positional), *(f"{name}={show(value)}" for name, value in self.keyword)])


@dataclass(frozen=True)
class Case:
    """One call of one API.

    `construct` is None for a plain function. `parameters` are loaded after construction, in the shape in which the
    API documents or stores them; those that are left out keep the value that the framework gave them.
    `data` names how tensors are filled (see `cases.data`), `amplitude` is their parameter.

    `action` is `call`, `inspect` (signature and docstring; nothing is called) or `initialise` (construct, and read the
    parameters as the framework made them). `upstream` is the gradient of something with respect to the output, and
    `differentiate` names the roles of the tensors whose gradients are asked for. The call is made `repeats` times, and
    the last result counts. `settings` are switches of the backend that hold for this case only, such as
    `("tf32", True)`. A case with a `device` runs on backends of that device alone. A case with steps `around` its call
    is a recipe: its result is what comes out of the last step.
    """

    api: str
    construct: Arguments | None = None
    call: Arguments = field(default_factory=Arguments)
    parameters: tuple[Tensor, ...] = ()
    data: DataKind = "integers"
    amplitude: int = 4
    origin: str | None = None
    action: Action = "call"
    differentiate: tuple[str, ...] = ()
    upstream: Tensor | None = None
    repeats: int = 1
    settings: tuple[tuple[str, Value], ...] = ()
    device: str = ""
    around: Around = NOTHING

    @cached_property
    def canonical(self) -> dict[str, Any]:
        """The case in builtin JSON types; what is hashed, stored and read back."""
        return {
            "api": self.api,
            "action": self.action,
            "construct": None if self.construct is None else _arguments_out(self.construct),
            "call": _arguments_out(self.call),
            "parameters": [encode(tensor) for tensor in self.parameters],
            "data": {"kind": self.data, "amplitude": self.amplitude, "origin": self.origin},
            **self._extra,
        }

    @property
    def _extra(self) -> dict[str, Any]:
        """What most cases have not: left out of the canonical form where it is ordinary."""
        found: dict[str, Any] = {}
        if self.differentiate and self.upstream is not None:
            found["gradients"] = {"of": list(self.differentiate), "upstream": encode(self.upstream)}
        if self.repeats != 1:
            found["repeats"] = self.repeats
        if self.settings:
            found["settings"] = [[name, encode(value)] for name, value in self.settings]
        if self.device:
            found["device"] = self.device
        if self.around:
            found["around"] = self.around.encoded()
        return found

    @cached_property
    def id(self) -> str:
        """16 hexadecimal digits; a unique prefix is accepted wherever an id is asked for."""
        text = json.dumps(self.canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]

    @property
    def dtype(self) -> str:
        """The dtype of the first tensor that goes in, or the empty string where none does."""
        tensors = (*self.call.tensors(), *self.parameters)
        return tensors[0].dtype if tensors else ""

    def tensors(self) -> tuple[Tensor, ...]:
        """Every tensor of the case: arguments of construction and call, and loaded parameters."""
        construct = () if self.construct is None else self.construct.tensors()
        upstream = () if self.upstream is None else (self.upstream,)
        return (*construct, *self.call.tensors(), *self.parameters, *self.around.tensors, *upstream)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of the first tensor as the call itself gets it, after the steps before it; empty without one."""
        tensors = self.call.tensors()
        return shaped(self.around.before, tensors[0].shape) if tensors else ()

    def show(self) -> str:
        """The call as a reader would write it."""
        if self.action == "inspect":
            return f"signature of {self.api}"
        if self.action == "initialise":
            assert self.construct is not None
            return f"parameters of {self.api}({self.construct.show()})"
        made = "" if self.construct is None else f"({self.construct.show()})"
        return f"{self.api}{made}({self.call.show()}){self._notes()}"

    def _notes(self) -> str:
        notes = []
        if self.differentiate:
            notes.append(f"gradients of {', '.join(self.differentiate)}")
        if self.repeats != 1:
            notes.append(f"called {self.repeats} times")
        notes += [f"{name} = {show(value)}" for name, value in self.settings]
        notes += [f"{show_step(step)} before" for step in self.around.before]
        notes += [f"{show_step(step)} after" for step in self.around.after]
        return f" with {'; '.join(notes)}" if notes else ""


def from_canonical(data: Any) -> Case:
    """Read a case from its canonical form; BadValue, naming what is wrong, for anything else."""
    try:
        kind, amplitude, origin = (data["data"][name] for name in ("kind", "amplitude", "origin"))
        action, api = data["action"], data["api"]
        parameters = tuple(decode(tensor) for tensor in data["parameters"])
        construct = None if data["construct"] is None else _arguments_in(data["construct"])
        call = _arguments_in(data["call"])
        extra = _extra_in(data)
    except BadValue:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise BadValue(f"this is no case ({error!r}): {str(data)[:200]}") from None
    if kind not in DATA_KINDS:
        raise BadValue(f"data kind {kind!r} is none of {', '.join(DATA_KINDS)}")
    if action not in ACTIONS:
        raise BadValue(f"action {action!r} is none of {', '.join(ACTIONS)}")
    if action == "initialise" and construct is None:
        raise BadValue("a case that initialises must construct something")
    if type(amplitude) is not int or amplitude < 1:
        raise BadValue(f"the amplitude of a case must be an int of at least 1, but is {amplitude!r}")
    if not isinstance(api, str) or not (origin is None or isinstance(origin, str)):
        raise BadValue(f"api or origin of a case is no string: {str(data)[:200]}")
    tensors = tuple(tensor for tensor in parameters if isinstance(tensor, Tensor))
    if len(tensors) != len(parameters):
        raise BadValue(f"a parameter of a case is no tensor: {str(data['parameters'])[:200]}")
    return Case(api, construct, call, tensors, kind, amplitude, origin, action, **extra)


def _extra_in(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "gradients" in data:
        upstream, of = decode(data["gradients"]["upstream"]), tuple(data["gradients"]["of"])
        if not isinstance(upstream, Tensor) or not of or not all(isinstance(role, str) for role in of):
            raise BadValue(f"these are no gradients: {str(data['gradients'])[:200]}")
        found |= {"differentiate": of, "upstream": upstream}
    if "repeats" in data:
        if type(data["repeats"]) is not int or not 2 <= data["repeats"] <= 1000:
            raise BadValue(f"repeats must be an int from 2 to 1000, but is {data['repeats']!r}")
        found["repeats"] = data["repeats"]
    if "settings" in data:
        found["settings"] = tuple((str(name), decode(value)) for name, value in data["settings"])
    if "device" in data:
        found["device"] = str(data["device"])
    if "around" in data:
        found["around"] = decoded(data["around"])
    return found


def _arguments_out(arguments: Arguments) -> dict[str, Any]:
    return {
        "positional": [encode(value) for value in arguments.positional],
        "keyword": [[name, encode(value)] for name, value in arguments.keyword],
    }


def _arguments_in(data: Any) -> Arguments:
    keyword = tuple((name, decode(value)) for name, value in data["keyword"])
    if not all(isinstance(name, str) for name, _ in keyword):
        raise BadValue(f"an argument's name is no string: {str(data['keyword'])[:200]}")
    return Arguments(tuple(decode(value) for value in data["positional"]), keyword)
