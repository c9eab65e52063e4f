"""What the tests of documented APIs share: data, a call, a direct call of the law, and a look at a refusal."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from reference.conv_transpose import law
from reference.conv_transpose.module import ConvTransposeModule
from reference.documented import NotDocumented, Refusal, Result, find


def numbers(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng([seed, *shape]).integers(-5, 6, shape)


def parameters(module: ConvTransposeModule) -> dict[str, Any]:
    return {name: numbers(*shape, seed=len(name)) for name, shape in module.parameter_shapes().items()}


def called(api: str, x: Any, *arguments: Any, options: Mapping[str, Any] | None = None, **keyword: Any) -> Result:
    """Construct a documented API, load whole numbers, and call it."""
    module: Any = find(api)(*arguments, **keyword)
    return module.result(x, parameters=parameters(module), **(options or {}))


def is_the_law(api: str, x: Any, *arguments: Any, law_keywords: Mapping[str, Any], **keyword: Any) -> Result:
    """The documented API gives what a direct call of the law gives, in values, magnitudes and terms."""
    module: Any = find(api)(*arguments, **keyword)
    held = parameters(module)
    weight = held["weight"]
    if weight.ndim > x.ndim:
        weight = weight[:, :, 0]  # the axis that only MindSpore's storage has
    found = module.result(x, parameters=held)
    wanted = law.conv_transpose(x, weight, held.get("bias"), **law_keywords)
    np.testing.assert_array_equal(found.value, wanted, strict=True)
    np.testing.assert_array_equal(found.magnitude, law.magnitude(x, weight, held.get("bias"), **law_keywords))
    terms = law.terms(x.shape, weight.shape, "bias" in held, **law_keywords)
    np.testing.assert_array_equal(np.broadcast_to(found.terms, wanted.shape), np.broadcast_to(terms, wanted.shape))
    assert (found.addend is None) == ("bias" not in held)
    return found


def refusal(do: Callable[[], Any]) -> tuple[str, str, type[Exception] | None]:
    """Argument, rule and documented class of the refusal that a call ends with."""
    with pytest.raises(Refusal) as found:
        do()
    return found.value.argument, found.value.rule, found.value.error


def undocumented(do: Callable[[], Any], *, valid: bool = False) -> str:
    """Why no document says what a call does."""
    with pytest.raises(NotDocumented) as found:
        do()
    assert found.value.valid is valid
    return str(found.value)
