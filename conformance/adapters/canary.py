"""A backend with planted faults: the last element of every result is wrong, and nothing invalid is refused.

Each run sends it a few cases. Should the judge accept one of them, the judge is broken, and the run says so.
"""

from typing import Any

import numpy

from conformance.adapters.numpy import NumpyAdapter
from conformance.adapters.wire import array_out
from reference.documented import ReferenceApi


class CanaryAdapter(NumpyAdapter):
    """The reference with both faults."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return zeros wherever the reference would raise."""
        reply = super().run(request)
        if reply["status"] != "raised":
            return reply
        return {
            "status": "returned",
            "outputs": {"output": array_out(numpy.zeros((1, 1), "float32"))},
            "parameters": {},
        }

    def compute(self, api: ReferenceApi, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        """The documented output with its last element one too large."""
        output = super().compute(api, inputs, parameters, options)
        output.reshape(-1)[-1:] += 1
        return output


Adapter = CanaryAdapter
