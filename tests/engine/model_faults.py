"""The reference with a fault that shows in some counterparts only, shipped to workers that play a framework."""

from typing import Any

import numpy as np

from conformance.adapters.numpy import NumpyAdapter
from conformance.adapters.wire import array_in, array_out


class WrongPrimitives(NumpyAdapter):
    """Everything that is no layer gives a result with its first element one too large."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = super().run(request)
        if ".nn." not in request["target"] and reply["status"] == "returned":
            wrong = array_in(reply["outputs"]["output"])
            wrong.reshape(-1)[:1] += np.float32(1)
            reply["outputs"]["output"] = array_out(wrong)
        return reply


class WrongLayers(NumpyAdapter):
    """Every result has an element too much."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = super().run(request)
        if reply["status"] == "returned":
            wrong = array_in(reply["outputs"]["output"])
            reply["outputs"]["output"] = array_out(np.append(wrong, wrong[..., -1:], axis=-1))
        return reply
