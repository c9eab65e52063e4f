"""How the adapters have to be found out that spoil a layer, its errors, its signature or the process around it."""

from tests.engine.fault import MINDSPORE_1D, TORCH_1D, TORCH_2D, fault
from tests.faulty import errors, initialisers, processes, signatures

_INITIAL = (
    fault(initialisers.BiasInitIgnored, "differs", "output-values", MINDSPORE_1D, shown="untouched"),
    fault(
        initialisers.UniformTwiceAsWide,
        "differs",
        "weight-distribution weight-uniform-distribution bias-uniform-distribution",
        shown="initialised",
    ),
    fault(
        initialisers.UniformOfHalfTheWidth,
        "differs",
        "weight-distribution weight-uniform-distribution bias-uniform-distribution",
        shown="initialised",
        loose="initialise",
    ),
    fault(
        initialisers.NormalForUniform,
        "differs",
        "weight-distribution weight-uniform-distribution weight-heuniform-distribution",
        shown="initialised",
        loose="initialise",
    ),
    fault(initialisers.BiasStartsWithZeros, "differs", "bias-distribution bias-ones-distribution", shown="initialised"),
    fault(
        initialisers.TruncatedNormalNotCut,
        "differs",
        "weight-initializer-distribution",
        MINDSPORE_1D,
        shown="initialised",
    ),
    fault(
        initialisers.UnitsOfTheOtherSide,
        "differs",
        "weight-distribution bias-distribution",
        TORCH_2D,
        shown="initialised",
    ),
    fault(
        initialisers.ConstantOneUlpTooLarge,
        "differs",
        "weight-number-distribution weight-ones-distribution bias-zeros-distribution weight-ones-comparison "
        "weight-words-distribution-comparison weight-init-configures-comparison bias-init-configures-comparison",
        MINDSPORE_1D,
        shown="initialised",
    ),
    fault(
        initialisers.OneNumberForAll,
        "differs",
        "weight-distribution bias-distribution weight-normal-distribution",
        shown="initialised",
        loose="initialise",
    ),
)
_ERRORS = (
    fault(
        errors.IndivisibleGroupsAccepted,
        "accepts-invalid",
        "groups-divide-channels group-divides-channels",
        shown="invalid",
    ),
    fault(errors.NegativePaddingAccepted, "accepts-invalid", "padding-negative", MINDSPORE_1D, shown="invalid"),
    fault(errors.WrongChannelsAccepted, "accepts-invalid", "input-channels", shown="invalid"),
    fault(
        errors.FloatsAccepted, "accepts-invalid", "kernel-size-type stride-type kernel-size-not-int", shown="invalid"
    ),
    fault(
        errors.WrongErrorClass,
        "wrong-error",
        "padding-negative pad-mode-choice stride-less-than-1",
        MINDSPORE_1D,
        shown="invalid",
    ),
    fault(errors.StrideWithDilationRefused, "rejects-valid", "output-values"),
    fault(
        errors.InitializerNamesInCapitalsRefused,
        "rejects-valid",
        "weight-init-accepts-ones bias-init-accepts-ones",
        MINDSPORE_1D,
        shown="untouched",
    ),
    fault(
        errors.MessageNamesNothing,
        "wrong-error",
        "errors-name-argument",
        shown="invalid, examples",
        hidden=True,
    ),
    fault(
        errors.MessageNamesAnotherArgument,
        "wrong-error",
        "errors-name-argument",
        shown="invalid, examples",
        hidden=True,
    ),
    fault(
        errors.EndsTheProgram,
        "wrong-error",
        "padding-negative stride-less-than-1 kernel-size-type groups-divide-channels",
        shown="invalid",
    ),
)
_SIGNATURES = (
    fault(signatures.DefaultChanged, "differs", "default-dilation", shown="inspection, examples", hidden=True),
    fault(signatures.ParameterMissing, "differs", "parameters default-dilation", shown="inspection, examples"),
    fault(signatures.ParameterRenamed, "differs", "parameters default-stride", shown="inspection, examples"),
    fault(signatures.ParametersReordered, "differs", "parameters", shown="inspection, examples"),
    fault(signatures.DefaultOfAnotherType, "differs", "default-dilation", shown="inspection, examples", hidden=True),
    fault(signatures.WeightStoredTransposed, "differs", "weight-shape", TORCH_2D, hidden=True),
)
_PROCESSES = (
    fault(processes.Segfaults, "crashed", "output-values", TORCH_1D),
    fault(processes.Aborts, "crashed", "output-values", TORCH_1D),
    fault(processes.LeavesSilently, "crashed", "output-values", TORCH_1D),
    fault(processes.WritesIntoTheProtocol, "crashed", "output-values", TORCH_1D),
    fault(processes.Hangs, "timed-out", "output-values", TORCH_1D, limit=2.0),
)
LAYERS = (*_INITIAL, *_ERRORS, *_SIGNATURES, *_PROCESSES)
# What users are better off without and no document excludes: the advice must see it, and the run must not fail.
ADVISED = (fault(errors.RefusesAtTheCall, "", "errors-at-construction", shown="invalid"),)
