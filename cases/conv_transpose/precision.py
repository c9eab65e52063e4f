"""What the documents say of accelerators: TensorFloat-32, determinism, and half precision.

A claim here holds on CUDA devices only, and against cases that set the switch of which it speaks. Each of them runs
nowhere else, so that a machine without the device has them as unavailable.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.setting import Setting, call
from cases.documentation import Claim, Consistent, Kind, Pair, Source, Values
from cases.statements import Statements

CUDA = "cuda"
_SIZES = {1: (64,), 2: (16, 12), 3: (8, 6, 5)}
OFTEN = 10


def tf32(say: Statements, *sources: Source) -> Claim:
    """The sentence that TensorFloat-32 is supported."""
    return say.claim(
        "tf32",
        Kind.PRECISION,
        "With TensorFloat-32 switched on, results are as precise as its multiplicands allow: 10 bits of mantissa, "
        "added in float32.",
        "开启 TensorFloat-32 时，结果的精度符合其乘数的精度：尾数 10 位，以 float32 累加。",
        Values(f.setting("tf32", True)),
        sources=sources,
        device=CUDA,
    )


def float32(say: Statements, *sources: Source) -> Claim:
    """The sentence that TensorFloat-32 can be switched off for more accurate results."""
    return say.claim(
        "float32-without-tf32",
        Kind.PRECISION,
        "With TensorFloat-32 switched off, results are as precise as float32.",
        "关闭 TensorFloat-32 时，结果具有 float32 的精度。",
        Values(f.setting("tf32", False)),
        sources=sources,
        device=CUDA,
    )


def deterministic(say: Statements, axes: int, *sources: Source) -> Claim:
    """The note on nondeterministic algorithms, and on the switch against them."""
    return say.claim(
        "cudnn-deterministic",
        Kind.PRECISION,
        "On CUDA with cuDNN a nondeterministic algorithm may be chosen; with the deterministic flag set, repeated calls "
        "give the same result.",
        "在使用 cuDNN 的 CUDA 上可能选择非确定性算法；设置确定性标志后，重复调用的结果相同。",
        Consistent(repeated(say.api, axes)),
        sources=sources,
        device=CUDA,
    )


def repeated(api: str, axes: int) -> tuple[Pair, ...]:
    """A call beside the last of several equal ones, with many channels and random numbers."""
    large = Setting(_SIZES[axes], in_channels=32, out_channels=16, padding=1)
    settings = (large, replace(large, stride=2, kernel_size=4), replace(large, groups=4))
    once = [
        replace(call(api, setting), data="normal", settings=(("deterministic", True),), device=CUDA)
        for setting in settings
    ]
    return tuple(Pair(left, replace(left, repeats=OFTEN, origin=left.id)) for left in once)


def switched(api: str, axes: int) -> Iterator[Case]:
    """Calls with TensorFloat-32 on and off, with many channels, whose sums show the precision of the terms."""
    large = Setting(_SIZES[axes], in_channels=32, out_channels=16, padding=1)
    for setting in (large, replace(large, stride=2, kernel_size=4), replace(large, groups=4)):
        for value in (True, False):
            yield replace(call(api, setting), data="normal", settings=(("tf32", value),), device=CUDA)


def rocm(say: Statements, *sources: Source) -> Claim:
    """The remark on devices of another maker."""
    return say.unchecked(
        "rocm-float16",
        Kind.PRECISION,
        "On some ROCm devices the backward pass of float16 uses another precision.",
        "在某些 ROCm 设备上，float16 的反向传播使用不同的精度。",
        "needs a ROCm device, which no backend of this suite has",
        *sources,
    )
