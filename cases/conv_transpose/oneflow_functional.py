"""What the documents say of `oneflow.nn.functional.conv_transpose1d/2d/3d`."""

from collections.abc import Iterator

from cases.case import Case
from cases.conv_transpose.alike_functions import SIGNATURE, cases, example, noted, shared
from cases.conv_transpose.alike_results import FUNCTION, PLAIN_FUNCTION, no_true_inverse, sums_over_planes
from cases.conv_transpose.documents import ONEFLOW, ONEFLOW_FUNCTIONAL
from cases.documentation import Api, Claim, Source
from cases.statements import Statements

_EXAMPLES: dict[int, tuple[tuple[int, ...], tuple[int, ...], dict[str, int]]] = {
    1: ((20, 16, 50), (16, 33, 5), {}),
    2: ((1, 4, 5, 5), (4, 8, 3, 3), {"padding": 1}),
    # The document's has 20 samples, and a result of nine million numbers.
    3: ((1, 16, 50, 10, 20), (16, 33, 3, 3, 3), {}),
}


def _example(axes: int) -> Case:
    x, weight, keyword = _EXAMPLES[axes]
    return example(f"oneflow.nn.functional.conv_transpose{axes}d", x, weight, **keyword)


def _claims(axes: int) -> Iterator[Claim]:
    args, text = Source(ONEFLOW_FUNCTIONAL, "Args"), Source(ONEFLOW_FUNCTIONAL, "introduction")
    details = Source(ONEFLOW, "introduction")
    say = Statements(f"oneflow.nn.functional.conv_transpose{axes}d", args)
    yield from shared(say, axes, (Source(ONEFLOW, "Shape"), details), _example(axes))
    yield no_true_inverse(say, FUNCTION, text, details)
    if axes != 2:
        yield from noted(say, axes, Source(ONEFLOW, "Note on padding"))
    if axes == 3:
        yield sums_over_planes(say, PLAIN_FUNCTION, details)


def _api(axes: int) -> Api:
    name = f"oneflow.nn.functional.conv_transpose{axes}d"
    made = (_example(axes), *cases(name, axes))
    return Api(name, "conv_transpose", SIGNATURE, ("input", "weight", "bias"), tuple(_claims(axes)), made)


APIS = tuple(_api(axes) for axes in (1, 2, 3))
