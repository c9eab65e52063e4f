"""Adapters with two modes, of which the second has a fault the first has not."""

import os
from dataclasses import replace

import numpy as np

from tests.faulty.base import Reworked


class TwoModes(Reworked):
    """The base: a backend that executes eagerly or as a graph, alike but for the fault."""

    modes = ("eager", "graph")

    @property
    def is_graph(self):
        """Whether the request at hand is to run as a graph."""
        return self.request["mode"] == "graph"


class StrideIgnoredInGraph(TwoModes):
    """A graph places the input as if the stride were 1, in an output of the right length."""

    def call_with(self, operands):
        geometry, sizes = operands.geometry, operands.x.shape[2:]
        missing = [(size - 1) * (stride - 1) for size, stride in zip(sizes, geometry.stride, strict=True)]
        longer = tuple(more + less for more, less in zip(geometry.longer, missing, strict=True))
        plain = replace(geometry, stride=(1,) * len(sizes), longer=longer)
        return replace(operands, geometry=plain) if self.is_graph else operands


class PaddingTransposedInGraph(TwoModes):
    """A graph uses the padding of the last axis for the first, and the other way round."""

    def call_with(self, operands):
        turned = replace(operands.geometry, crop=operands.geometry.crop[::-1])
        return replace(operands, geometry=turned) if self.is_graph else operands


class DtypeWidenedInGraph(TwoModes):
    """A graph returns float64 whatever the input is."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        return output.astype(np.float64) if self.is_graph else output


class GroupsRefusedInGraph(TwoModes):
    """A graph refuses more than one group."""

    def call_with(self, operands):
        if self.is_graph and operands.geometry.groups > 1:
            raise NotImplementedError("groups in a graph")
        return operands


class GraphDies(TwoModes):
    """A graph with a dilation above 1 ends the process."""

    def call_with(self, operands):
        if self.is_graph and max(operands.geometry.dilation) > 1:
            os.abort()
        return operands
