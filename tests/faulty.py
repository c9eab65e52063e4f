"""Adapters that are the NumPy reference with one fault each, to prove that the suite sees the fault.

They are shipped to a worker: only the standard library, NumPy, the adapters and the reference are imported here. What
each must be judged to be stands in `tests/engine/faulty_run.py`. `python -m tests.faulty` prints what caught which.
"""

import ctypes
import os
import stat
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.numpy import NumpyAdapter
from reference.conv_transpose.module import Geometry
from reference.documented import Refusal


class Faulty(NumpyAdapter):
    """The reference itself, cut where a fault can be put in: what is fed, weighed, understood and answered."""

    def feed(self, x: Any, api: Any) -> Any:
        """The input as the layer reads it, `(N, C_in, *S)` or `(C_in, *S)`."""
        return x

    def weigh(self, weight: Any, api: Any) -> Any:
        """The loaded weight as the layer reads it, `(C_in, C_out / groups, *K)`."""
        return weight

    def understand(self, api: Any) -> Geometry:
        """What the layer takes its arguments to mean."""
        return api.geometry

    def answer(self, output: Any, result: Any, api: Any) -> Any:
        """What the layer makes of its `output`; `result` is what the law says of it."""
        return output

    def compute(self, api: Any, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        x = self.feed(inputs[0], api)
        held = {name: self.weigh(array, api) if name == "weight" else array for name, array in parameters.items()}
        api.geometry = self.understand(api)
        result = api.result(x, parameters=held, **options)
        return self.answer(result.value.astype(x.dtype), result, api)


def has_mode_same(api: Any) -> bool:
    """Whether this is a layer with a pad_mode, and it is same."""
    return getattr(api, "_pad_mode", "") == "same"


# The arguments are misunderstood.


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
        return super().compute(api, inputs, parameters, {})


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


# The operands are misread.


class GroupChannelsInterleaved(Faulty):
    """Input channel i belongs to group i modulo groups; groups are not blocks of neighbours."""

    def feed(self, x, api):
        geometry, axis = api.geometry, x.ndim - api.axes - 1
        if axis not in (0, 1) or x.shape[axis] != geometry.in_channels:
            return x
        order = np.arange(geometry.in_channels).reshape(-1, geometry.groups).T.reshape(-1)
        return x.take(order, axis)


class KernelFlipped(Faulty):
    """The kernel is flipped along every spatial axis."""

    def weigh(self, weight, api):
        return np.flip(weight, tuple(range(2, weight.ndim)))


class KernelAxesSwapped(Faulty):
    """The kernel's memory is read as if its spatial axes were stored in the opposite order."""

    def weigh(self, weight, api):
        stored = weight.reshape(*weight.shape[:2], *weight.shape[:1:-1])
        return stored.transpose(0, 1, *range(weight.ndim - 1, 1, -1))


class WeightInOutTransposed(Faulty):
    """The weight's memory is read as `(C_out / groups, C_in, *K)`."""

    def weigh(self, weight, api):
        return weight.reshape(weight.shape[1], weight.shape[0], *weight.shape[2:]).swapaxes(0, 1)


class LastTapDropped(Faulty):
    """The last tap of the last kernel axis is left out where there is more than one."""

    def weigh(self, weight, api):
        taps = weight.shape[-1]
        return np.where(np.arange(taps) == taps - 1, 0, weight).astype(weight.dtype) if taps > 1 else weight


class BatchItemReused(Faulty):
    """Every item of a batch is taken to be the first."""

    def feed(self, x, api):
        return np.broadcast_to(x[:1], x.shape) if x.ndim == api.axes + 2 else x


class OperandsRounded(Faulty):
    """Input and weight lose all but ten bits of their fractions, as in TensorFloat-32."""

    def feed(self, x, api):
        return (np.ascontiguousarray(x).view(np.uint32) & 0xFFFFE000).view(np.float32)

    weigh = feed


# The result is spoilt.


class BatchReversed(Faulty):
    """The items of a batch come back in the opposite order."""

    def answer(self, output, result, api):
        return output[::-1] if output.ndim == api.axes + 2 else output


class UnbatchedKeepsABatch(Faulty):
    """The result of an unbatched input has a batch of one."""

    def answer(self, output, result, api):
        return output[None] if output.ndim == api.axes + 1 else output


class LastElementDropped(Faulty):
    """The last axis lacks its last element."""

    def answer(self, output, result, api):
        return output[..., :-1]


class LastElementWrong(Faulty):
    """The very last element is one too large."""

    def answer(self, output, result, api):
        output.reshape(-1)[-1] += 1
        return output


class LastBitWrong(Faulty):
    """Each element but zeros is the next larger number: what rounding may do to real numbers, and not to whole ones."""

    def answer(self, output, result, api):
        return np.where(output == 0, output, np.nextafter(output, np.float32(np.inf)))


class RoundedToWholeNumbers(Faulty):
    """Each element is rounded to a whole number: right for whole numbers, wrong for real ones."""

    def answer(self, output, result, api):
        return np.round(output)


class OutputPaddingHoldsZeros(Faulty):
    """What output_padding adds holds zeros."""

    def answer(self, output, result, api):
        for axis, longer in enumerate(api.geometry.longer):
            output.swapaxes(-1, axis - api.axes)[..., output.shape[axis - api.axes] - longer :] = 0
        return output


class OutputPaddingAtBegin(Faulty):
    """The output is lengthened, with zeros, at its begin instead of its end."""

    def answer(self, output, result, api):
        for axis, longer in enumerate(api.geometry.longer):
            output = np.roll(output, longer, axis - api.axes)
            output.swapaxes(-1, axis - api.axes)[..., :longer] = 0
        return output


class BiasAddedTwice(Faulty):
    """The bias is added twice."""

    def answer(self, output, result, api):
        return output if result.addend is None else (output + result.addend).astype(output.dtype)


class BiasMissingAtTheBorder(Faulty):
    """The last position of the last axis lacks the bias."""

    def answer(self, output, result, api):
        if result.addend is not None:
            output[..., -1:] -= result.addend.astype(output.dtype)
        return output


class BiasMissingInHoles(Faulty):
    """Positions that no input element reaches hold zero instead of the bias."""

    def answer(self, output, result, api):
        return output if result.addend is None else np.where(result.terms == 1, np.zeros_like(output), output)


class HalfPrecisionAccumulation(Faulty):
    """The contributions of the kernel's taps are added in float16. Whole numbers up to 2048 survive that."""

    def compute(self, api, inputs, parameters, options):
        x, geometry = inputs[0], api.geometry
        bias = api.result(x, parameters=parameters, **options).addend
        weight = parameters["weight"] if "weight" in parameters else api.initial("weight")
        taps = weight.reshape(*weight.shape[:2], -1)
        total = np.float16(0) if bias is None else bias.astype(np.float16)
        api.geometry = replace(geometry, bias=False)
        for tap in range(taps.shape[-1]):
            alone = np.where(np.arange(taps.shape[-1]) == tap, taps, 0).astype(weight.dtype).reshape(weight.shape)
            total = total + api.result(x, parameters={"weight": alone}, **options).value.astype(np.float16)
        return total.astype(x.dtype)


class WrongDtype(Faulty):
    """The result is float64 whatever the input is."""

    def answer(self, output, result, api):
        return output.astype(np.float64)


class NanForLargeNumbers(Faulty):
    """Nan where a number exceeds 60 in absolute value.

    It stands in for nan in place of an infinity: nothing overflows in the data of a default run, and an overflow would
    not be judged yet, so that a range smaller than float32's has to do.
    """

    def answer(self, output, result, api):
        return np.where(np.abs(output) > 60, np.float32(np.nan), output)


class UninitialisedElement(Faulty):
    """The first element is left as the process found it: another number in each process."""

    def answer(self, output, result, api):
        output.reshape(-1)[0] += os.getpid()
        return output


class EveryFiftiethCallWrong(Faulty):
    """From its hundredth call on, a process answers every fiftieth call wrongly."""

    calls = 0

    def answer(self, output, result, api):
        self.calls += 1
        return output + 1 if self.calls >= 100 and self.calls % 50 == 0 else output


# What is invalid is accepted, what is valid refused, or the refusal is of the wrong kind.


class Unchecked:
    """What is constructed of arguments that should have been refused."""

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        return {}


class Accepts(Faulty):
    """The base of those that do not refuse something: its result is zeros."""

    def passes(self, refusal: Refusal) -> bool:
        raise NotImplementedError

    def construct(self, target, request):
        try:
            return super().construct(target, request)
        except Refusal as refusal:
            if self.passes(refusal):
                return Unchecked()
            raise

    def compute(self, api, inputs, parameters, options):
        try:
            if not isinstance(api, Unchecked):
                return super().compute(api, inputs, parameters, options)
        except Refusal as refusal:
            if not self.passes(refusal):
                raise
        return np.zeros((1, 1), np.float32)


class IndivisibleGroupsAccepted(Accepts):
    """Channels that groups does not divide raise no error."""

    def passes(self, refusal):
        return refusal.rule == "divisible"


class NegativePaddingAccepted(Accepts):
    """A negative padding raises no error."""

    def passes(self, refusal):
        return (refusal.argument, refusal.rule) == ("padding", "range")


class WrongChannelsAccepted(Accepts):
    """An input with a wrong number of channels raises no error."""

    def passes(self, refusal):
        return refusal.rule == "channels"


class FloatsAccepted(Accepts):
    """A size that is no whole number raises no error."""

    def passes(self, refusal):
        return refusal.rule == "type" and "1.5" in str(refusal)


class WrongErrorClass(Faulty):
    """A RuntimeError is raised where the documents say ValueError."""

    def construct(self, target, request):
        try:
            return super().construct(target, request)
        except ValueError as error:
            raise RuntimeError(str(error)) from error


class StrideWithDilationRefused(Faulty):
    """Valid calls with both a stride and a dilation raise an error."""

    def construct(self, target, request):
        api = super().construct(target, request)
        if max(api.geometry.stride) > 1 and max(api.geometry.dilation) > 1:
            raise NotImplementedError("stride together with dilation")
        return api


class InitializerNamesInCapitalsRefused(Faulty):
    """Names of initializers are not accepted in capitals."""

    def construct(self, target, request):
        for name in ("weight_init", "bias_init"):
            given = request["construct"]["keyword"].get(name)
            if isinstance(given, str) and given.isupper():
                raise ValueError(f"{name} {given!r} is not known")
        return super().construct(target, request)


class BiasInitIgnored(Faulty):
    """The bias starts with zeros, whatever bias_init says."""

    def construct(self, target, request):
        api = super().construct(target, request)
        if hasattr(api, "_inits"):
            api._inits = {**api._inits, "bias": 0}
        return api


class PaddingsSwappedByPosition(Faulty):
    """Passed by position, the padding and the output padding of PyTorch's signature are taken for one another."""

    def construct(self, target, request):
        given = request["construct"]["positional"]
        if len(given) > 5 and not request["target"].startswith("mindspore."):
            given[4:6] = given[5:3:-1]
        return super().construct(target, request)


# What the layer says of itself is wrong.


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


# The process dies, hangs, or spoils the connection; in few cases, for each costs fresh workers.


class Dies(Faulty):
    """The base of those that die: on unbatched input, with three groups, a stride of 1 and a kernel longer than 2."""

    def die(self) -> None:
        raise NotImplementedError

    def answer(self, output, result, api):
        geometry = api.geometry
        rare = geometry.groups == 3 and max(geometry.stride) == 1 and min(geometry.kernel) > 2 and output.ndim == 2
        if rare:
            self.die()
        return output


class Segfaults(Dies):
    """Reads from address 0."""

    def die(self):
        ctypes.string_at(0)


class Aborts(Dies):
    """Calls abort, as a failed check in native code does."""

    def die(self):
        os.abort()


class LeavesSilently(Dies):
    """Ends with exit code 0 in the middle of a call."""

    def die(self):
        os._exit(0)


class Hangs(Dies):
    """Never answers."""

    def die(self):
        time.sleep(1000)


class WritesIntoTheProtocol(Dies):
    """Writes a log line into every pipe that is open, the connection to the driver among them."""

    def die(self):
        for number in range(3, 64):
            with suppress(OSError):
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.write(number, b"[WARNING] a log line of a framework\n" * 4)


if __name__ == "__main__":
    from tests.engine.faulty_run import main

    main()
