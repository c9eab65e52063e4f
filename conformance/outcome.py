"""Outcomes: what a backend did with a case, as frozen values.

A worker sends plain dictionaries (builtin types only); `decode` turns one into a value of the closed union
`Outcome`. What a worker cannot say of itself (that it died, or never answered) is made by the pool; a worker that forks
says it of its children.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Stage = Literal["construct", "load", "call", "gradient"]
Reproduced = Literal["alone", "after", "not", "untried"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter tensor as the framework made it, before ours was loaded."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The call came back with values."""

    outputs: Mapping[str, NDArray[Any]]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Described:
    """The answer to an inspection: the signature that the framework itself reports, and its docstring.

    `annotations` are texts by parameter. `signature` says where the signature comes from: `inspect`, or `docstring` for
    a built-in function that has none but prints one there.
    """

    names: tuple[str, ...]
    defaults: Mapping[str, Any]
    docstring: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    signature: str = "inspect"
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Raised:
    """The framework raised an exception. `classes` is the method resolution order, the class itself first."""

    stage: Stage
    classes: tuple[str, ...]
    message: str
    milliseconds: float = 0.0

    @property
    def ends_program(self) -> bool:
        """No `except Exception` of a caller stops it: no way to refuse an argument."""
        return not {"SystemExit", "KeyboardInterrupt", "GeneratorExit"}.isdisjoint(self.classes)


@dataclass(frozen=True, slots=True)
class Crashed:
    """The worker died, or spoke garbage, while it worked on this case.

    `how` is a signal's name (`SIGSEGV`), `exit code 3` or `garbage`. `reproduced` says what the confirmation found:
    `alone` (the case alone in a fresh worker), `after` (only behind `sequence`, the ids of the shortest sequence of
    earlier cases found), `not` (never again), `untried`.
    """

    how: str
    stderr: str
    reproduced: Reproduced = "untried"
    sequence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer within the limit of the case, in seconds."""

    seconds: float
    reproduced: Reproduced = "untried"
    sequence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CouldNotRun:
    """The case never reached the framework: no worker, no such API there, or the adapter itself failed."""

    reason: str


Outcome = Returned | Described | Raised | Crashed | TimedOut | CouldNotRun


class GarbledReply(ValueError):
    """A worker sent something that is no outcome."""


def decode(reply: Any) -> Outcome:
    """Turn a worker's reply into an outcome; GarbledReply if it is none."""
    try:
        milliseconds = float(reply.get("milliseconds", 0.0))
        match reply["status"]:
            case "returned":
                if not reply["outputs"]:
                    raise GarbledReply("a worker answered with no output")
                return Returned(
                    outputs={name: decode_array(value) for name, value in reply["outputs"].items()},
                    parameters={
                        name: Parameter(tuple(value["shape"]), value["dtype"])
                        for name, value in reply.get("parameters", {}).items()
                    },
                    milliseconds=milliseconds,
                )
            case "described":
                return Described(
                    names=tuple(reply["names"]),
                    defaults=dict(reply["defaults"]),
                    docstring=str(reply["docstring"]),
                    annotations=dict(reply.get("annotations", {})),
                    signature=str(reply.get("signature", "inspect")),
                    milliseconds=milliseconds,
                )
            case "raised":
                return Raised(reply["stage"], tuple(reply["classes"]), str(reply["message"]), milliseconds)
            case "could-not-run":
                return CouldNotRun(str(reply["reason"]))
            case "died":  # the child of a worker that forks one per case
                return Crashed(str(reply["how"]), str(reply["stderr"]))
            case "timed-out":
                return TimedOut(float(reply["seconds"]))
            case other:
                raise GarbledReply(f"a worker answered with status {other!r}")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise GarbledReply(f"a worker's answer cannot be read ({error}): {str(reply)[:200]}") from error


def decode_array(value: Mapping[str, Any]) -> NDArray[Any]:
    """Build the array of `{"dtype": name, "shape": [...], "data": little-endian bytes}`."""
    name = value["dtype"]
    if name == "bfloat16":
        import ml_dtypes

        dtype: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    else:
        dtype = np.dtype(name).newbyteorder("<")
    return np.frombuffer(value["data"], dtype=dtype).reshape(value["shape"])


def encode_array(array: NDArray[Any]) -> dict[str, Any]:
    """The inverse of `decode_array`."""
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": np.ascontiguousarray(array).tobytes()}
