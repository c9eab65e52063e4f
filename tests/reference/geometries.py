"""Geometries of transposed convolutions to test with, as Hypothesis strategies, and integer data for them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Operation:
    """Shapes and keywords, everything per axis, paddings in pairs; data come from `seed`."""

    x_shape: tuple
    weight_shape: tuple
    keywords: dict
    seed: int

    @property
    def rank(self):
        return len(self.x_shape) - 2

    @property
    def channels(self):
        return self.weight_shape[1] * self.keywords["groups"]

    @property
    def result_shape(self):
        """The documented formula, axis by axis."""
        k = self.keywords
        axes = zip(
            self.x_shape[2:],
            self.weight_shape[2:],
            k["stride"],
            k["dilation"],
            k["padding"],
            k["output_padding"],
            strict=True,
        )
        spatial = [(n - 1) * s - b - e + d * (m - 1) + o + 1 for n, m, s, d, (b, e), o in axes]
        return (self.x_shape[0], self.channels, *spatial)

    def integers(self, shape, stream):
        return np.random.default_rng((self.seed, stream)).integers(-9, 10, shape)

    @property
    def x(self):
        return self.integers(self.x_shape, 0)

    @property
    def weight(self):
        return self.integers(self.weight_shape, 1)

    @property
    def bias(self):
        return self.integers((self.channels,), 2)

    @property
    def upstream(self):
        return self.integers(self.result_shape, 3)


@st.composite
def operations(draw, least_length=0, most=4):
    """Operations of 1 to 3 spatial axes whose result has `least_length` or more on each axis."""
    rank = draw(st.integers(1, 3))
    most = {1: most + 2, 2: most, 3: most - 1}[rank]
    groups = draw(st.integers(1, 3))
    per_in, per_out, samples = draw(st.integers(1, 3 if groups == 1 else 2)), draw(st.integers(1, 2)), 2
    axes = {"size": [], "kernel": [], "stride": [], "dilation": [], "output_padding": [], "padding": []}
    for _ in range(rank):
        size, kernel = draw(st.integers(1, most)), draw(st.integers(1, 3))
        stride, dilation, extra = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
        room = (size - 1) * stride + (kernel - 1) * dilation + 1 + extra - least_length
        begin = draw(st.integers(0, max(0, min(room, 4))))
        end = draw(st.integers(0, max(0, min(room - begin, 4))))
        values = (size, kernel, stride, dilation, extra, (begin, end))
        for name, value in zip(axes, values, strict=True):
            axes[name].append(value)
    keywords = {name: tuple(axes[name]) for name in ("stride", "padding", "output_padding", "dilation")}
    x_shape = (samples, groups * per_in, *axes["size"])
    weight_shape = (groups * per_in, per_out, *axes["kernel"])
    return Operation(x_shape, weight_shape, keywords | {"groups": groups}, draw(st.integers(0, 2**16)))
