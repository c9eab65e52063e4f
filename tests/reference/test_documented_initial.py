"""Documented initial parameters: laws, constants, and what `weight_init` and `bias_init` may be."""

import math

import numpy as np
import pytest

from reference.conv_transpose.mindspore_initial import CLASSES, NAMES
from reference.documented import ReferenceApi, find
from reference.initializers import Constant, Normal, SymmetricUniform, Uniform, contradiction
from reference.values import Dtype, Made
from tests.cases.documented import numbers, refusal, undocumented

EVERY_AXES = pytest.mark.parametrize("axes", [1, 2, 3])
EVERY_ROLE = pytest.mark.parametrize("role", ["weight", "bias"])
INITIALIZERS = "mindspore.common.initializer."


def made(axes: int, **keyword):
    plain = {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "has_bias": True}
    return find(f"mindspore.nn.Conv{axes}dTranspose")(**plain | keyword)


def of(name: str, **keyword) -> Made:
    return Made(INITIALIZERS + name, tuple(keyword.items()))


def root(groups: int, outgoing: int, *kernel: int) -> Uniform:
    edge = math.sqrt(groups / (outgoing * math.prod(kernel)))
    return Uniform(-edge, edge)


# PyTorch, OneFlow and mint


@EVERY_ROLE
@pytest.mark.parametrize(
    "name",
    [f"{framework}.nn.ConvTranspose{axes}d" for framework in ("torch", "oneflow") for axes in (1, 2, 3)]
    + ["mindspore.mint.nn.ConvTranspose2d"],
)
def test_both_parameters_are_uniform_within_one_over_the_square_root_of_what_a_group_reads(name: str, role) -> None:
    axes = next(int(letter) for letter in name if letter.isdigit())
    kernel = (5, 2, 3)[:axes]
    layer = find(name)(8, 12, kernel, groups=4)
    assert layer.initial_law(role) == root(4, 12, *kernel)
    sample = np.random.default_rng(1).uniform(*layer.initial_law(role).support, 30_000)
    assert contradiction(sample, layer.initial_law(role)) == ""
    assert contradiction(sample * 1.3, layer.initial_law(role))
    assert contradiction(sample + sample.std(), layer.initial_law(role))
    undocumented(lambda: layer.initial(role), valid=True)


@pytest.mark.parametrize("name", ["torch.nn.ConvTranspose1d", "oneflow.nn.ConvTranspose1d"])
def test_of_a_parameter_that_is_not_there_there_is_no_law(name: str) -> None:
    layer = find(name)(4, 4, 3, bias=False)
    undocumented(lambda: layer.initial_law("bias"), valid=True)
    undocumented(lambda: layer.initial_law("height"), valid=True)
    undocumented(lambda: ReferenceApi().initial_law("weight"), valid=True)


def test_the_law_is_one_of_real_numbers() -> None:
    layer = find("torch.nn.ConvTranspose1d")(4, 4, 3, dtype=Dtype("complex64"))
    assert layer.stored == "complex64"
    undocumented(lambda: layer.initial_law("weight"), valid=True)
    half = find("torch.nn.ConvTranspose1d")(4, 4, 3, dtype=Dtype("float16"), device="cpu")
    assert half.stored == "float16"
    assert half.initial_law("weight") == root(1, 4, 3)


# MindSpore's layers


@EVERY_ROLE
def test_none_is_pytorchs_law_in_one_dimension_and_only_a_form_in_the_others(role: str) -> None:
    assert made(1, group=2).initial_law(role) == root(2, 6, 3)
    assert made(1, group=2).initial_law(role) == find("torch.nn.ConvTranspose1d")(4, 6, 3, groups=2).initial_law(role)
    for axes in (2, 3):
        assert made(axes).initial_law(role) == SymmetricUniform()


LAWS = {
    "Normal": Normal(0.0, 0.01),
    "TruncatedNormal": Normal(0.0, 0.01, -2.0, 2.0),
    "Uniform": Uniform(-0.07, 0.07),
    "HeUniform": SymmetricUniform(),
    "XavierUniform": SymmetricUniform(),
    "One": Constant(1.0),
    "Zero": Constant(0.0),
}


@EVERY_AXES
@EVERY_ROLE
@pytest.mark.parametrize("spelling", sorted(NAMES))
def test_a_name_in_whatever_case_is_its_class_with_the_documented_defaults(axes: int, role: str, spelling) -> None:
    for text in (spelling, spelling.upper(), NAMES[spelling]):
        layer = made(axes, **{f"{role}_init": text})
        assert layer.initial_law(role) == LAWS[NAMES[spelling]]
    assert made(axes, **{f"{role}_init": of(NAMES[spelling])}).initial_law(role) == LAWS[NAMES[spelling]]


