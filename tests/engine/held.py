"""What the tests of the checkers share: a small API, a case of it, outcomes of every kind, and a claim held."""

from dataclasses import replace
from typing import Any

import numpy as np

from cases.case import Arguments, Case
from cases.documentation import Api, Claim, Detail, Kind, Parameter, Ruling, Text
from cases.values import Tensor
from conformance import outcome as out
from conformance.agreement import agreement
from conformance.checks import Held, check
from conformance.expected import Expected, ExpectedError, ExpectedValue, Undocumented, prepare
from conformance.outcome import Crashed, Described, Outcome, Raised, Returned, TimedOut

NAME = "torch.nn.ConvTranspose1d"
X = Tensor("input", (1, 1, 3), "float32")
CASE = Case(
    NAME,
    Arguments((1, 1, 2), (("stride", 2), ("bias", False))),
    Arguments((X,)),
    (Tensor("weight", (1, 1, 2), "float32"),),
)
EXPECTED = prepare(CASE).expected
assert isinstance(EXPECTED, ExpectedValue)
API = Api(
    NAME,
    "conv_transpose",
    (
        Parameter("in_channels"),
        Parameter("out_channels"),
        Parameter("kernel_size"),
        Parameter("stride", 1),
        Parameter("padding", 0),
    ),
    ("input",),
    (),
)
RIGHT = Returned({"output": EXPECTED.output.array}, {"weight": out.Parameter((1, 1, 2), "float32")})
WRONG = replace(RIGHT, outputs={"output": EXPECTED.output.array + np.float32(1)})
SHORT = replace(RIGHT, outputs={"output": EXPECTED.output.array[..., 1:]})
WIDE = replace(RIGHT, outputs={"output": EXPECTED.output.array.astype(np.float64)})
REFUSED = Raised("construct", ("ValueError", "Exception"), "stride must be 1")
OTHER = Raised("call", ("RuntimeError", "Exception"), "something went wrong")
CRASHED, SILENT = Crashed("SIGSEGV", ""), TimedOut(5.0)
ERROR = ExpectedError("padding", "range", "ValueError", "negative")
OPEN, NOTHING = Undocumented("random", valid=True), Undocumented("nobody says", valid=False)
DESCRIBED = Described(
    ("in_channels", "out_channels", "kernel_size", "stride"), {"stride": 1, "dtype": {"dtype": "float32"}}, ""
)


def claim(detail: Detail, *parameters: str, overruled: Ruling | None = None) -> Claim:
    return Claim(f"{NAME}/claim", NAME, Kind.VALUES, Text("So it is.", "如此。"), (), detail, parameters, overruled)


def held(outcome: Outcome, expected: Expected = EXPECTED, case: Case = CASE, device: str = "cpu") -> Held:
    found = {}
    if isinstance(expected, ExpectedValue) and isinstance(outcome, Returned):
        found = {
            name: agreement(outcome.outputs[name], wanted, case.data, name=name)
            for name, wanted in expected.outputs.items()
            if name in outcome.outputs
        }
    return Held(API, case, expected, outcome, found, device)


def answer(detail: Detail, *parameters: str, **about: Any) -> bool | None:
    made = check(claim(detail, *parameters), held(about.pop("outcome"), **about))
    return None if made is None else made.holds


ALWAYS = {"when": lambda bound: True}
NEVER = {"when": lambda bound: False}
