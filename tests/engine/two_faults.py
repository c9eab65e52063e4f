"""An adapter with two faults at once, shipped to workers; a run must find the two, apart.

It is no part of `tests.faulty`, whose adapters have one fault each, and is made from none of them.
"""

from dataclasses import replace

from tests.faulty.base import Faulty


class TwoFaults(Faulty):
    """The dilation is 1 where there is more than one group, and the last position of the last axis lacks the bias."""

    def understand(self, api):
        return replace(api.geometry, dilation=(1,) * api.axes) if api.geometry.groups > 1 else api.geometry

    def answer(self, output, result, api):
        if result.addend is not None:
            output[..., -1:] -= result.addend.astype(output.dtype)
        return output