@EVERY_AXES
@EVERY_ROLE
@pytest.mark.parametrize(
    ("init", "law"),
    [
        (of("Normal", sigma=2.0, mean=1.0), Normal(1.0, 2.0)),
        (of("TruncatedNormal", sigma=1, a=-1.0, b=0.5), Normal(0.0, 1, -1.0, 0.5)),
        (of("Uniform", scale=0.5), Uniform(-0.5, 0.5)),
        (of("Constant", value=3), Constant(3.0)),
        (of("HeUniform", negative_slope=1.0, mode="fan_out", nonlinearity="relu"), SymmetricUniform()),
        (of("XavierUniform", gain=2), SymmetricUniform()),
        (of("VarianceScaling", distribution="uniform", mode="fan_avg"), SymmetricUniform()),
        (0.25, Constant(0.25)),
        (3, Constant(3.0)),
    ],
)
def test_objects_and_numbers_have_the_law_of_their_parameters(axes: int, role: str, init, law) -> None:
    assert made(axes, **{f"{role}_init": init}).initial_law(role) == law


@EVERY_ROLE
@pytest.mark.parametrize("name", ["HeNormal", "XavierNormal", "VarianceScaling"])
def test_a_normal_law_without_a_documented_sigma_is_valid_and_open(role: str, name: str) -> None:
    layer = made(2, **{f"{role}_init": of(name)})
    undocumented(lambda: layer.initial_law(role), valid=True)
    undocumented(lambda: layer.initial(role), valid=True)


def test_a_tensor_has_no_law() -> None:
    layer = made(2, weight_init=numbers(4, 6, 3, 3))
    undocumented(lambda: layer.initial_law("weight"), valid=True)
    undocumented(lambda: made(2, has_bias=False).initial_law("bias"), valid=True)


@EVERY_AXES
@pytest.mark.parametrize(
    ("init", "value"), [(of("One"), 1), (of("Zero"), 0), (of("Constant", value=0.25), 0.25), ("ZEROS", 0), (2, 2)]
)
def test_a_constant_is_its_own_initial_value(axes: int, init, value) -> None:
    layer = made(axes, weight_init=init, bias_init=init)
    for role, shape in layer.parameter_shapes().items():
        np.testing.assert_array_equal(layer.initial(role), np.full(shape, value))


@pytest.mark.parametrize(
    ("dtype", "stored"), [("float16", 0.0999755859375), ("bfloat16", 0.10009765625), ("float64", 0.1)]
)
def test_a_constant_is_rounded_to_the_type_of_the_parameters(dtype: str, stored: float) -> None:
    layer = made(2, weight_init=0.1, dtype=Dtype(dtype))
    assert layer.stored == dtype
    assert set(layer.initial("weight").astype(np.float64).reshape(-1).tolist()) == {stored}


@EVERY_ROLE
@pytest.mark.parametrize("name", ["Identity", "Sparse"])
def test_what_initialises_matrices_only_is_refused(role: str, name: str) -> None:
    assert refusal(lambda: made(2, **{f"{role}_init": of(name)})) == (f"{role}_init", "rank", ValueError)


@EVERY_ROLE
@pytest.mark.parametrize(
    "init",
    [
        of("Dirac"),
        of("Orthogonal"),
        of("NoSuch"),
        Made("torch.nn.init.Normal"),
        Made("Normal"),
        of("Normal", scale=1.0),
        of("Normal", sigma=0.0),
        of("Normal", sigma=True),
        of("Normal", sigma="1"),
        of("Uniform", scale=-1.0),
        of("XavierUniform", gain=0),
        of("Constant"),
        of("HeUniform", mode="fan_avg"),
        of("HeUniform", nonlinearity="tanh"),
        of("TruncatedNormal", a=1.0, b=-1.0),
    ],
)
def test_other_objects_and_parameters_are_not_documented(role: str, init) -> None:
    undocumented(lambda: made(2, **{f"{role}_init": init}))


def test_an_object_that_nobody_looks_at_is_not_judged() -> None:
    undocumented(lambda: made(2, has_bias=False, bias_init=of("Sparse")))
    assert made(2, has_bias=False, bias_init=of("Normal")).geometry.bias is False


def test_every_name_stands_for_a_documented_class() -> None:
    assert set(NAMES.values()) <= set(CLASSES)
    assert set(NAMES.values()) == set(LAWS)
