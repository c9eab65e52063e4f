"""How the adapters have to be found out that spoil results or gradients: by argument, operand, element type or mode."""

from tests.engine.fault import FUNCTION, MINDSPORE_1D, MINDSPORE_2D, PRIMITIVE, TORCH_1D, TORCH_2D, fault
from tests.faulty import arguments, consistency, element_types, gradients, modes, operands, results, special_values

ALL_NUMBERS = "examples, configurations"

_ARGUMENTS = (
    fault(arguments.StrideIgnored, "differs", "stride-steps output-shape output-values output-length-valid"),
    fault(arguments.StrideAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    fault(arguments.DilationIgnored, "differs", "dilation-spaces output-shape output-values"),
    fault(arguments.DilationIgnoredWithGroups, "differs", "output-shape output-values"),
    fault(arguments.PaddingIgnored, "differs", "padding-crops output-shape same-keeps-shape-at-stride-1"),
    fault(arguments.PaddingSidesSwapped, "differs", "output-values", MINDSPORE_2D),
    fault(arguments.PaddingAxesSwapped, "differs", "output-values output-shape", TORCH_2D),
    fault(arguments.OddPaddingOnTheOtherSide, "differs", "same-odd-excess output-values", MINDSPORE_1D),
    fault(arguments.SameTakenForValid, "differs", "same-keeps-shape-at-stride-1 same-odd-excess", MINDSPORE_1D),
    fault(arguments.OutputPaddingIgnored, "differs", "output-padding-no-zeros output-shape", TORCH_2D),
    fault(arguments.OutputPaddingAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    fault(arguments.OutputSizeIgnored, "differs", "example-output-size", TORCH_2D),
    fault(arguments.BiasIgnored, "differs", "bias-added has-bias-adds output-values"),
    fault(arguments.BiasIgnoredInARareCase, "differs", "output-values", TORCH_2D),
    fault(arguments.GroupsIgnored, "differs", "groups-side-by-side group-splits output-values"),
    fault(arguments.PaddingsSwappedByPosition, "differs", "output-values output-shape", TORCH_2D),
)
_OPERANDS = (
    fault(operands.GroupChannelsInterleaved, "differs", "output-values"),
    fault(operands.KernelFlipped, "differs", "output-values stride-steps"),
    fault(operands.KernelAxesSwapped, "differs", "output-values", TORCH_2D),
    fault(operands.WeightInOutTransposed, "differs", "output-values", TORCH_2D),
    fault(operands.LastTapDropped, "differs", "output-values", MINDSPORE_1D),
    fault(operands.BatchItemReused, "differs", "output-values", TORCH_2D),
    fault(operands.OperandsRounded, "differs", "output-values", shown=ALL_NUMBERS, loose="normal"),
    fault(operands.FunctionBiasSubtracted, "differs", "output-values bias-added", FUNCTION),
    fault(operands.PrimitivePadSidesSwapped, "differs", "output-values", PRIMITIVE),
)
_RESULTS = (
    fault(results.OutputPaddingHoldsZeros, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    fault(results.OutputPaddingAtBegin, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    fault(results.BiasAddedTwice, "differs", "bias-added has-bias-adds output-values"),
    fault(results.BiasMissingAtTheBorder, "differs", "bias-added has-bias-adds output-values"),
    fault(results.BiasMissingInHoles, "differs", "output-values", TORCH_2D),
    fault(results.BatchReversed, "differs", "output-values", MINDSPORE_1D),
    fault(results.UnbatchedKeepsABatch, "differs", "output-shape output-values", TORCH_2D),
    fault(results.LastElementDropped, "differs", "output-shape output-values output-length-pad"),
    fault(results.LastElementWrong, "differs", "output-values", TORCH_2D),
    fault(results.LastBitWrong, "differs", "output-values", shown=ALL_NUMBERS, loose="normal"),
    fault(results.RoundedToWholeNumbers, "differs", "output-values", shown=ALL_NUMBERS, loose="normal"),
    fault(results.HalfPrecisionAccumulation, "differs", "output-values", TORCH_1D, shown=ALL_NUMBERS, loose="normal"),
    fault(results.WrongDtype, "differs", "output-values", MINDSPORE_1D, whole=True),
    fault(results.NanForLargeNumbers, "differs", "output-values", TORCH_2D),
    fault(results.UninitialisedElement, "unstable", "output-values", shown="inspection, examples"),
    fault(results.EveryFiftiethCallWrong, "unstable", "output-values", TORCH_2D),
)
_GRADIENTS = (
    fault(
        gradients.InputGradientNegated,
        "differs",
        "gradient-input gradient-input-stride gradient-input-groups gradient-input-group gradient-input-pad-mode-same",
        shown="gradients",
    ),
    fault(gradients.WeightGradientChannelsExchanged, "differs", "gradient-weight", shown="gradients"),
    fault(
        gradients.WeightGradientGroupsMixed,
        "differs",
        "gradient-weight gradient-weight-groups gradient-weight-group",
        shown="gradients",
    ),
    fault(gradients.BiasGradientOfOneSample, "differs", "gradient-bias", shown="gradients"),
    fault(
        gradients.GradientDilationIgnored,
        "differs",
        "gradient-input-dilation gradient-weight-dilation",
        shown="gradients",
    ),
    fault(
        gradients.GradientOutputPaddingIgnored,
        "differs",
        "gradient-input-output-padding gradient-weight-output-padding gradient-bias",
        TORCH_2D,
        shown="gradients",
    ),
    fault(
        gradients.UpstreamTakenForOnes,
        "differs",
        "gradient-input gradient-weight gradient-bias",
        shown="gradients",
        whole=True,
    ),
    fault(
        gradients.GradientsNotCleared, "differs unstable", "gradient-weight gradient-bias", TORCH_2D, shown="gradients"
    ),
    fault(
        gradients.GradientsOfRepeatsAdded,
        "differs",
        "gradient-input gradient-weight gradient-bias",
        FUNCTION,
        shown="gradients",
    ),
    fault(gradients.GradientOfTheFlippedKernel, "differs", "gradient-input", PRIMITIVE, shown="gradients"),
)
_TYPES = (
    fault(
        element_types.DoubleComputedInSingle,
        "differs",
        "type-float64",
        TORCH_1D,
        FUNCTION,
        shown="element types",
        loose="normal",
    ),
    fault(element_types.HalfKeepsEightBits, "differs", "type-float16", shown="element types", loose="normal"),
    fault(element_types.BfloatKeepsFourBits, "differs", "type-bfloat16", shown="element types", loose="normal"),
    fault(element_types.HalfReturnedInSingle, "differs", "type-float16", shown="element types"),
    fault(element_types.WholeNumbersReturnedAsFloats, "differs", "type-integers", FUNCTION, shown="element types"),
    fault(element_types.WholeNumbersKeptInAByte, "differs", "type-integers", FUNCTION, shown="element types"),
    fault(element_types.WholeNumbersThroughSingle, "differs", "type-integers", FUNCTION, shown="element types"),
    fault(
        element_types.ImaginaryPartDropped, "differs", "type-complex64 type-complex128", TORCH_2D, shown="element types"
    ),
    fault(
        element_types.ComplexWeightConjugated,
        "differs",
        "type-complex64 type-complex128",
        TORCH_2D,
        shown="element types",
    ),
)
_MODES = (
    fault(modes.StrideIgnoredInGraph, "differs", "modes-agree output-values", shown="slow"),
    fault(modes.PaddingTransposedInGraph, "differs", "modes-agree output-shape", TORCH_2D, shown="slow"),
    fault(modes.DtypeWidenedInGraph, "differs", "output-values", shown="slow"),
    fault(modes.GroupsRefusedInGraph, "rejects-valid", "modes-agree output-values", shown="slow"),
    fault(modes.GraphDies, "crashed", "modes-agree output-values", TORCH_2D, shown="slow"),
)
_CONSISTENCY = (
    fault(
        consistency.LastOfABatchWrong,
        "differs",
        "independent-of-batch-size output-values",
        TORCH_2D,
        shown="independent-of-batch-size",
    ),
    fault(
        consistency.OddSamplesLackTheBias,
        "differs",
        "independent-of-position-in-batch output-values",
        TORCH_2D,
        shown="independent-of-position-in-batch",
    ),
    fault(
        consistency.GapsRead,
        "differs",
        "independent-of-layout layout-strided",
        TORCH_2D,
        FUNCTION,
        shown="layouts, independent-of-layout",
    ),
    fault(
        consistency.ChannelsLastReadAsFirst,
        "differs",
        "independent-of-layout layout-channels-last",
        TORCH_2D,
        shown="layouts, independent-of-layout",
    ),
    fault(
        consistency.TransposedReadAsUsual,
        "differs",
        "independent-of-layout layout-transposed",
        MINDSPORE_2D,
        shown="layouts, independent-of-layout",
    ),
    fault(
        consistency.ExpandedSamplesLost,
        "differs",
        "independent-of-layout layout-expanded",
        TORCH_2D,
        shown="layouts, independent-of-layout",
    ),
    fault(
        consistency.BiasLostWithGradients,
        "differs",
        "independent-of-differentiation output-values",
        TORCH_2D,
        shown="independent-of-differentiation",
    ),
    fault(
        consistency.LaterCallsAddUp,
        "differs",
        "independent-of-repetition output-values",
        TORCH_2D,
        FUNCTION,
        shown="independent-of-repetition",
    ),
    fault(
        consistency.LaterCallsRoundOtherwise,
        "",
        "independent-of-repetition",
        FUNCTION,
        shown="independent-of-repetition",
        loose="normal",
    ),
    fault(consistency.GroupsReversed, "differs", "groups-apart groups-side-by-side", TORCH_2D, shown="groups-apart"),
)
_SPECIAL = (
    fault(special_values.NanTakenForZero, "differs", "special-values", shown="special values"),
    fault(special_values.InfinityClipped, "differs", "special-values", shown="special values", loose="special"),
    fault(special_values.InfinityLosesItsSign, "differs", "special-values", shown="special values", loose="special"),
    fault(special_values.ZeroTimesInfinityIsZero, "differs", "special-values", shown="special values"),
)
CALLS = (*_ARGUMENTS, *_OPERANDS, *_RESULTS, *_GRADIENTS, *_TYPES, *_MODES, *_CONSISTENCY, *_SPECIAL)
