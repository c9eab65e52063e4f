"""What a case is about, as far as the documents go: that it has a value, or which argument of it they refuse and why.

A case that is made smaller, or varied, must stay about the same thing; this is what is compared.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

from cases.case import Case
from cases.conv_transpose.understood import output_shape, understood
from reference.documented import NotDocumented, Refusal, Unsupported

LARGEST = 100_000  # elements of an output: enough for everything but a model's own layers


@dataclass(frozen=True)
class Standing:
    """`argument`, `rule` and `error` of a refusal; `valid` where the documents call the arguments valid."""

    kind: Literal["value", "refused", "undocumented", "unsupported"]
    argument: str = ""
    rule: str = ""
    error: str = ""
    valid: bool = False


def standing(case: Case) -> Standing:
    """What the documents make of a call."""
    return judged(case)[0]


def judged(case: Case) -> tuple[Standing, int]:
    """The same, and how many elements the output has: 0 where no document gives its shape."""
    try:
        found: Any = understood(case)
    except Refusal as error:
        name = "" if error.error is None else error.error.__name__
        return Standing("refused", error.argument, error.rule, name), 0
    except NotDocumented as error:
        return Standing("undocumented", valid=error.valid), 0
    except Unsupported:
        return Standing("unsupported"), 0
    return Standing("value", valid=True), math.prod(output_shape(found))
