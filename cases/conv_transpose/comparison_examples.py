"""The three examples of MindSpore's comparison page: the calls of both sides, and the lengths that both print."""

from cases.case import Arguments, Case
from cases.conv_transpose.comparison_sources import MINDSPORE_API, TORCH_API
from cases.values import Tensor

LENGTHS = (53, 150, 152)
_INPUT = Tensor("input", (1, 3, 50), "float32")
_SIZES = ((4, 1), (5, 3), (5, 3))  # kernel and stride
_ADDED = ((0, 0), (2, 2), (0, 0))  # PyTorch's padding and output_padding
_MODES = ("pad", "same", "valid")


def _torch(kernel: int, stride: int, padding: int, output_padding: int) -> Case:
    more = (("stride", stride), ("padding", padding), ("output_padding", output_padding), ("bias", False))
    construct = Arguments((3, 64), (("kernel_size", kernel), *more))
    return Case(TORCH_API, construct, Arguments((_INPUT,)), (Tensor("weight", (3, 64, kernel), "float32"),), "ones")


def _mindspore(kernel: int, stride: int, mode: str) -> Case:
    more = (("stride", stride), ("weight_init", "ones"), ("pad_mode", mode))
    return Case(MINDSPORE_API, Arguments((3, 64), (("kernel_size", kernel), *more)), Arguments((_INPUT,)), data="ones")


TORCH_CASES = tuple(_torch(*sizes, *added) for sizes, added in zip(_SIZES, _ADDED, strict=True))
MINDSPORE_CASES = tuple(_mindspore(*sizes, mode) for sizes, mode in zip(_SIZES, _MODES, strict=True))
