"""The laws that MindSpore's documents give initial values, and the calls that each speaks of."""

from typing import Any

import numpy as np
import pytest

from cases.case import Arguments, Case
from cases.conv_transpose import mindspore
from cases.conv_transpose.mindspore_initializers import NAMES, law, size
from cases.documentation import Accepts, Distributed
from cases.values import Instance, Tensor
from reference.initializers import Constant, Normal, SymmetricUniform, Uniform, contradiction

APIS = {api.name: api for api in mindspore.APIS}
LAYERS = tuple(f"mindspore.nn.Conv{axes}dTranspose" for axes in (1, 2, 3))
LAYER = LAYERS[0]
LAWS = {
    "TruncatedNormal": Normal(0.0, 0.01, -2.0, 2.0),
    "Normal": Normal(0.0, 0.01),
    "Uniform": Uniform(-0.07, 0.07),
    "HeUniform": SymmetricUniform(),
    "XavierUniform": SymmetricUniform(),
    "One": Constant(1.0),
    "Zero": Constant(0.0),
}


def _details(name: str, kind: type) -> dict[str, Any]:
    """The claims of a kind; those of the comparison page on words have tests of their own."""
    found = [claim for claim in APIS[name].claims if isinstance(claim.detail, kind)]
    return {claim.id.partition("/")[2]: claim.detail for claim in found if not claim.id.endswith("-comparison")}


def _bound(name: str = LAYER, **keyword: Any) -> Any:
    given = {"in_channels": 6, "out_channels": 4, "kernel_size": 5, "group": 2, "has_bias": True} | keyword
    return APIS[name].bound(Case(name, Arguments((), tuple(given.items())), action="initialise"))


def _laws_of(name: str, parameter: str, **keyword: Any) -> dict[str, Any]:
    found = {}
    for slug, detail in _details(name, Distributed).items():
        spoken = detail.law(_bound(name, **keyword)) if detail.name == parameter else None
        if spoken is not None:
            found[slug] = spoken
    return found


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("parameter", ["weight", "bias"])
@pytest.mark.parametrize("spelling", NAMES)
def test_each_name_in_each_case_has_its_own_law_and_no_other(name: str, parameter: str, spelling: str) -> None:
    for way in (spelling, spelling.lower(), spelling.upper(), spelling.swapcase()):
        found = _laws_of(name, parameter, **{f"{parameter}_init": way})
        assert list(found.values()) == [LAWS[NAMES[spelling]]]
        accepted = _details(name, Accepts)
        naming = [slug for slug in accepted if slug.startswith(f"{parameter}-init-accepts-")]
        assert sum(accepted[slug].when(_bound(name, **{f"{parameter}_init": way})) for slug in naming) == 1


@pytest.mark.parametrize("name", LAYERS)
def test_without_a_name_the_law_is_uniform_and_only_the_comparison_page_gives_its_bound(name: str) -> None:
    for parameter in ("weight", "bias"):
        found = _laws_of(name, parameter)
        assert found.pop(f"{parameter}-default-distribution") == SymmetricUniform()
        if name == LAYER:
            bound = found.pop(f"{parameter}-distribution-equals-torch")
            # k = group / (out_channels · kernel_size) = 2 / (4 · 5)
            assert (bound.low, bound.high) == pytest.approx((-(0.1**0.5), 0.1**0.5))
        assert not found


def test_an_object_has_the_law_of_the_parameters_that_it_was_made_with() -> None:
    module = "mindspore.common.initializer"
    for target, keyword, wanted in (
        ("Normal", (("sigma", 0.5), ("mean", 2.0)), Normal(2.0, 0.5)),
        ("TruncatedNormal", (("a", -0.01),), Normal(0.0, 0.01, -0.01, 2.0)),
        ("Uniform", (("scale", 3),), Uniform(-3, 3)),
        ("XavierUniform", (("gain", 2),), SymmetricUniform()),
        ("Constant", (("value", 3),), Constant(3.0)),
    ):
        made = Instance(f"{module}.{target}", keyword)
        assert _laws_of(LAYER, "weight", weight_init=made) == {"weight-initializer-distribution": wanted}
    for other in (f"{module}.Orthogonal", "elsewhere.Normal"):
        assert _laws_of(LAYER, "weight", weight_init=Instance(other)) == {}


def test_a_number_is_everywhere_and_a_tensor_has_no_law() -> None:
    assert _laws_of(LAYER, "bias", bias_init=3) == {"bias-number-distribution": Constant(3.0)}
    assert _laws_of(LAYER, "bias", bias_init=Tensor("bias_init", (4,), "float32")) == {}


def test_what_is_not_there_or_too_small_has_no_law() -> None:
    assert _laws_of(LAYER, "bias", has_bias=False) == {}
    assert _laws_of(LAYER, "bias", out_channels=1, group=1) == {}


@pytest.mark.parametrize(("axes", "kernel", "count"), [(1, 5, 60), (2, (3, 2), 72), (3, 2, 96)])
def test_a_parameter_has_as_many_numbers_as_its_shape(axes: int, kernel: Any, count: int) -> None:
    bound = _bound(f"mindspore.nn.Conv{axes}dTranspose", kernel_size=kernel)
    assert size(bound, "weight") == count
    assert size(bound, "bias") == 4


def test_samples_of_a_law_hold_and_those_of_its_neighbours_do_not() -> None:
    generator = np.random.default_rng(5)
    samples = {
        "Normal": generator.normal(0.0, 0.01, 20_000),
        "Uniform": generator.uniform(-0.07, 0.07, 20_000),
        "HeUniform": generator.uniform(-0.3, 0.3, 20_000),
        "One": np.ones(50),
    }
    for name, sample in samples.items():
        assert contradiction(sample.astype(np.float32), law(name)) == ""
    assert contradiction(samples["Normal"].astype(np.float32), law("Uniform"))
    assert contradiction(samples["Uniform"].astype(np.float32), law("Normal"))
    assert contradiction((samples["HeUniform"] + 0.1).astype(np.float32), law("HeUniform"))
    assert contradiction(samples["One"].astype(np.float32), law("Zero"))
    with pytest.raises(ValueError, match="Orthogonal"):
        law("Orthogonal")
