"""What MindSpore's documents say of initial values: the default, every documented name, objects, numbers.

The layers' documents name initializers; the docstrings of `mindspore.common.initializer` give the laws and their default
parameters. Where these leave a bound open, only what they do say is claimed: HeUniform and XavierUniform are uniform and
symmetric, but no document says what a unit of a convolution's weight is, nor what the gain of HeUniform is.
"""

import math
from collections.abc import Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.documents import MINDSPORE_INITIALIZERS
from cases.conv_transpose.mindspore_sources import PLAIN, Law
from cases.documentation import Bound, Claim, Distributed, Kind, Source, Text
from cases.statements import Statements, joined
from cases.values import Instance, Tensor
from reference.initializers import Constant, Distribution, Normal, SymmetricUniform, Uniform

_MODULE = "mindspore.common.initializer"
# Documented name → documented class.
NAMES = {
    "TruncatedNormal": "TruncatedNormal",
    "Normal": "Normal",
    "Uniform": "Uniform",
    "HeUniform": "HeUniform",
    "XavierUniform": "XavierUniform",
    "One": "One",
    "Zero": "Zero",
    "xavier_uniform": "XavierUniform",
    "he_uniform": "HeUniform",
    "ones": "One",
    "zeros": "Zero",
}
# Classes whose docstrings give a law that does not hang on what a unit is.
_KNOWN = (*sorted(set(NAMES.values())), "Constant")
_ARGUMENTS = ("weight", "bias")
PLACES = {name: Source(MINDSPORE_INITIALIZERS, name) for name in _KNOWN}
_LAWS = {
    "TruncatedNormal": Text("N(0, 0.01²) within [−2, 2]", "[−2, 2] 内的 N(0, 0.01²)"),
    "Normal": Text("N(0, 0.01²)", "N(0, 0.01²)"),
    "Uniform": Text("U(−0.07, 0.07)", "U(−0.07, 0.07)"),
    "HeUniform": Text("a uniform distribution that is symmetric about 0", "关于 0 对称的均匀分布"),
    "XavierUniform": Text("a uniform distribution that is symmetric about 0", "关于 0 对称的均匀分布"),
    "One": Text("the constant 1", "常数 1"),
    "Zero": Text("the constant 0", "常数 0"),
}


def law(name: str, **given: Any) -> Distribution:
    """The law of a documented initializer class, given its parameters; the documented defaults for the others."""
    sigma, mean = given.get("sigma", 0.01), given.get("mean", 0.0)
    match name:
        case "TruncatedNormal":
            return Normal(mean, sigma, given.get("a", -2.0), given.get("b", 2.0))
        case "Normal":
            return Normal(mean, sigma)
        case "Uniform":
            scale = given.get("scale", 0.07)
            return Uniform(-scale, scale)
        case "HeUniform" | "XavierUniform":
            return SymmetricUniform()
        case "One":
            return Constant(1.0)
        case "Zero":
            return Constant(0.0)
        case "Constant":
            return Constant(float(given["value"]))
    raise ValueError(f"{name} is no documented initializer")


