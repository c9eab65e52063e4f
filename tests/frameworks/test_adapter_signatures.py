"""What the frameworks' callables say of themselves, those too whose signature Python cannot see."""

import pytest

from conformance.outcome import Described
from tests.frameworks.adapter_requests import ORDINARY, arguments, asking, request

PLAIN = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
GIVEN = {"bias": None, "stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1}


def described(framework: str, *targets: str) -> list[Described]:
    with asking(framework) as ask:
        found = [ask(request(target, arguments(), ORDINARY[framework], action="inspect")) for target in targets]
    for outcome in found:
        assert isinstance(outcome, Described), outcome
        assert outcome.docstring
    return found


@pytest.mark.torch
def test_torch() -> None:
    names = [f"torch.nn.functional.conv_transpose{axes}d" for axes in (1, 2, 3)]
    *functions, module, lazy = described("torch", *names, "torch.nn.ConvTranspose2d", "torch.nn.LazyConvTranspose2d")
    for function in functions:
        assert function.names == PLAIN
        assert function.defaults == GIVEN
    assert module.names[:3] == ("in_channels", "out_channels", "kernel_size")
    assert lazy.names[:2] == ("out_channels", "kernel_size")
    assert module.defaults["padding_mode"] == "zeros"


@pytest.mark.oneflow
def test_oneflow() -> None:
    """Its builtins are called `deconv1d` and so on within, but their docstrings begin with the public names."""
    for function in described("oneflow", *(f"oneflow.nn.functional.conv_transpose{axes}d" for axes in (1, 2, 3))):
        assert function.names == PLAIN
        assert function.defaults == GIVEN


@pytest.mark.mindspore
def test_mindspore() -> None:
    function, primitive, module = described(
        "mindspore",
        "mindspore.mint.nn.functional.conv_transpose2d",
        "mindspore.ops.Conv2DTranspose",
        "mindspore.nn.Conv2dTranspose",
    )
    assert function.names == PLAIN
    assert function.defaults == GIVEN
    assert primitive.names[:2] == ("out_channel", "kernel_size")
    assert module.defaults["dtype"] == {"dtype": "float32"}
