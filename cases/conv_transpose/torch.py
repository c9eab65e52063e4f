"""What the documents say of `torch.nn.ConvTranspose1d/2d/3d`; `torch_pages` has the pages beside the docstrings."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose import precision, torch_functional, torch_lazy
from cases.conv_transpose.alike import PLAIN, accepts_mode, input_name, shared
from cases.conv_transpose.alike_results import (
    MODULE,
    connected,
    divides,
    gradient_of_conv,
    inverse_shapes,
    many_to_one,
    no_true_inverse,
    spread,
    sums_over_planes,
    unbatched,
)
from cases.conv_transpose.calls import features, initialised, input_by_name, plain, without_batch
from cases.conv_transpose.documents import TORCH, TORCH_ACCURACY, TORCH_MODULES
from cases.conv_transpose.setting import call
from cases.conv_transpose.torch_lazy import FULL, annotated_modes, modes
from cases.conv_transpose.torch_pages import (
    ARTICLE_CASE,
    COMPARISON_CASES,
    COMPARISON_LENGTHS,
    article,
    comparison,
    elsewhere,
    example,
)
from cases.documentation import Accepts, Api, Claim, Kind, Printed, Source, StoredDtype, Values
from cases.statements import Statements
from cases.values import Dtype, Value

__all__ = ["APIS", "COMPARISON_CASES", "COMPARISON_LENGTHS"]

SPREAD = ("kernel_size", "stride", "padding", "output_padding")
_SIDES = {1: (33, 101), 2: (33, 93, 100), 3: (33, 21, 46, 97)}


def _prints(axes: int) -> tuple[tuple[Case, tuple[int, ...]], ...]:
    """The docstring's example that prints a size: an exact output size is given as an argument."""
    if axes == 3:
        return ()
    construct = Arguments((16, 16, 3), (("stride", 2), ("padding", 1)))
    size = (1, 16, *(12,) * axes)
    case = example(axes, construct, (1, 16, *(6,) * axes), (16, 16, *(3,) * axes), bias=True, output_size=size)
    return ((case, size),)


def _runs(axes: int) -> tuple[Case, tuple[int, ...]]:
    """The docstring's example that prints nothing, and the shape that its formula gives. In 3-D with one sample."""
    kernels: dict[int, int | tuple[int, ...]] = {1: 3, 2: (3, 5), 3: (3, 5, 2)}
    more: dict[int, tuple[tuple[str, int | tuple[int, ...]], ...]] = {
        1: (("stride", 2),),
        2: (("stride", (2, 1)), ("padding", (4, 2))),
        3: (("stride", (2, 1, 1)), ("padding", (0, 4, 2))),
    }
    x = {1: (20, 16, 50), 2: (20, 16, 50, 100), 3: (1, 16, 10, 50, 100)}[axes]
    construct = Arguments((16, 33, kernels[axes]), more[axes])
    case = example(axes, construct, x, (16, 33, *f.per_axis(kernels[axes], axes)), bias=True)
    return case, (x[0], *_SIDES[axes])


def _claims(axes: int) -> Iterator[Claim]:
    api = f"torch.nn.ConvTranspose{axes}d"
    text, args, form = Source(TORCH, "introduction"), Source(TORCH, "Args"), Source(TORCH, "Shape")
    note, attributes = Source(TORCH, "Note on padding"), Source(TORCH, "Attributes")
    say = Statements(api, text)
    yield say.signature("parameters", tuple(item.name for item in FULL), Source(TORCH, "signature"))
    for name in ("device", "dtype"):
        yield say.default(name, None, Source(TORCH, "signature"))
    yield from shared(api, axes, (args,), unbatched=True, results=(form, text, attributes))
    yield gradient_of_conv(say, axes, MODULE)
    yield no_true_inverse(say, MODULE)
    yield divides(say)
    yield from connected(say, PLAIN)
    yield from spread(say, axes, SPREAD, PLAIN)
    yield unbatched(say, axes, form)
    yield accepts_mode(say, Source(TORCH, "signature"))
    yield from annotated_modes(say, axes, Source(TORCH, "signature"))
    yield from _made(say)
    yield from _exact_size(say, axes)
    if axes == 2:
        yield _inserts_zeros(say)
        yield input_name(say, "input", Source(TORCH, "forward"))
    if axes == 3:
        yield sums_over_planes(say, PLAIN)
    yield inverse_shapes(say, axes, note)
    yield many_to_one(say, axes, note)
    yield precision.tf32(say, text, Source(TORCH_ACCURACY, "TensorFloat-32"))
    yield precision.float32(say, Source(TORCH_ACCURACY, "TensorFloat-32"))
    yield precision.rocm(say, text)
    yield precision.deterministic(say, axes, Source(TORCH, "Note on CUDA"))
    yield from _examples(say, axes)


