"""One setting of a transposed convolution, and the call of each API that means it.

In goes a `Setting` in plain numbers, out comes a `Case` of any of the APIs: a module, a lazy module, a function or a
primitive. Pairs of calls are written with it, since both sides of a pair are one setting in two spellings. `FORMS` says
how each API spells what they share; a setting that an API cannot express has a reason (`inexpressible`), and no case.
"""

from dataclasses import dataclass, replace
from typing import Literal

from cases.case import Arguments, Case
from cases.conv_transpose.formulas import pads, per_axis
from cases.values import Dtype, Tensor, Value

Kind = Literal["module", "lazy", "function", "primitive"]
Size = int | tuple[int, ...]
Mode = Literal["pad", "same", "valid"]


@dataclass(frozen=True)
class Form:
    """How an API is called. `bias` is empty where it takes none, `longer` is false without output_padding.

    `head` names the constructor's leading arguments, which are passed by position. `typed` are the element types
    other than float32 in which the API is asked whether it agrees with itself.
    """

    api: str
    kind: Kind
    axes: int
    head: tuple[str, ...] = ()
    group: str = "groups"
    bias: str = "bias"
    pad: str = "padding"
    modes: bool = False
    longer: bool = True
    typed: tuple[str, ...] = ("float16", "float64")

    @property
    def framework(self) -> str:
        """The framework that offers the API."""
        return self.api.partition(".")[0]


_HEAD = ("in_channels", "out_channels", "kernel_size")


def _forms() -> tuple[Form, ...]:
    found = []
    for axes in (1, 2, 3):
        found += [
            Form(f"torch.nn.ConvTranspose{axes}d", "module", axes, _HEAD),
            Form(f"torch.nn.LazyConvTranspose{axes}d", "lazy", axes, _HEAD[1:]),
            Form(f"torch.nn.functional.conv_transpose{axes}d", "function", axes),
            # The class has no argument for the element type of its parameters.
            Form(f"oneflow.nn.ConvTranspose{axes}d", "module", axes, _HEAD, typed=()),
            Form(f"oneflow.nn.functional.conv_transpose{axes}d", "function", axes, typed=("float64",)),
            Form(
                f"mindspore.nn.Conv{axes}dTranspose",
                "module",
                axes,
                _HEAD,
                group="group",
                bias="has_bias",
                modes=True,
                longer=axes > 1,
                typed=("float16",),
            ),
        ]
    half, primitive = ("float16",), "mindspore.ops.Conv{}DTranspose"
    return (
        *found,
        Form(primitive.format(2), "primitive", 2, ("out_channel", "kernel_size"), "group", "", "pad", True, typed=half),
        Form(
            primitive.format(3),
            "primitive",
            3,
            ("in_channel", "out_channel", "kernel_size"),
            "group",
            "",
            "pad",
            True,
            typed=half,
        ),
        # The document of the function supports one group only.
        Form("mindspore.ops.conv3d_transpose", "function", 3, (), "", "", "padding", True, typed=half),
        Form("mindspore.ops.conv_transpose2d", "function", 2, typed=half),
        Form("mindspore.mint.nn.ConvTranspose2d", "module", 2, _HEAD, typed=half),
        Form("mindspore.mint.nn.functional.conv_transpose2d", "function", 2, typed=half),
    )


FORMS = {form.api: form for form in _forms()}


