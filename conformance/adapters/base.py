"""The contract between the engine and the code that speaks to one framework.

An adapter is a class, named to the engine as `module:Class`. It lives in the backend's own interpreter (Python 3.10 or
later), imports its framework inside `__init__` and keeps it on `self`, and knows frameworks, never operators: which API
is called with what stands in the request. It imports the standard library, the framework and what comes with it, and
nothing of the driver. Everything that goes in or out is of the builtin types that
`messages.py` lists: a NumPy scalar is refused.

Request, as `run` gets it:

    {"id": "5be0c1d25be0c1d2",
     "action": "call",                  # or "inspect": signature and docstring of the target, nothing is called;
                                        # or "initialise": construct, and read the parameters as they were made,
                                        # after one call where there is something to call with
     "target": "torch.nn.ConvTranspose1d",
     "construct": {"positional": [...], "keyword": {...}},      # None where the target itself is the function
     "parameters": {"weight": array},   # loaded after construction, by the framework's own names
     "call": {"positional": [...], "keyword": {...}},
     "mode": "eager",                   # one of the modes that `describe` names
     "seed": 1541,                      # of the framework's random numbers
     "repeats": 1,                      # the call is made so often; the last result counts
     "settings": {"tf32": True},        # switches for this request only: tf32, deterministic
     "gradients": {"of": ["input", "weight"], "upstream": array},    # or None
     "around": {"before": [["expand", 2]], "after": [["squeeze", 2], ["add", "bias"]], "tensors": [...]},    # or None
     "seconds": 10.0}                   # after so long without an answer the driver kills this process

An array is `{"dtype": "float32", "shape": [2, 3], "data": little-endian bytes}`. A tensor argument is
`{"tensor": {..., "role": "input", "layout": "strided"}}`; `cases.values.Tensor` says what the layouts are. Gradients
are asked for by role: of tensor arguments, and of parameters by their names. `{"instance": {"target": dotted name,
"keyword": [[name, value], ...]}}` is an object that the framework makes.

Reply, one of four (`conformance.outcome.decode` reads it; the worker adds "id" and "milliseconds"):

    {"status": "returned", "outputs": {name: array}, "parameters": {name: {"shape": [...], "dtype": "float32"}}}
            # outputs: "output" (or output0, output1 ...), and "gradient of <role>" for each gradient asked for; where
            # the output has not the upstream's shape, the output alone. Of "initialise": parameters by their names
    {"status": "described", "names": [...], "defaults": {name: value}, "docstring": "..."}
    {"status": "raised", "stage": stage, "classes": [names along the MRO], "message": "..."}
            # stage: "construct", "load", "call" or "gradient"
    {"status": "could-not-run", "reason": "..."}

An error of the framework is an answer (`raised`), and something that this framework does not have is one too
(`could-not-run`). An exception that leaves `run`, SystemExit included, is a defect of the adapter: the worker reports
it as `could-not-run` with its traceback, and asks the next. An adapter:

- reads results back to the host before it calls them returned: an asynchronous error belongs to its own case;
- keeps the framework at one thread and deterministic, and leaves no state from one request to the next;
- may print what it likes: stdout goes nowhere, and the end of stderr is kept with a crash;
- may die or hang: that costs the case that caused it, and no other.
"""

from typing import Any, Protocol


class Adapter(Protocol):
    """What the worker calls; the module's docstring is the contract."""

    def __init__(self, device: str) -> None:
        """Import the framework, and make it ready for this device; any exception means that the worker cannot start."""

    def describe(self) -> dict[str, Any]:
        """State the facts about this backend.

        `{"framework": name, "version": str, "python": str, "devices": [...], "modes": [...], "dtypes": [...],
        "threads": 1, "capability": str, "missing_modes": {name: reason}}`, and what else explains a result later, of
        builtin types. The first mode is the fast one, in which most cases run.
        """
        ...

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request."""
        ...
