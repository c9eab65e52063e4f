"""What the documents say of `torch.nn.functional.conv_transpose1d/2d/3d`."""

from collections.abc import Iterator

from cases.case import Case
from cases.conv_transpose import precision
from cases.conv_transpose.alike_functions import SIGNATURE, cases, example, noted, shared
from cases.conv_transpose.alike_results import FUNCTION, PLAIN_FUNCTION, connected, no_true_inverse, sums_over_planes
from cases.conv_transpose.documents import TORCH, TORCH_ACCURACY, TORCH_FUNCTIONAL
from cases.documentation import Api, Claim, Kind, Source
from cases.statements import Statements

_EXAMPLES: dict[int, tuple[tuple[int, ...], tuple[int, ...], dict[str, int]]] = {
    1: ((20, 16, 50), (16, 33, 5), {}),
    2: ((1, 4, 5, 5), (4, 8, 3, 3), {"padding": 1}),
    # The document's has 20 samples, and a result of nine million numbers.
    3: ((1, 16, 50, 10, 20), (16, 33, 3, 3, 3), {}),
}


def _example(axes: int) -> Case:
    x, weight, keyword = _EXAMPLES[axes]
    return example(f"torch.nn.functional.conv_transpose{axes}d", x, weight, **keyword)


def _claims(axes: int) -> Iterator[Claim]:
    text, args = Source(TORCH_FUNCTIONAL, "introduction"), Source(TORCH_FUNCTIONAL, "Args")
    details = Source(TORCH, "introduction")
    say = Statements(f"torch.nn.functional.conv_transpose{axes}d", args)
    yield from shared(say, axes, (Source(TORCH, "Shape"), details), _example(axes))
    yield from connected(say, PLAIN_FUNCTION, details)
    yield no_true_inverse(say, FUNCTION, text, details)
    yield from noted(say, axes, Source(TORCH, "Note on padding"))
    if axes == 3:
        yield sums_over_planes(say, PLAIN_FUNCTION, details)
    yield say.unchecked(
        "unbatched",
        Kind.SHAPE,
        "An input (C_in, …) without N gives an output (C_out, …) without N.",
        "输入为没有 N 的 (C_in, …) 时，输出为没有 N 的 (C_out, …)。",
        "the function's own document gives the input a batch, and the reference takes no side",
        Source(TORCH, "Shape"),
    )
    yield precision.tf32(say, text, Source(TORCH_ACCURACY, "TensorFloat-32"))
    yield precision.float32(say, Source(TORCH_ACCURACY, "TensorFloat-32"))
    yield precision.deterministic(say, axes, Source(TORCH_FUNCTIONAL, "Note on CUDA"))


def _api(axes: int) -> Api:
    name = f"torch.nn.functional.conv_transpose{axes}d"
    made = (_example(axes), *cases(name, axes), *precision.switched(name, axes))
    return Api(name, "conv_transpose", SIGNATURE, ("input", "weight", "bias"), tuple(_claims(axes)), made)


APIS = tuple(_api(axes) for axes in (1, 2, 3))
