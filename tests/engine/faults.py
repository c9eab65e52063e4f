"""How each faulty adapter has to be found out: its verdicts, the claims it must contradict, and the cases that show it.

A table of data, read by `faulty_run`. Each fault runs on a slice of the default cases of one or two APIs, so that all
of them together take minutes.
"""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass

import tests.faulty
from conformance.adapters.numpy import NumpyAdapter
from tests.faulty import (
    arguments,
    consistency,
    element_types,
    errors,
    gradients,
    initialisers,
    modes,
    operands,
    processes,
    results,
    signatures,
    special_values,
)

TORCH_1D, TORCH_2D = "torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"
MINDSPORE_1D, MINDSPORE_2D = "mindspore.nn.Conv1dTranspose", "mindspore.nn.Conv2dTranspose"
FUNCTION, PRIMITIVE = "torch.nn.functional.conv_transpose2d", "mindspore.ops.Conv2DTranspose"
BOTH = (TORCH_2D, MINDSPORE_1D)


@dataclass(frozen=True)
class Fault:
    """A faulty adapter, and how it has to be found out.

    `verdicts` are all the unexpected verdicts that it must get and may get; of `claims` (their ids after the slash)
    each must be contradicted, by a record or by a comparison of two. `shown` are the cases that it runs on: categories
    of the generator, and claims whose pairs of calls are run. `hidden` says that a record does not show what the fault
    changes; `rounding` that some of what it changes is what rounding may change.
    """

    adapter: type[NumpyAdapter]
    verdicts: frozenset[str]
    claims: tuple[str, ...]
    shown: tuple[str, ...]
    apis: tuple[str, ...] = BOTH
    hidden: bool = False
    rounding: bool = False
    limit: float = 30.0

    @property
    def name(self) -> str:
        """The name of the adapter's class."""
        return self.adapter.__name__

    @property
    def path(self) -> str:
        """Where a worker finds it."""
        return f"{self.adapter.__module__}:{self.name}"

    @property
    def statement(self) -> str:
        """What is wrong with it, in a sentence."""
        return " ".join((self.adapter.__doc__ or "").partition("\n\n")[0].split())


VALID = "examples, configurations"


def _fault(
    adapter: type[NumpyAdapter], verdicts: str, claims: str, *chosen: str, shown: str = VALID, **more: object
) -> Fault:
    words = tuple(shown.split(", "))
    return Fault(adapter, frozenset(verdicts.split()), tuple(claims.split()), words, chosen or BOTH, **more)  # type: ignore[arg-type]


def adapters() -> set[type[NumpyAdapter]]:
    """The faulty adapters that there are: those classes that no other is made from."""
    names = [f"{tests.faulty.__name__}.{module.name}" for module in pkgutil.iter_modules(tests.faulty.__path__)]
    modules = [importlib.import_module(name) for name in names if not name.endswith(".__main__")]
    found = [
        item
        for module in modules
        for _, item in inspect.getmembers(module, inspect.isclass)
        if item.__module__ == module.__name__ and issubclass(item, NumpyAdapter)
    ]
    return {item for item in found if not item.__subclasses__()}


