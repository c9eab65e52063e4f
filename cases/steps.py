"""What is around a call: the steps of a recipe, and their one JSON form.

A case with steps is a recipe: `before` is done to the first tensor that the call takes, `after` to what it returns.
It runs, is judged and has a script like every other case; its result is what comes out of the last step.
"""

from dataclasses import dataclass
from typing import Any

from cases.values import BadValue, Tensor, decode, encode
from reference.steps import Add, Crop, Expand, Pad, Squeeze, Step

__all__ = ["Add", "Around", "Crop", "Expand", "Pad", "Squeeze", "Step", "show"]

MOST = 32  # steps of one case; who writes more by hand means something else


@dataclass(frozen=True)
class Around:
    """The steps around a call. `tensors` are those that `Add` adds, which are no arguments of the call."""

    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    tensors: tuple[Tensor, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.before or self.after)

    def encoded(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "before": [encode_step(step) for step in self.before],
            "after": [encode_step(step) for step in self.after],
            "tensors": [encode(tensor) for tensor in self.tensors],
        }


NOTHING = Around()


def encode_step(step: Step) -> list[Any]:
    """A step in builtin types: its name and its numbers."""
    match step:
        case Expand(axis):
            return ["expand", axis]
        case Squeeze(axis):
            return ["squeeze", axis]
        case Pad(axis, begin, end):
            return ["pad", axis, begin, end]
        case Crop(axis, begin, end):
            return ["crop", axis, begin, end]
        case Add(role):
            return ["add", role]


def decoded(data: Any) -> Around:
    """The inverse of `Around.encoded`; BadValue for anything that it cannot have written."""
    match data:
        case {"before": list(before), "after": list(after), "tensors": list(tensors), **rest} if not rest:
            if len(before) + len(after) > MOST:
                raise BadValue(f"a case has at most {MOST} steps around its call, not {len(before) + len(after)}")
            held = [decode(item) for item in tensors]
            found = tuple(item for item in held if isinstance(item, Tensor))
            made = Around(tuple(map(_decoded, before)), tuple(map(_decoded, after)), found)
            added = {step.role for step in (*made.before, *made.after) if isinstance(step, Add)}
            if len(found) == len(held) and added == {tensor.role for tensor in found}:
                return made
    raise BadValue(f"these are no steps around a call: {str(data)[:200]}")


def show(step: Step) -> str:
    """A step as a reader would say it."""
    match step:
        case Expand(axis):
            return f"expand(axis={axis})"
        case Squeeze(axis):
            return f"squeeze(axis={axis})"
        case Pad(axis, begin, end):
            return f"pad(axis={axis}, begin={begin}, end={end})"
        case Crop(axis, begin, end):
            return f"crop(axis={axis}, begin={begin}, end={end})"
        case Add(role):
            return f"add({role})"


def _decoded(data: Any) -> Step:
    match data:
        case ["expand", int(axis)] if 0 <= axis < 8:
            return Expand(axis)
        case ["squeeze", int(axis)] if 0 <= axis < 8:
            return Squeeze(axis)
        case ["pad", int(axis), int(begin), int(end)] if 0 <= axis < 8 and min(begin, end) >= 0:
            return Pad(axis, begin, end)
        case ["crop", int(axis), int(begin), int(end)] if 0 <= axis < 8 and min(begin, end) >= 0:
            return Crop(axis, begin, end)
        case ["add", str(role)]:
            return Add(role)
    raise BadValue(f"{str(data)[:200]} is no step")