@dataclass(frozen=True)
class Setting:
    """The numbers of one call. Sizes are an int or one per axis; padding also (begin, end) per axis, flat.

    `size` is the input's spatial shape. `pad_mode` matters to MindSpore only: the others know `pad`.
    """

    size: tuple[int, ...]
    in_channels: int = 2
    out_channels: int = 4
    kernel_size: Size = 3
    stride: Size = 1
    padding: Size = 0
    output_padding: Size = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = False
    batch: int = 2
    dtype: str = "float32"
    pad_mode: Mode = "pad"

    @property
    def axes(self) -> int:
        """How many spatial axes there are."""
        return len(self.size)

    @property
    def kernel(self) -> tuple[int, ...]:
        """The kernel's length on each axis."""
        return per_axis(self.kernel_size, self.axes)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The documented output lengths: length times stride with same, else those of the transposed convolution."""
        found = []
        for axis, length in enumerate(self.size):
            stride, dilation, longer = (
                per_axis(value, self.axes)[axis] for value in (self.stride, self.dilation, self.output_padding)
            )
            if self.pad_mode == "same":
                found.append(length * stride)
                continue
            crop = sum(pads(self.padding, self.axes)[axis])
            found.append((length - 1) * stride + dilation * (self.kernel[axis] - 1) + 1 - crop + longer)
        return tuple(found)

    @property
    def input(self) -> Tensor:
        """The input `(N, C_in, *S)`."""
        return Tensor("input", (self.batch, self.in_channels, *self.size), self.dtype)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The documented shape of the result."""
        return (self.batch, self.out_channels, *self.lengths)

    @property
    def loaded(self) -> dict[str, Tensor]:
        """weight `(C_in, C_out / groups, *K)` and, where there is one, bias `(C_out,)`."""
        weight = Tensor("weight", (self.in_channels, self.out_channels // self.groups, *self.kernel), self.dtype)
        return {"weight": weight} | ({"bias": Tensor("bias", (self.out_channels,), self.dtype)} if self.bias else {})


def inexpressible(api: str, setting: Setting) -> str:
    """Why the API has no call for this setting; empty where it has one."""
    form = FORMS[api]
    if form.axes != setting.axes:
        return f"it has {form.axes} spatial axes, not {setting.axes}"
    if setting.bias and not form.bias:
        return "it takes no bias"
    if setting.groups > 1 and not form.group:
        return "it takes one group only"
    if setting.output_padding != 0 and not form.longer:
        return "it has no output_padding"
    if setting.pad_mode != "pad" and not form.modes:
        return "it has no pad_mode"
    if setting.dtype != "float32" and setting.dtype not in form.typed:
        return f"it is not asked for {setting.dtype}"
    sizes = (setting.kernel_size, setting.stride, setting.padding, setting.dilation)
    if api == "mindspore.nn.Conv1dTranspose" and any(isinstance(value, tuple) for value in sizes):
        return "its sizes are ints"
    if not form.modes and isinstance(setting.padding, tuple) and len(setting.padding) > setting.axes:
        return "it pads both sides alike"
    return ""


def plainer(api: str, setting: Setting) -> Setting:
    """The setting without the features that the API does not have."""
    form = FORMS[api]
    return replace(
        setting,
        bias=setting.bias and bool(form.bias),
        groups=setting.groups if form.group else 1,
        output_padding=setting.output_padding if form.longer else 0,
    )


def call(api: str, setting: Setting, *, given: Tensor | None = None, loaded: dict[str, Tensor] | None = None) -> Case:
    """The case of an API that means a setting; ValueError where it has none.

    `given` and `loaded` stand for the setting's own input and parameters: parts of larger tensors, or other layouts.
    """
    if reason := inexpressible(api, setting):
        raise ValueError(f"{api} cannot be called so: {reason}")
    form = FORMS[api]
    x, held = given or setting.input, loaded or setting.loaded
    keyword = _features(form, setting)
    if form.kind == "function":
        return Case(api, None, Arguments((x, *held.values()), tuple(keyword.items())))
    numbers: dict[str, Value] = {
        "in_channels": setting.in_channels,
        "in_channel": setting.in_channels,
        "out_channels": setting.out_channels,
        "out_channel": setting.out_channels,
        "kernel_size": setting.kernel_size,
    }
    if api == "mindspore.ops.Conv2DTranspose":
        numbers["out_channel"] = setting.in_channels  # the convolution's: its document calls dout's channels C_out
    head = tuple(numbers[name] for name in form.head)
    if form.bias:
        keyword[form.bias] = setting.bias
    if form.kind == "primitive":
        # The 2-D one is told the result's shape, which says what output_padding says elsewhere.
        shape = ((x.shape[0], *setting.output_shape[1:]),) if setting.axes == 2 else ()
        return Case(api, Arguments(head, tuple(keyword.items())), Arguments((x, *held.values(), *shape)))
    if setting.dtype != "float32":
        keyword["dtype"] = Dtype(setting.dtype)
    stored = tuple(_stored(form.api, tensor) for tensor in held.values())
    return Case(api, Arguments(head, tuple(keyword.items())), Arguments((x,)), stored)


def _features(form: Form, setting: Setting) -> dict[str, Value]:
    """What departs from the plain call, by the API's own names."""
    features: dict[str, Value] = {
        "stride": setting.stride,
        form.pad: _padding(form, setting),
        "output_padding": setting.output_padding,
        form.group: setting.groups,
        "dilation": setting.dilation,
    }
    plain = {"stride": 1, form.pad: 0, "output_padding": 0, form.group: 1, "dilation": 1}
    if form.api == "mindspore.ops.Conv2DTranspose":
        del features["output_padding"]
    found: dict[str, Value] = {"pad_mode": setting.pad_mode} if form.modes else {}
    return found | {name: value for name, value in features.items() if value != plain[name]}


def _padding(form: Form, setting: Setting) -> Value:
    """MindSpore's tuples have a begin and an end for each axis."""
    if form.modes and isinstance(setting.padding, tuple):
        return tuple(side for pair in pads(setting.padding, setting.axes) for side in pair)
    return setting.padding


def _stored(api: str, tensor: Tensor) -> Tensor:
    """As the class stores it: MindSpore's 1-D weight has a height of 1."""
    if tensor.role != "weight" or api != "mindspore.nn.Conv1dTranspose":
        return tensor

    def tall(shape: tuple[int, ...]) -> tuple[int, ...]:
        return (*shape[:2], 1, *shape[2:])

    parts = tuple(replace(part, whole=tall(part.whole)) for part in tensor.parts)
    return replace(tensor, shape=tall(tensor.shape), parts=parts)
