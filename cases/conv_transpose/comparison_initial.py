"""What MindSpore's comparison page says of initial numbers: the default laws, the words of weight_init and bias_init.

The page lists seven words and says of `bias_init` that it takes what `weight_init` takes. It lists no aliases and says
nothing of upper and lower case, as other documents do, so its words have claims that speak of no other spelling. What
distribution a word names stands in the docstrings of the initializers.
"""

from collections.abc import Iterator

from cases.conv_transpose.comparison_sources import DIFFERENCE, EXAMPLES, INITIALISATION, TABLE
from cases.conv_transpose.formulas import Condition
from cases.conv_transpose.mindspore_initializers import (
    NAMES,
    PLACES,
    given_law,
    ordinary,
    slug_of,
    spoken,
    torch_law,
)
from cases.documentation import Bound, Claim, Distributed, Kind, Text
from cases.statements import Statements
from reference.initializers import Constant

WORDS = ("TruncatedNormal", "Normal", "Uniform", "HeUniform", "XavierUniform", "One", "Zero")


def initial(say: Statements) -> Iterator[Claim]:
    """The statements on weight_init and bias_init, beside the types that other documents list as well."""
    for name, law in (("weight", "HeUniform"), ("bias", "Uniform")):
        yield say.claim(
            f"{name}-distribution-equals-torch",
            Kind.DISTRIBUTION,
            f"With {name}_init None, {name} is initialised by {law} as PyTorch does it: from U(−√k, √k) with k = group / "
            "(out_channels · kernel_size).",
            f"{name}_init 为 None 时 {name} 用 {law} 初始化，与 PyTorch 一致：取自 U(−√k, √k)，"
            "其中 k = group / (out_channels · kernel_size)。",
            Distributed(name, torch_law(name)),
            f"{name}_init",
            sources=(INITIALISATION,),
        )
    for name in ("weight", "bias"):
        yield from _words(say, name)
    yield say.claim(
        "weight-ones-comparison",
        Kind.DISTRIBUTION,
        "With weight_init 'ones', weight is 1 everywhere.",
        "weight_init 为 'ones' 时，weight 处处为 1。",
        Distributed("weight", spoken("weight", _is("weight_init", "ones"), lambda bound: Constant(1.0))),
        "weight_init",
        sources=(EXAMPLES[0],),
    )


def _words(say: Statements, parameter: str) -> Iterator[Claim]:
    name = f"{parameter}_init"
    yield say.claim(
        f"{parameter}-init-configures-comparison",
        Kind.DISTRIBUTION,
        f"{name} configures how {parameter} is initialised.",
        f"{name} 可以配置 {parameter} 的初始化方式。",
        Distributed(parameter, given_law(parameter)),
        name,
        sources=(DIFFERENCE,),
    )
    for word in WORDS:
        spelled = Text(f"'{word}'", f"'{word}'")
        slug = f"{slug_of(word)}-comparison"
        yield say.accepts(name, spelled, slug, _is(name, word), TABLE, alone=ordinary(name))
    yield say.claim(
        f"{parameter}-words-distribution-comparison",
        Kind.DISTRIBUTION,
        f"With {name} one of {', '.join(WORDS)}, {parameter} is drawn from the distribution of that name, of which the "
        "last two are constants.",
        f"{name} 为 {'、'.join(WORDS)} 之一时，{parameter} 取自该名称的分布，其中后两个是常量。",
        Distributed(parameter, spoken(parameter, _is(name, *WORDS), given_law(parameter))),
        name,
        sources=(TABLE, *(PLACES[NAMES[word]] for word in WORDS)),
    )


def _is(name: str, *words: str) -> Condition:
    """Calls that give one of these words, spelled like this."""

    def exactly(bound: Bound) -> bool:
        value = bound.arguments[name]
        return isinstance(value, str) and value in words

    return exactly