_ARGUMENTS = (
    _fault(arguments.StrideIgnored, "differs", "stride-steps output-shape output-values output-length-valid"),
    _fault(arguments.StrideAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    _fault(arguments.DilationIgnored, "differs", "dilation-spaces output-shape output-values"),
    _fault(arguments.DilationIgnoredWithGroups, "differs", "output-shape output-values"),
    _fault(arguments.PaddingIgnored, "differs", "padding-crops output-shape same-keeps-shape-at-stride-1"),
    _fault(arguments.PaddingSidesSwapped, "differs", "output-values", MINDSPORE_2D),
    _fault(arguments.PaddingAxesSwapped, "differs", "output-values output-shape", TORCH_2D),
    _fault(arguments.OddPaddingOnTheOtherSide, "differs", "same-odd-excess output-values", MINDSPORE_1D),
    _fault(arguments.SameTakenForValid, "differs", "same-keeps-shape-at-stride-1 same-odd-excess", MINDSPORE_1D),
    _fault(arguments.OutputPaddingIgnored, "differs", "output-padding-no-zeros output-shape", TORCH_2D),
    _fault(arguments.OutputPaddingAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    _fault(arguments.OutputSizeIgnored, "differs", "example-output-size", TORCH_2D),
    _fault(arguments.BiasIgnored, "differs", "bias-added has-bias-adds output-values"),
    _fault(arguments.BiasIgnoredInARareCase, "differs", "output-values"),
    _fault(arguments.GroupsIgnored, "differs", "groups-side-by-side group-splits output-values"),
    _fault(arguments.PaddingsSwappedByPosition, "differs", "output-values output-shape", TORCH_2D),
)
_OPERANDS = (
    _fault(operands.GroupChannelsInterleaved, "differs", "output-values"),
    _fault(operands.KernelFlipped, "differs", "output-values stride-steps"),
    _fault(operands.KernelAxesSwapped, "differs", "output-values", TORCH_2D),
    _fault(operands.WeightInOutTransposed, "differs", "output-values"),
    _fault(operands.LastTapDropped, "differs", "output-values"),
    _fault(operands.BatchItemReused, "differs", "output-values"),
    _fault(operands.OperandsRounded, "differs", "output-values", rounding=True),
    _fault(operands.FunctionBiasSubtracted, "differs", "output-values bias-added", FUNCTION),
    _fault(operands.PrimitivePadSidesSwapped, "differs", "output-values", PRIMITIVE),
)
_RESULTS = (
    _fault(results.OutputPaddingHoldsZeros, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    _fault(results.OutputPaddingAtBegin, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    _fault(results.BiasAddedTwice, "differs", "bias-added has-bias-adds output-values"),
    _fault(results.BiasMissingAtTheBorder, "differs", "bias-added has-bias-adds output-values"),
    _fault(results.BiasMissingInHoles, "differs", "output-values"),
    _fault(results.BatchReversed, "differs", "output-values"),
    _fault(results.UnbatchedKeepsABatch, "differs", "output-shape output-values", TORCH_2D),
    _fault(results.LastElementDropped, "differs", "output-shape output-values output-length-pad"),
    _fault(results.LastElementWrong, "differs", "output-values"),
    _fault(results.LastBitWrong, "differs", "output-values", rounding=True),
    _fault(results.RoundedToWholeNumbers, "differs", "output-values", rounding=True),
    _fault(results.HalfPrecisionAccumulation, "differs", "output-values", TORCH_1D, rounding=True),
    _fault(results.WrongDtype, "differs", "output-values"),
    _fault(results.NanForLargeNumbers, "differs", "output-values"),
    _fault(results.UninitialisedElement, "unstable", "output-values", shown="inspection, examples"),
    _fault(results.EveryFiftiethCallWrong, "unstable", "output-values"),
)
_GRADIENTS = (
    _fault(
        gradients.InputGradientNegated,
        "differs",
        "gradient-input gradient-input-stride gradient-input-groups gradient-input-group gradient-input-pad-mode-same",
        shown="gradients",
    ),
    _fault(gradients.WeightGradientChannelsExchanged, "differs", "gradient-weight", shown="gradients"),
    _fault(
        gradients.WeightGradientGroupsMixed,
        "differs",
        "gradient-weight gradient-weight-groups gradient-weight-group",
        shown="gradients",
    ),
    _fault(gradients.BiasGradientOfOneSample, "differs", "gradient-bias", shown="gradients"),
    _fault(
        gradients.GradientDilationIgnored,
        "differs",
        "gradient-input-dilation gradient-weight-dilation",
        shown="gradients",
    ),
    _fault(
        gradients.GradientOutputPaddingIgnored,
        "differs",
        "gradient-input-output-padding gradient-weight-output-padding gradient-bias",
        TORCH_2D,
        shown="gradients",
    ),
    _fault(
        gradients.UpstreamTakenForOnes, "differs", "gradient-input gradient-weight gradient-bias", shown="gradients"
    ),
    _fault(
        gradients.GradientsNotCleared, "differs unstable", "gradient-weight gradient-bias", TORCH_2D, shown="gradients"
    ),
    _fault(gradients.GradientOfTheFlippedKernel, "differs", "gradient-input", PRIMITIVE, shown="gradients"),
)
_TYPES = (
    _fault(
        element_types.DoubleComputedInSingle,
        "differs",
        "type-float64",
        TORCH_1D,
        FUNCTION,
        shown="element types",
        rounding=True,
    ),
    _fault(element_types.HalfKeepsEightBits, "differs", "type-float16", shown="element types", rounding=True),
    _fault(element_types.BfloatKeepsFourBits, "differs", "type-bfloat16", shown="element types", rounding=True),
    _fault(element_types.HalfReturnedInSingle, "differs", "type-float16", shown="element types"),
    _fault(element_types.WholeNumbersReturnedAsFloats, "differs", "type-integers", FUNCTION, shown="element types"),
    _fault(element_types.WholeNumbersKeptInAByte, "differs", "type-integers", FUNCTION, shown="element types"),
    _fault(
        element_types.ImaginaryPartDropped, "differs", "type-complex64 type-complex128", TORCH_2D, shown="element types"
    ),
    _fault(
        element_types.ComplexWeightConjugated,
        "differs",
        "type-complex64 type-complex128",
        TORCH_2D,
        shown="element types",
    ),
)
_MODES = (
    _fault(modes.StrideIgnoredInGraph, "differs", "modes-agree output-values", shown="slow"),
    _fault(modes.PaddingTransposedInGraph, "differs", "modes-agree output-shape", TORCH_2D, shown="slow"),
    _fault(modes.DtypeWidenedInGraph, "differs", "output-values", shown="slow"),
    _fault(modes.GroupsRefusedInGraph, "rejects-valid", "modes-agree output-values", shown="slow"),
    _fault(modes.GraphDies, "crashed", "modes-agree output-values", TORCH_2D, shown="slow"),
)
_CONSISTENCY = (
    _fault(
        consistency.LastOfABatchWrong,
        "differs",
        "independent-of-batch-size output-values",
        TORCH_2D,
        shown="independent-of-batch-size",
    ),
    _fault(
        consistency.OddSamplesLackTheBias,
        "differs",
        "independent-of-position-in-batch output-values",
        TORCH_2D,
        shown="independent-of-position-in-batch",
    ),
    _fault(
        consistency.GapsRead,
        "differs",
        "independent-of-layout layout-strided",
        TORCH_2D,
        FUNCTION,
        shown="layouts, independent-of-layout",
    ),
    _fault(
        consistency.ChannelsLastReadAsFirst,
        "differs",
        "independent-of-layout layout-channels-last",
        TORCH_2D,
        shown="layouts, independent-of-layout",
    ),
    _fault(
        consistency.TransposedReadAsUsual,
        "differs",
        "independent-of-layout layout-transposed",
        MINDSPORE_2D,
        shown="layouts, independent-of-layout",
    ),
    _fault(
        consistency.ExpandedSamplesLost,
        "differs",
        "independent-of-layout layout-expanded",
        TORCH_2D,
        shown="layouts, independent-of-layout",
    ),
    _fault(
        consistency.BiasLostWithGradients,
        "differs",
        "independent-of-differentiation output-values",
        TORCH_2D,
        shown="independent-of-differentiation",
    ),
    _fault(
        consistency.LaterCallsAddUp,
        "differs",
        "independent-of-repetition output-values",
        TORCH_2D,
        FUNCTION,
        shown="independent-of-repetition",
    ),
    _fault(consistency.GroupsReversed, "differs", "groups-apart groups-side-by-side", TORCH_2D, shown="groups-apart"),
)
_SPECIAL = (
    _fault(special_values.NanTakenForZero, "differs", "special-values", shown="special values"),
    _fault(special_values.InfinityClipped, "differs", "special-values", shown="special values"),
    _fault(special_values.InfinityLosesItsSign, "differs", "special-values", shown="special values"),
    _fault(special_values.ZeroTimesInfinityIsZero, "differs", "special-values", shown="special values"),
)
_INITIAL = (
    _fault(initialisers.BiasInitIgnored, "differs", "output-values", MINDSPORE_1D, shown="untouched"),
    _fault(
        initialisers.UniformTwiceAsWide,
        "differs",
        "weight-distribution weight-uniform-distribution bias-uniform-distribution",
        shown="initialised",
    ),
    _fault(
        initialisers.UniformOfHalfTheWidth,
        "differs",
        "weight-distribution weight-uniform-distribution bias-uniform-distribution",
        shown="initialised",
    ),
    _fault(
        initialisers.NormalForUniform,
        "differs",
        "weight-distribution weight-uniform-distribution weight-heuniform-distribution",
        shown="initialised",
    ),
    _fault(
        initialisers.BiasStartsWithZeros, "differs", "bias-distribution bias-ones-distribution", shown="initialised"
    ),
    _fault(
        initialisers.TruncatedNormalNotCut,
        "differs",
        "weight-initializer-distribution",
        MINDSPORE_1D,
        shown="initialised",
    ),
    _fault(
        initialisers.UnitsOfTheOtherSide,
        "differs",
        "weight-distribution bias-distribution",
        TORCH_2D,
        shown="initialised",
    ),
    _fault(
        initialisers.ConstantOneUlpTooLarge,
        "differs",
        "weight-number-distribution weight-ones-distribution bias-zeros-distribution",
        MINDSPORE_1D,
        shown="initialised",
    ),
    _fault(
        initialisers.OneNumberForAll,
        "differs",
        "weight-distribution bias-distribution weight-normal-distribution",
        shown="initialised",
    ),
)
_ERRORS = (
    _fault(
        errors.IndivisibleGroupsAccepted,
        "accepts-invalid",
        "groups-divide-channels group-divides-channels",
        shown="invalid",
    ),
    _fault(errors.NegativePaddingAccepted, "accepts-invalid", "padding-negative", MINDSPORE_1D, shown="invalid"),
    _fault(errors.WrongChannelsAccepted, "accepts-invalid", "input-channels", shown="invalid"),
    _fault(
        errors.FloatsAccepted, "accepts-invalid", "kernel-size-type stride-type kernel-size-not-int", shown="invalid"
    ),
    _fault(
        errors.WrongErrorClass,
        "wrong-error",
        "padding-negative pad-mode-choice stride-less-than-1",
        MINDSPORE_1D,
        shown="invalid",
    ),
    _fault(errors.StrideWithDilationRefused, "rejects-valid", "output-values"),
    _fault(
        errors.InitializerNamesInCapitalsRefused,
        "rejects-valid",
        "weight-init-accepts-ones bias-init-accepts-ones",
        MINDSPORE_1D,
        shown="untouched",
    ),
    _fault(errors.MessageNamesNothing, "wrong-error", "errors-name-argument", shown="invalid"),
    _fault(errors.MessageNamesAnotherArgument, "wrong-error", "errors-name-argument", shown="invalid"),
    _fault(errors.EndsTheProgram, "wrong-error", "padding-negative stride-less-than-1", MINDSPORE_1D, shown="invalid"),
)
_SIGNATURES = (
    _fault(signatures.DefaultChanged, "differs", "default-dilation", shown="inspection, examples", hidden=True),
    _fault(signatures.ParameterMissing, "differs", "parameters default-dilation", shown="inspection, examples"),
    _fault(signatures.ParameterRenamed, "differs", "parameters default-stride", shown="inspection, examples"),
    _fault(signatures.ParametersReordered, "differs", "parameters", shown="inspection, examples"),
    _fault(signatures.DefaultOfAnotherType, "differs", "default-dilation", shown="inspection, examples", hidden=True),
    _fault(signatures.WeightStoredTransposed, "differs", "weight-shape", TORCH_2D, hidden=True),
)
_PROCESSES = (
    _fault(processes.Segfaults, "crashed", "output-values", TORCH_1D),
    _fault(processes.Aborts, "crashed", "output-values", TORCH_1D),
    _fault(processes.LeavesSilently, "crashed", "output-values", TORCH_1D),
    _fault(processes.WritesIntoTheProtocol, "crashed", "output-values", TORCH_1D),
    _fault(processes.Hangs, "timed-out", "output-values", TORCH_1D, limit=2.0),
)
FAULTS = (
    *_ARGUMENTS,
    *_OPERANDS,
    *_RESULTS,
    *_GRADIENTS,
    *_TYPES,
    *_MODES,
    *_CONSISTENCY,
    *_SPECIAL,
    *_INITIAL,
    *_ERRORS,
    *_SIGNATURES,
    *_PROCESSES,
)
# What users are better off without and no document excludes: the advice must see it, and the run must not fail.
ADVISED = (_fault(errors.RefusesAtTheCall, "", "errors-at-construction", shown="invalid"),)
