"""What `weight_init` and `bias_init` of MindSpore's layers may be, and the documented law of each.

The documents of `mindspore.common.initializer` give the parameters of each class and their defaults; a name stands for
its class with the defaults. Two boundaries are given in words that a weight of more than two axes leaves open: the
number of its input and output units (and, for HeUniform, the gain). Of these laws only the form is documented.

TruncatedNormal's `a` and `b` are documented as the bounds of the interval, so they are taken for numbers on the line,
not for multiples of sigma.
"""

from typing import Any

import numpy as np

from reference.documented import NotDocumented, Refusal, refuse
from reference.initializers import Constant, Distribution, Normal, SymmetricUniform, Uniform
from reference.values import Made

FOLDER = "mindspore.common.initializer."
NAMES = {
    "truncatednormal": "TruncatedNormal",
    "normal": "Normal",
    "uniform": "Uniform",
    "heuniform": "HeUniform",
    "he_uniform": "HeUniform",
    "xavieruniform": "XavierUniform",
    "xavier_uniform": "XavierUniform",
    "one": "One",
    "ones": "One",
    "zero": "Zero",
    "zeros": "Zero",
}
# Class → its documented parameters with their defaults; None where there is no default.
CLASSES: dict[str, dict[str, Any]] = {
    "TruncatedNormal": {"sigma": 0.01, "mean": 0.0, "a": -2.0, "b": 2.0},
    "Normal": {"sigma": 0.01, "mean": 0.0},
    "Uniform": {"scale": 0.07},
    "HeUniform": {"negative_slope": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "HeNormal": {"negative_slope": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "XavierUniform": {"gain": 1},
    "XavierNormal": {"gain": 1},
    "One": {},
    "Zero": {},
    "Constant": {"value": None},
    "VarianceScaling": {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"},
}
WORDS = {
    "mode": ("fan_in", "fan_out"),
    "nonlinearity": ("relu", "leaky_relu"),
    "distribution": ("uniform", "truncated_normal", "untruncated_normal"),
}
ABOVE_ZERO = ("sigma", "scale", "gain")
# The documents of these give a matrix to a tensor of two axes, which no parameter of these layers has.
MATRICES = ("Identity", "Sparse")


def check_init(value: Any, argument: str) -> None:
    """Whether a value initialises something: None, a tensor, a name, a number, or an initializer object."""
    if value is None or isinstance(value, np.ndarray):
        return
    if isinstance(value, bool | np.generic):
        raise NotDocumented(f"whether {type(value).__name__} counts as a number for {argument} is not documented")
    if isinstance(value, str):
        if value.lower() not in NAMES:
            raise refuse(None, argument, "choice", f"{argument} must be the name of an initializer, but got {value!r}")
    elif isinstance(value, Made):
        _check_made(value, argument)
    elif not isinstance(value, int | float):
        wanted = f"{argument} must be a tensor, a name, a number or an initializer, but got {value!r}"
        raise refuse(None, argument, "type", wanted)


def check_unused(value: Any) -> None:
    """The same of a bias_init without a bias: nobody says whether it is looked at."""
    try:
        check_init(value, "bias_init")
    except Refusal:
        raise NotDocumented("whether bias_init is looked at without a bias is not documented") from None


def _check_made(value: Made, argument: str) -> None:
    name = value.target.removeprefix(FOLDER)
    if name in MATRICES and value.target != name:
        raise refuse(ValueError, argument, "rank", f"{name} initialises a tensor of two dimensions, not {argument}'s")
    if value.target == name or name not in CLASSES:
        raise NotDocumented(f"what {value.target} is for {argument} is not documented")
    parameters = CLASSES[name]
    given = dict(value.keyword)
    missing = {key for key, default in parameters.items() if default is None} - set(given)
    if missing or not set(given) <= set(parameters):
        raise NotDocumented(f"{name} documents the parameters {sorted(parameters)}, not {sorted(given)}")
    for key, item in given.items():
        number = type(item) in (int, float) and (item > 0 or key not in ABOVE_ZERO)
        word = item in WORDS.get(key, ()) or (name == "VarianceScaling" and item == "fan_avg")
        if not (word if key in WORDS else number):
            raise NotDocumented(f"what {key}={item!r} of {name} means is not documented")
    whole = parameters | given
    if name == "TruncatedNormal" and whole["a"] >= whole["b"]:
        raise NotDocumented("what an interval means whose bounds are exchanged is not documented")


def constant(value: Any) -> float | None:
    """The number that a checked value puts everywhere, or None where it does something else."""
    if isinstance(value, int | float):
        return value
    name, given = _named(value)
    return {"One": 1.0, "Zero": 0.0, "Constant": given.get("value")}.get(name)


def law(value: Any) -> Distribution:
    """The documented law of a checked value that is neither None nor a tensor."""
    number = constant(value)
    if number is not None:
        return Constant(float(number))
    name, given = _named(value)
    if name == "Normal":
        return Normal(given["mean"], given["sigma"])
    if name == "TruncatedNormal":
        return Normal(given["mean"], given["sigma"], given["a"], given["b"])
    if name == "Uniform":
        return Uniform(-given["scale"], given["scale"])
    if name in ("HeUniform", "XavierUniform") or given.get("distribution") == "uniform":
        return SymmetricUniform()
    raise NotDocumented(f"no document gives the law of {name}({given}) on a tensor of this kind", valid=True)


def _named(value: Any) -> tuple[str, dict[str, Any]]:
    """The class that a name or an object stands for, and its parameters; empty for anything else."""
    if isinstance(value, str):
        name = NAMES[value.lower()]
        return name, dict(CLASSES[name])
    if isinstance(value, Made):
        name = value.target.removeprefix(FOLDER)
        return name, CLASSES[name] | dict(value.keyword)
    return "", {}
