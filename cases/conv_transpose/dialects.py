"""How each API spells what all transposed convolutions share: one entry per API, facts only.

The generator and the counterparts speak of arguments by common names (`in_channels`, `out_channels`, `kernel_size`,
`stride`, `padding`, `output_padding`, `dilation`, `groups`, `bias`); a dialect turns them into the API's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["module", "lazy", "function", "primitive"]

_MODULE = (
    *("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding"),
    *("groups", "bias", "dilation", "padding_mode"),
)
_FUNCTION = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
_INITIALISED = ("has_bias", "weight_init", "bias_init")
_TYPED = ("device", "dtype")


@dataclass(frozen=True)
class Dialect:
    """One API's way of being called.

    `kind`: a `module` is constructed and called with the input; a `lazy` one learns the input's channels when it is
    called; a `primitive` is constructed and called with input and weight; a `function` is called with everything.
    `signature` are the documented names in order, of which the first `required` have no default. `spelling` gives the
    API's own name for a common one, empty where it has none. `tuples` and `lists` say what may stand for an int,
    `sides` that padding has one number per side rather than per axis, `grouped` that more than one group is
    documented, `unbatched` that the input may lack its first axis, `sized` that the call may ask for a size.
    `few` marks what no device but Ascend runs: a small plan is enough to see that.
    """

    api: str
    axes: int
    kind: Kind
    signature: tuple[str, ...]
    required: int
    spelling: Mapping[str, str] = field(default_factory=dict, compare=False)
    tuples: bool = True
    lists: bool = False
    sides: bool = False
    grouped: bool = True
    unbatched: bool = False
    sized: bool = False
    few: bool = False

    @property
    def framework(self) -> str:
        """The framework that offers the API."""
        return self.api.partition(".")[0]

    @property
    def constructs(self) -> bool:
        """Whether something is constructed before it is called."""
        return self.kind != "function"

    @property
    def loads(self) -> bool:
        """Whether weight and bias are parameters that are loaded; else they are arguments of the call."""
        return self.kind in ("module", "lazy")

    @property
    def pad_modes(self) -> bool:
        """Whether there is a pad_mode."""
        return "pad_mode" in self.signature

    @property
    def longer(self) -> bool:
        """Whether there is an output_padding."""
        return "output_padding" in self.signature

    @property
    def initialisers(self) -> bool:
        """Whether initial values are arguments."""
        return "weight_init" in self.signature

    @property
    def typed(self) -> bool:
        """Whether the element type of the parameters is an argument."""
        return "dtype" in self.signature

    @property
    def biased(self) -> bool:
        """Whether there is a bias where the argument is left out."""
        return self.loads and not self.pad_modes

    def own(self, name: str) -> str:
        """The API's own name for a common one, empty where it has none."""
        return self.spelling.get(name, name)

    def offers(self, name: str) -> bool:
        """Whether the API has an argument of this common name."""
        return self.own(name) in self.signature


def _torch(axes: int) -> tuple[Dialect, ...]:
    return (
        Dialect(f"torch.nn.ConvTranspose{axes}d", axes, "module", (*_MODULE, *_TYPED), 3, unbatched=True, sized=True),
        Dialect(f"torch.nn.LazyConvTranspose{axes}d", axes, "lazy", (*_MODULE[1:], *_TYPED), 2),
        Dialect(f"torch.nn.functional.conv_transpose{axes}d", axes, "function", _FUNCTION, 2),
    )


def _oneflow(axes: int) -> tuple[Dialect, ...]:
    return (
        Dialect(f"oneflow.nn.ConvTranspose{axes}d", axes, "module", _MODULE, 3),
        Dialect(f"oneflow.nn.functional.conv_transpose{axes}d", axes, "function", _FUNCTION, 2),
    )


_GROUP = {"groups": "group", "bias": "has_bias"}
_SIZES = ("in_channels", "out_channels", "kernel_size", "stride", "pad_mode", "padding")
_MINDSPORE = (
    Dialect(
        "mindspore.nn.Conv1dTranspose",
        1,
        "module",
        (*_SIZES, "dilation", "group", *_INITIALISED, "dtype"),
        3,
        _GROUP,
        tuples=False,
    ),
    Dialect(
        "mindspore.nn.Conv2dTranspose",
        2,
        "module",
        (*_SIZES, "output_padding", "dilation", "group", *_INITIALISED, "dtype"),
        3,
        _GROUP,
        sides=True,
    ),
    Dialect(
        "mindspore.nn.Conv3dTranspose",
        3,
        "module",
        (*_SIZES, "dilation", "group", "output_padding", *_INITIALISED, "data_format", "dtype"),
        3,
        _GROUP,
        sides=True,
    ),
    Dialect(
        "mindspore.ops.Conv2DTranspose",
        2,
        "primitive",
        (
            *("out_channel", "kernel_size", "pad_mode", "pad", "pad_list", "mode"),
            *("stride", "dilation", "group", "data_format"),
        ),
        2,
        # The primitive is the gradient of a convolution: what that puts out comes in here.
        {"in_channels": "out_channel", "out_channels": "", "padding": "pad", "groups": "group", "bias": ""},
        sides=True,
        sized=True,
    ),
    Dialect(
        "mindspore.ops.Conv3DTranspose",
        3,
        "primitive",
        (
            *("in_channel", "out_channel", "kernel_size", "mode", "pad_mode", "pad"),
            *("stride", "dilation", "group", "output_padding", "data_format"),
        ),
        3,
        {"in_channels": "in_channel", "out_channels": "out_channel", "padding": "pad", "groups": "group", "bias": ""},
        sides=True,
    ),
    Dialect(
        "mindspore.ops.conv3d_transpose",
        3,
        "function",
        ("inputs", "weight", "pad_mode", "padding", "stride", "dilation", "group", "output_padding"),
        2,
        {"groups": "group", "bias": ""},
        sides=True,
        grouped=False,
    ),
    Dialect("mindspore.ops.conv_transpose2d", 2, "function", _FUNCTION, 2, lists=True, unbatched=True, few=True),
    Dialect(
        "mindspore.mint.nn.ConvTranspose2d",
        2,
        "module",
        (*_MODULE, "dtype"),
        3,
        unbatched=True,
        sized=True,
        few=True,
    ),
    Dialect(
        "mindspore.mint.nn.functional.conv_transpose2d",
        2,
        "function",
        _FUNCTION,
        2,
        lists=True,
        unbatched=True,
        few=True,
    ),
)

DIALECTS: dict[str, Dialect] = {
    dialect.api: dialect
    for dialect in (
        *(dialect for axes in (1, 2, 3) for dialect in _torch(axes)),
        *_MINDSPORE,
        *(dialect for axes in (1, 2, 3) for dialect in _oneflow(axes)),
    )
}
