"""Adapters that say something wrong of the API or of the layer itself: each is the reference with one fault."""

from conformance.adapters.numpy import NumpyAdapter
from tests.faulty.base import Faulty


class DefaultChanged(Faulty):
    """The signature has another default for dilation."""

    def describe_target(self, target):
        reply = super().describe_target(target)
        return reply | {"defaults": reply["defaults"] | {"dilation": 2}}


class ParameterMissing(Faulty):
    """The signature lacks dilation."""

    def describe_target(self, target):
        reply = super().describe_target(target)
        defaults = {name: value for name, value in reply["defaults"].items() if name != "dilation"}
        return reply | {"names": [name for name in reply["names"] if name != "dilation"], "defaults": defaults}


class WeightStoredTransposed(Faulty):
    """The module's own weight has its channels the other way round: `(C_out / groups, C_in, *K)`."""

    def run(self, request):
        reply = super().run(request)
        for stored in (item for name, item in reply.get("parameters", {}).items() if name == "weight"):
            incoming, outgoing, *kernel = stored["shape"]
            stored["shape"] = [outgoing, incoming, *kernel]
        return reply


class ParameterRenamed(NumpyAdapter):
    """The signature calls the stride strides."""

    def describe_target(self, target):
        reply = super().describe_target(target)
        names = ["strides" if name == "stride" else name for name in reply["names"]]
        defaults = {"strides" if name == "stride" else name: value for name, value in reply["defaults"].items()}
        return reply | {"names": names, "defaults": defaults}


class ParametersReordered(NumpyAdapter):
    """The signature has stride and kernel_size in the opposite order."""

    def describe_target(self, target):
        reply = super().describe_target(target)
        other = {"stride": "kernel_size", "kernel_size": "stride"}
        return reply | {"names": [other.get(name, name) for name in reply["names"]]}


class DefaultOfAnotherType(NumpyAdapter):
    """The signature's default for dilation is a bool that equals 1."""

    def describe_target(self, target):
        reply = super().describe_target(target)
        return reply | {"defaults": reply["defaults"] | {"dilation": True}}
