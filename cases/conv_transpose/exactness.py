"""How large the whole numbers of a call may be, so that every sum in it and in its gradients is exact."""

import math
from dataclasses import replace

from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.setups import Setup, has_bias, integer, output, weight_shape
from reference.rounding import exact_limit

AMPLITUDE = 4
_PARTS = {"complex64": "float32", "complex128": "float64"}
_FRACTIONS = ("float16", "bfloat16", "float32", "float64", *_PARTS)


def largest(dialect: Dialect, setup: Setup) -> int:
    """The largest amplitude of `integers` that the element type has room for; 0 where even ones can be too many.

    At most 4 for floating types. Integers use the room of their type: what goes through a narrower one on its way is
    then lost.
    """
    given, dtype = setup.arguments, setup.dtype
    if dtype == "bool":
        return 1
    incoming, outgoing, *kernel = weight_shape(dialect, given)
    batch, _, *lengths = output(dialect, setup if setup.batch is not None else replace(setup, batch=1))
    taps, places = math.prod(kernel), batch * math.prod(setup.size)
    groups = given.get("groups", 1)
    products = max(incoming // integer(groups) * taps, outgoing * taps, places, 1)
    added = batch * math.prod(max(length, 0) for length in lengths) if has_bias(dialect, given) else 0
    size, limit = 2 if dtype in _PARTS else 1, exact_limit(_PARTS.get(dtype, dtype))
    most = AMPLITUDE if dtype in _FRACTIONS else math.isqrt(limit // products)
    while most > 0 and max(size * products * most * most + most, added * most) * size > limit:
        most -= 1
    return most
