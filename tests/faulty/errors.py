"""Adapters that accept what is invalid, refuse what is valid, or refuse wrongly: the reference with one fault each."""

import numpy as np

from conformance.adapters.numpy import NumpyAdapter
from reference.documented import Refusal
from tests.faulty.base import Faulty


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


class Says(NumpyAdapter):
    """The base of those that refuse what they should, with another message."""

    def message(self, argument: str) -> str:
        raise NotImplementedError

    def construct(self, target, request):
        try:
            return super().construct(target, request)
        except Refusal as refusal:
            refusal.args = (self.message(refusal.argument),)
            raise

    def compute(self, api, inputs, parameters, options):
        try:
            return super().compute(api, inputs, parameters, options)
        except Refusal as refusal:
            refusal.args = (self.message(refusal.argument),)
            raise


class MessageNamesNothing(Says):
    """The message of an error is that something is invalid."""

    def message(self, argument):
        return "invalid value"


class MessageNamesAnotherArgument(Says):
    """The message of an error names the stride, or the dilation where it is the stride that is wrong."""

    def message(self, argument):
        return f"{'dilation' if argument == 'stride' else 'stride'} is invalid"


class EndsTheProgram(NumpyAdapter):
    """An invalid argument raises SystemExit with the right message."""

    def construct(self, target, request):
        try:
            return super().construct(target, request)
        except Refusal as refusal:
            raise SystemExit(str(refusal)) from refusal


class Deferred:
    """What is constructed of arguments that should have been refused at once."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        return {}


class RefusesAtTheCall(NumpyAdapter):
    """An invalid argument of the constructor is refused when the layer is called."""

    def construct(self, target, request):
        try:
            return super().construct(target, request)
        except Refusal as refusal:
            return Deferred(refusal)

    def compute(self, api, inputs, parameters, options):
        if isinstance(api, Deferred):
            raise api.refusal
        return super().compute(api, inputs, parameters, options)
