"""Layers of public models: published numbers, sizes that a check can afford, and cases that the documents allow."""

import math
import re
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from cases.case import from_canonical
from cases.catalogue import apis
from cases.conv_transpose.layers import CLASSES, LAYERS, Layer, cases, left_out
from cases.conv_transpose.setting import FORMS
from reference.documented import find

# At a thousand million visits a second, which the slowest backend manages, 0.14 s.
MOST_VISITS = 140_000_000
NAMES = tuple(name for name, form in FORMS.items() if name.startswith(CLASSES))


def test_there_are_layers_of_at_least_sixteen_models_in_one_two_and_three_dimensions() -> None:
    assert len({layer.model for layer in LAYERS}) >= 16
    assert len({(layer.model, layer.name) for layer in LAYERS}) == len(LAYERS)
    assert {layer.axes for layer in LAYERS} == {1, 2, 3}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: f"{layer.model} {layer.name}")
def test_a_layer_says_where_it_is_published_and_is_cut_in_its_input_only(layer: Layer) -> None:
    for source in layer.source.split(", "):
        assert re.fullmatch(r"([\w.-]+/[\w.-]+ )?[\w./-]+\.(py|json|ya?ml)", source), source
    assert re.match(r"[\w.-]+/[\w.-]+ ", layer.source)
    if layer.cut:
        assert len(layer.cut) == layer.axes
        assert all(used <= whole for used, whole in zip(layer.size, layer.cut, strict=True))
        assert math.prod(layer.size) < math.prod(layer.cut)
    assert layer.in_channels % layer.groups == layer.out_channels % layer.groups == 0
    assert layer.input_shape == (1, layer.in_channels, *layer.size)
    assert min(layer.setting.lengths) >= 1
    with pytest.raises(FrozenInstanceError):
        layer.stride = 1  # type: ignore[misc]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: f"{layer.model} {layer.name}")
def test_a_layer_is_affordable(layer: Layer) -> None:
    assert layer.visits <= MOST_VISITS
    values = math.prod(layer.setting.loaded["weight"].shape) + math.prod(layer.setting.output_shape)
    assert values <= 2_500_000


def test_the_layers_use_what_small_cases_use_and_more() -> None:
    settings = [layer.setting for layer in LAYERS]
    assert any(setting.groups == setting.in_channels > 1 for setting in settings)
    assert any(setting.output_padding for setting in settings)
    assert any(isinstance(setting.kernel_size, tuple) for setting in settings)
    assert any(setting.size == (1, 1) for setting in settings)
    assert {setting.bias for setting in settings} == {True, False}
    longest = max(setting.in_channels // setting.groups * math.prod(setting.kernel) for setting in settings)
    assert longest >= 8192


@pytest.mark.parametrize("name", NAMES)
def test_each_layer_is_a_case_of_a_class_or_is_left_out_with_its_reason(name: str) -> None:
    made = list(cases(apis()[name]))
    out = left_out(name)
    there = [layer for layer in LAYERS if layer.axes == FORMS[name].axes]
    assert len(made) + sum(f"{layer.model}: {layer.name}" in out for layer in there) == len(there)
    assert len({case.id for case in made}) == len(made) > 0
    assert all(out.values())
    for case in made:
        assert case.data == "normal"
        assert from_canonical(case.canonical).id == case.id


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_give_a_layer_the_parameters_that_it_loads_and_the_shape_that_it_returns(name: str) -> None:
    expected = {layer.input_shape + layer.setting.output_shape for layer in LAYERS}
    for case in cases(apis()[name]):
        assert case.construct is not None
        module: Any = find(name)(*case.construct.positional, **dict(case.construct.keyword))
        loaded = {tensor.role: tensor.shape for tensor in case.parameters}
        assert loaded == dict(module.parameter_shapes()), case.show()
        (x,) = case.call.tensors()
        result = (1, module.geometry.out_channels, *module.geometry.lengths(x.shape[2:]))
        assert x.shape + result in expected, case.show()


def test_what_a_class_has_no_argument_for_is_left_out_there_alone() -> None:
    assert left_out("mindspore.nn.Conv1dTranspose")["Multi-band MelGAN: melgan.3"] == "it has no output_padding"
    assert "Multi-band MelGAN: melgan.3" not in left_out("torch.nn.ConvTranspose1d")
    assert "limit of time" in left_out("oneflow.nn.ConvTranspose2d")["FCN-32s: upscore"]
    assert left_out("mindspore.nn.Conv3dTranspose") == {}


@pytest.mark.parametrize("name", [name for name in FORMS if name not in NAMES])
def test_only_classes_of_layers_have_such_cases(name: str) -> None:
    assert left_out(name) == {}
    if name in apis():
        assert not list(cases(apis()[name]))
