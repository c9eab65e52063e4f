"""Adapters that do not agree with themselves: each is the reference with one fault."""

from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.layouts import plan
from conformance.adapters.wire import array_in
from tests.faulty.base import Reworked


class LastOfABatchWrong(Reworked):
    """The last sample of a batch of two or more is one too large."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        if output.ndim == api.axes + 2 and len(output) > 1:
            output[-1] += 1
        return output


class OddSamplesLackTheBias(Reworked):
    """Each second sample of a batch lacks the bias."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        if output.ndim == api.axes + 2 and "bias" in parameters:
            output[1::2] -= parameters["bias"].reshape(-1, *(1,) * api.axes).astype(output.dtype)
        return output


class MisreadsMemory(Reworked):
    """The base of those that read a tensor of one layout as if it lay in memory as usual."""

    layout: str

    def laid(self, content: dict[str, Any]) -> Any:
        if content.get("layout") != self.layout:
            return super().laid(content)
        array = array_in(content)
        stored = plan(array, self.layout).stored.reshape(-1)
        return self.tensor(stored[: array.size].reshape(array.shape))


class GapsRead(MisreadsMemory):
    """The gaps in a tensor that has some are read as if they were elements."""

    layout = "strided"


class ChannelsLastReadAsFirst(MisreadsMemory):
    """The memory of a tensor whose channels lie innermost is read as if they lay outermost."""

    layout = "channels-last"


class TransposedReadAsUsual(MisreadsMemory):
    """The memory of a tensor with two axes exchanged is read as if they were not."""

    layout = "transposed"


class ExpandedSamplesLost(Reworked):
    """Of a sample that is repeated without a copy, all but the first are zeros."""

    def laid(self, content):
        found = super().laid(content)
        if content.get("layout") == "expanded":
            found[1:] = 0
        return found


class BiasLostWithGradients(Reworked):
    """No bias is added where gradients are asked for."""

    def call_with(self, operands):
        return replace(operands, bias=None) if self.request.get("gradients") else operands


class LaterCallsAddUp(Reworked):
    """From the second call on, a layer adds what it returned before to its result."""

    before: Any = None

    def run(self, request):
        self.before = None
        return super().run(request)

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        self.before = output if self.before is None else output + self.before
        return self.before


class LaterCallsRoundOtherwise(Reworked):
    """From the second call on, what is no whole number is rounded up instead of to the nearest."""

    calls = 0

    def run(self, request):
        self.calls = 0
        return super().run(request)

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        self.calls += 1
        if self.calls == 1 or self.storage not in ("float32", "float64"):
            return output
        return np.where(output == np.round(output), output, np.nextafter(output, output.dtype.type(np.inf)))


class GroupsReversed(Reworked):
    """The blocks of output channels come in the opposite order of their groups."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        axis, groups = output.ndim - api.axes - 1, api.geometry.groups
        return np.concatenate(np.split(output, groups, axis)[::-1], axis)