def _made(say: Statements) -> Iterator[Claim]:
    """`device` and `dtype`, which the signature names and only the note on modules explains."""
    made = Source(TORCH_MODULES, "Module Initialization")
    yield say.claim(
        "parameters-dtype",
        Kind.DTYPE,
        "Parameters are made in float32, or in the type that `dtype` names.",
        "参数以 float32 创建，或以 `dtype` 指定的类型创建。",
        StoredDtype(lambda bound: _name(bound.arguments["dtype"])),
        "dtype",
        sources=(made,),
    )
    yield say.claim(
        "dtype-accepts-floating-point",
        Kind.TYPE,
        "`dtype` may be a type of floating-point numbers, such as float16.",
        "`dtype` 可以是浮点类型，例如 float16。",
        Accepts(lambda bound: "float" in (_name(bound.arguments["dtype"]) or "")),
        "dtype",
        sources=(made,),
    )
    yield say.claim(
        "device-accepts-name",
        Kind.TYPE,
        "`device` may be the name of a device.",
        "`device` 可以是设备的名称。",
        Accepts(lambda bound: isinstance(bound.arguments["device"], str)),
        "device",
        sources=(made,),
    )
    yield say.unchecked(
        "parameters-device",
        Kind.PLATFORM,
        "Parameters are made on the CPU, or on the device that `device` names.",
        "参数创建在 CPU 上，或创建在 `device` 指定的设备上。",
        "an outcome does not say on which device parameters lie",
        made,
    )


def _name(dtype: object) -> str | None:
    if dtype is None:
        return "float32"
    return dtype.name if isinstance(dtype, Dtype) else None


def _exact_size(say: Statements, axes: int) -> Iterator[Claim]:
    """The argument of the call that asks for an exact output size."""
    forward = (Source(TORCH, "forward"),) if axes == 2 else ()
    example_place = Source(TORCH, "Examples")
    yield say.claim(
        "output-size-exact",
        Kind.VALUES,
        "The call may ask for an exact output size by `output_size`: the result has that size.",
        "调用时可以用 `output_size` 指定确切的输出大小：结果具有该大小。",
        Values(f.option("output_size", tuple | list), whole=True),  # type: ignore[arg-type]
        sources=(example_place, *forward),
    )
    if axes == 2:
        yield say.claim(
            "output-size-accepts-list",
            Kind.TYPE,
            "`output_size` is a list of ints.",
            "`output_size` 是整数列表。",
            Values(f.option("output_size", list), whole=True),
            sources=forward,
        )
        yield say.claim(
            "output-size-default",
            Kind.DEFAULT,
            "`output_size` is None by default: None asks for no size.",
            "`output_size` 的默认值是 None：None 表示不指定大小。",
            Values(f.option("output_size", type(None)), whole=True),
            sources=forward,
        )


def _inserts_zeros(say: Statements) -> Claim:
    return say.claim(
        "stride-inserts-zeros",
        Kind.VALUES,
        "With a stride above 1, zeros are inserted between input elements along the spatial axes before the kernel is "
        "applied.",
        "stride 大于 1 时，先沿空间轴在输入元素之间插入零，再应用卷积核。",
        Values(f.both(f.only("stride", PLAIN), f.above("stride", 1))),
        "stride",
    )


def _examples(say: Statements, axes: int) -> Iterator[Claim]:
    place = Source(TORCH, "Examples")
    case, shape = _runs(axes)
    short, short_zh = (
        (", here with one sample instead of 20,", "(此处以 1 个样本代替 20 个)") if axes == 3 else ("", "")
    )
    yield say.claim(
        "example",
        Kind.EXAMPLE,
        f"The example with 16 channels in and 33 out{short} runs; by the documented formula its result has shape {shape}.",
        f"输入 16 个通道、输出 33 个通道的示例{short_zh}可以运行；按文档的公式，结果的形状为 {shape}。",
        Printed(case, shape),
        sources=(place,),
    )
    for case, size in _prints(axes):
        yield say.claim(
            "example-output-size",
            Kind.EXAMPLE,
            f"With output_size given as an argument, the example prints {size}.",
            f"将 output_size 作为参数传入时，示例打印 {size}。",
            Printed(case, size),
            sources=(place,),
        )


def _cases(api: str, axes: int) -> Iterator[Case]:
    """The calls that claims need beside the generated ones."""
    one = call(api, plain(axes))
    yield _runs(axes)[0]
    yield from (case for case, _ in _prints(axes))
    yield from (call(api, setting) for setting in features(axes))
    yield without_batch(one)
    yield input_by_name(one, "input")
    for dtype in ("float64", "float16"):
        typed = call(api, replace(plain(axes), dtype=dtype))
        yield typed
        yield initialised(typed)
    assert one.construct is not None
    yield replace(one, construct=replace(one.construct, keyword=(*one.construct.keyword, ("device", "cpu"))))
    strided = call(api, replace(plain(axes), stride=2))
    size = tuple(2 * length + 2 for length in plain(axes).size)
    sizes: tuple[Value, ...] = (list(size), size, None)
    for asked in sizes:
        yield replace(strided, call=Arguments(strided.call.positional, (("output_size", asked),)))
    yield from modes(api, axes)
    yield from precision.switched(api, axes)
    if axes == 1:
        yield from (ARTICLE_CASE, *COMPARISON_CASES)


def _api(axes: int) -> Api:
    name = f"torch.nn.ConvTranspose{axes}d"
    claims = tuple(_claims(axes))
    if axes == 1:
        say = Statements(name, Source(TORCH, "introduction"))
        claims = (*map(elsewhere, claims), *article(say), *comparison(say))
    return Api(name, "conv_transpose", FULL, ("input",), claims, tuple(_cases(name, axes)))


APIS = (*(_api(axes) for axes in (1, 2, 3)), *torch_lazy.APIS, *torch_functional.APIS)
