"""Adapters that misunderstand an argument: each is the reference with one fault."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.faulty.base import Faulty


def has_mode_same(api: Any) -> bool:
    """Whether this is a layer with a pad_mode, and it is same."""
    return getattr(api, "_pad_mode", "") == "same"


class StrideIgnored(Faulty):
    """The stride is always 1."""

    def understand(self, api):
        return replace(api.geometry, stride=(1,) * api.axes)


class StrideAxesSwapped(Faulty):
    """The stride of the last axis is used for the first, and the other way round."""

    def understand(self, api):
        return replace(api.geometry, stride=api.geometry.stride[::-1])


class DilationIgnored(Faulty):
    """The dilation is always 1."""

    def understand(self, api):
        return replace(api.geometry, dilation=(1,) * api.axes)


class DilationIgnoredWithGroups(Faulty):
    """The dilation is 1 where there is more than one group."""

    def understand(self, api):
        return replace(api.geometry, dilation=(1,) * api.axes) if api.geometry.groups > 1 else api.geometry


class PaddingIgnored(Faulty):
    """Nothing is cropped."""

    def understand(self, api):
        return replace(api.geometry, crop=((0, 0),) * api.axes)


class PaddingSidesSwapped(Faulty):
    """What should be cropped at the begin is cropped at the end, and the other way round."""

    def understand(self, api):
        return replace(api.geometry, crop=tuple((end, begin) for begin, end in api.geometry.crop))


class PaddingAxesSwapped(Faulty):
    """The padding of the last axis is used for the first, and the other way round."""

    def understand(self, api):
        return replace(api.geometry, crop=api.geometry.crop[::-1])


class OddPaddingOnTheOtherSide(Faulty):
    """With pad_mode same the odd element is cropped at the begin instead of the end."""

    def understand(self, api):
        crop = api.geometry.crop
        return replace(api.geometry, crop=tuple(pair[::-1] for pair in crop) if has_mode_same(api) else crop)


class SameTakenForValid(Faulty):
    """With pad_mode same nothing is cropped, as with valid."""

    def understand(self, api):
        return replace(api.geometry, crop=((0, 0),) * api.axes) if has_mode_same(api) else api.geometry


class OutputPaddingIgnored(Faulty):
    """The output is never lengthened."""

    def understand(self, api):
        return replace(api.geometry, longer=(0,) * api.axes)


class OutputPaddingAxesSwapped(Faulty):
    """The output padding of the last axis is used for the first, and the other way round."""

    def understand(self, api):
        return replace(api.geometry, longer=api.geometry.longer[::-1])


class OutputSizeIgnored(Faulty):
    """The size that the call asks for is not looked at."""

    def compute(self, api, inputs, parameters, options):
        rest = {name: item for name, item in options.items() if name != "output_size"}
        return super().compute(api, inputs, parameters, rest)


class BiasIgnored(Faulty):
    """No bias is added."""

    def understand(self, api):
        return replace(api.geometry, bias=False)


class BiasIgnoredInARareCase(Faulty):
    """No bias is added where there are groups and a stride and a dilation: three arguments have to meet a bias."""

    def understand(self, api):
        geometry = api.geometry
        rare = geometry.groups > 1 and max(geometry.stride) > 1 and max(geometry.dilation) > 1
        return replace(geometry, bias=geometry.bias and not rare)


class GroupsIgnored(Faulty):
    """Each block of output channels is made from all input channels."""

    def weigh(self, weight, api):
        return np.tile(weight, (1, api.geometry.groups, *(1,) * (weight.ndim - 2)))

    def understand(self, api):
        return replace(api.geometry, groups=1)


class PaddingsSwappedByPosition(Faulty):
    """Passed by position, the padding and the output padding of PyTorch's signature are taken for one another."""

    def construct(self, target, request):
        given = request["construct"]["positional"]
        if len(given) > 5 and not request["target"].startswith("mindspore."):
            given[4:6] = given[5:3:-1]
        return super().construct(target, request)