def size(bound: Bound, parameter: str) -> int:
    """How many numbers a parameter of a layer has; 0 where there is no such parameter."""
    given = bound.arguments
    if parameter == "bias":
        return int(given["out_channels"]) if given["has_bias"] else 0
    axes = int(bound.case.api.removesuffix("dTranspose")[-1])
    kernel = f.per_axis(given["kernel_size"], axes)
    return int(given["in_channels"] * given["out_channels"] // given["group"] * math.prod(kernel))


def initialisers(say: Statements) -> Iterator[Claim]:
    """Types, spellings and laws of weight_init and bias_init."""
    for parameter in _ARGUMENTS:
        name = f"{parameter}_init"
        yield say.typed(
            name,
            Text("a Tensor, a str, an Initializer, a number or None", "Tensor、str、Initializer、数字或 None"),
        )
        yield say.ranged(
            name,
            Text("names a documented initializer if it is a str", "为字符串时是文档列出的初始化方法名"),
            rule="choice",
        )
        for spelling in NAMES:
            text = Text(f"'{spelling}', in upper or lower case", f"'{spelling}'，大小写均可")
            yield say.accepts(name, text, slug_of(spelling), _spelled(name, spelling), alone=ordinary(name))
        for what, slug, kinds in (
            (Text("a number", "数字"), "number", (int, float)),
            (Text("a Tensor", "Tensor"), "tensor", (Tensor,)),
            (Text("an Initializer", "Initializer"), "initializer", (Instance,)),
        ):
            yield say.accepts(name, what, slug, _is(name, *kinds), alone=ordinary(name))
        yield from _laws(say, parameter)


def _laws(say: Statements, parameter: str) -> Iterator[Claim]:
    name, default = f"{parameter}_init", {"weight": "HeUniform", "bias": "Uniform"}[parameter]
    yield say.claim(
        f"{parameter}-default-distribution",
        Kind.DISTRIBUTION,
        f"With {name} None, {parameter} is initialised by {default}: uniformly, and symmetrically about 0.",
        f"{name} 为 None 时，{parameter} 用 {default} 初始化：关于 0 对称的均匀分布。",
        Distributed(parameter, spoken(parameter, _equals(name, None), lambda bound: SymmetricUniform())),
        name,
    )
    for spelling, made in NAMES.items():
        yield say.claim(
            f"{parameter}-{slug_of(spelling)}-distribution",
            Kind.DISTRIBUTION,
            f"With {name} '{spelling}', in upper or lower case, {parameter} is drawn from {_LAWS[made].en}.",
            joined(f"{name} 为 '{spelling}'（大小写均可）时，{parameter} 取自", _LAWS[made].zh, "。"),
            Distributed(parameter, spoken(parameter, _spelled(name, spelling), _always(law(made)))),
            name,
            sources=(*say.sources, PLACES[made]),
        )
    yield say.claim(
        f"{parameter}-initializer-distribution",
        Kind.DISTRIBUTION,
        f"With {name} an Initializer, {parameter} is drawn from its law, with the parameters that it was made with.",
        f"{name} 为 Initializer 时，{parameter} 取自它的分布，参数为构造它时所给的参数。",
        Distributed(parameter, spoken(parameter, _is(name, Instance), _made(name))),
        name,
        sources=(*say.sources, *PLACES.values()),
    )
    yield say.claim(
        f"{parameter}-number-distribution",
        Kind.DISTRIBUTION,
        f"With {name} a number, {parameter} has this number everywhere.",
        f"{name} 为数字时，{parameter} 处处等于该数。",
        Distributed(
            parameter, spoken(parameter, _is(name, int, float), lambda bound: Constant(float(bound.arguments[name])))
        ),
        name,
        sources=(*say.sources, Source(MINDSPORE_INITIALIZERS, "initializer")),
    )


def torch_law(parameter: str) -> Law:
    """U(−√k, √k) with k = group / (out_channels · kernel_size): what PyTorch documents of 1-D, in MindSpore's names."""

    def whole(bound: Bound) -> Distribution:
        given = bound.arguments
        edge = math.sqrt(given["group"] / (given["out_channels"] * given["kernel_size"]))
        return Uniform(-edge, edge)

    return spoken(parameter, _equals(f"{parameter}_init", None), whole)


def spoken(parameter: str, condition: Any, found: Law) -> Law:
    """A law that speaks of some calls only. Of fewer than two numbers none does: nothing could contradict it."""
    return lambda bound: found(bound) if size(bound, parameter) > 1 and condition(bound) else None


def _always(found: Distribution) -> Law:
    return lambda bound: found


def _made(name: str) -> Law:
    """The law of the object that the call passes."""

    def whole(bound: Bound) -> Distribution | None:
        value = bound.arguments[name]
        assert isinstance(value, Instance)
        module, _, made = value.target.rpartition(".")
        return law(made, **dict(value.keyword)) if module == _MODULE and made in _KNOWN else None

    return whole


def given_law(parameter: str) -> Law:
    """The law of what the call passes: a documented name, a number or an object; None where it passes none of these."""
    name = f"{parameter}_init"
    classes = {spelling.lower(): made for spelling, made in NAMES.items()}

    def whole(bound: Bound) -> Distribution | None:
        match bound.arguments[name]:
            case str() as word if word.lower() in classes:
                return law(classes[word.lower()])
            case int() | float() as number:
                return Constant(float(number))
            case Instance():
                return _made(name)(bound)
        return None

    return spoken(parameter, lambda bound: True, whole)


def slug_of(spelling: str) -> str:
    """A documented name as part of a claim's id."""
    return spelling.lower().replace("_", "-") + ("-alias" if "_" in spelling else "")


def ordinary(name: str) -> f.Condition:
    """Calls in which nothing but this initialiser is out of the ordinary."""
    plain = f.plain({name: value for name, value in PLAIN.items() if name != "has_bias"})
    other = "bias_init" if name == "weight_init" else "weight_init"
    return lambda bound: plain(bound) and bound.arguments[other] in (None, "ones")


def _equals(name: str, value: Any) -> Any:
    return lambda bound: bound.arguments[name] is value


def _is(name: str, *kinds: type) -> Any:
    return lambda bound: type(bound.arguments[name]) in kinds


def _spelled(name: str, spelling: str) -> Any:
    return lambda bound: isinstance(bound.arguments[name], str) and bound.arguments[name].lower() == spelling.lower()


__all__ = ["NAMES", "PLACES", "given_law", "initialisers", "law", "ordinary", "size", "slug_of", "spoken", "torch_law"]
