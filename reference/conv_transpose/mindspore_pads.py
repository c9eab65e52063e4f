"""What MindSpore's pad modes remove of the full result, by the rulings in `mindspore.py`."""

from dataclasses import dataclass

from reference import arguments as check
from reference.arguments import Error
from reference.documented import refuse

PAD_MODES = ("same", "valid", "pad")
# Parameters that no document forbids: a `mindspore.dtype` names the type, and these do beyond doubt.
DTYPES = ("float16", "float32", "float64", "bfloat16")
# Which devices a list of supported platforms speaks of.
PLATFORMS = {"cpu": "CPU", "cuda": "GPU", "gpu": "GPU", "ascend": "Ascend"}


def only_on_ascend(device: str) -> str:
    """Why a document whose list of platforms holds Ascend alone excludes a device."""
    return "" if PLATFORMS.get(device) == "Ascend" else "the document lists Ascend as the only supported platform"


@dataclass(frozen=True)
class Crop:
    """How much is removed at the begin and the end of each axis, and why the values may not be documented."""

    pairs: tuple[tuple[int, int], ...]
    undocumented: str = ""


def check_padding(pad_mode: object, pads: tuple[int, ...], argument: str, error: Error) -> str:
    """The pad mode, once `argument` is known to be 0 where the mode asks for it."""
    mode = check.word(pad_mode, PAD_MODES, "pad_mode", ValueError)
    if mode != "pad" and any(pads):
        raise refuse(error, argument, "needs", f"{argument}={pads} must be 0 with pad_mode={mode!r}")
    return mode


def crop(
    mode: str,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    pads: tuple[int, ...],
    *,
    front: bool,
) -> Crop:
    """What the mode removes. `front` says that the document sends an odd excess of the depth axis to the "front"."""
    if mode == "pad":
        return Crop(tuple(zip(pads[::2], pads[1::2], strict=True)))
    excess = tuple(d * (k - 1) + 1 - s for k, s, d in zip(kernel, stride, dilation, strict=True))
    if mode == "valid":
        rivals = min(excess) < 0 and len(kernel) > 1
        reason = "two documented lengths of pad_mode valid compete where stride exceeds the kernel" if rivals else ""
        return Crop(((0, 0),) * len(kernel), reason)
    pairs = tuple((amount // 2, amount - amount // 2) for amount in excess)
    if min(excess) < 0:
        return Crop(pairs, "the padding of pad_mode same would be negative where stride exceeds the kernel")
    if front and len(kernel) == 3 and excess[0] % 2:
        return Crop(pairs, "at which end of the depth axis the odd excess of pad_mode same goes is not documented")
    return Crop(pairs)
