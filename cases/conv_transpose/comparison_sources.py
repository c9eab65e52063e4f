"""What MindSpore's comparison page says as another document says it: claims that have the page as a further source.

In goes a claim of one of the two classes, out comes the same claim with the places on the page. A statement stands here
only if the page makes all of it: what it says in part, or in other words, has a claim of its own in `comparison` or
`comparison_torch`.
"""

from dataclasses import replace

from cases.conv_transpose.documents import COMPARISON
from cases.documentation import Claim, Source

TORCH_API = "torch.nn.ConvTranspose1d"
MINDSPORE_API = "mindspore.nn.Conv1dTranspose"

CLASS_LINE, DIFFERENCE, INITIALISATION, TABLE = (
    Source(COMPARISON, place) for place in ("class line", "difference", "initialisation", "parameter table")
)
EXAMPLES = tuple(Source(COMPARISON, f"example {number}") for number in (1, 2, 3))
BEFORE_EXAMPLE_2 = Source(COMPARISON, "example 2, the sentence before it")

_LINE, _BOTH = (CLASS_LINE,), (CLASS_LINE, TABLE)
_TORCH = {
    **dict.fromkeys(("stride", "padding", "output-padding", "groups", "dilation", "padding-mode"), _LINE),
    "bias": _BOTH,
}
_MINDSPORE = {
    **dict.fromkeys(("stride", "padding", "dilation", "group"), _LINE),
    **dict.fromkeys(("pad-mode", "has-bias", "weight-init", "bias-init"), _BOTH),
}
_TYPES = ("type", "accepts-tensor", "accepts-initializer", "accepts-number")
ALSO: dict[str, dict[str, tuple[Source, ...]]] = {
    TORCH_API: {
        **{f"default-{name}": places for name, places in _TORCH.items()},
        "gradient-of-conv": (DIFFERENCE,),
        "no-true-inverse": (DIFFERENCE,),
        "output-values": (DIFFERENCE, EXAMPLES[0]),
        "padding-mode-zeros": (TABLE,),
    },
    MINDSPORE_API: {
        **{f"default-{name}": places for name, places in _MINDSPORE.items()},
        "input-name": _BOTH,
        "output-values": (EXAMPLES[0],),
        **{f"pad-mode-accepts-{mode}": (TABLE,) for mode in ("same", "valid", "pad")},
        **{f"{name}-init-{what}": (TABLE,) for name in ("weight", "bias") for what in _TYPES},
    },
}


def also(claim: Claim) -> Claim:
    """The same claim, with the places where the comparison page says it too."""
    slug = claim.id.partition("/")[2]
    return replace(claim, sources=claim.sources + ALSO.get(claim.api, {}).get(slug, ()))
