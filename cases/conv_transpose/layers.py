"""Transposed convolutions of well-known public models: cases of realistic sizes.

In go the published configurations, as they stand in the public repository that `source` names (owner/name and file);
out come cases of the classes of PyTorch, OneFlow and MindSpore, with normal numbers, judged by the error bound. They
show what small generated cases cannot: long sums, many channels, kernels far longer than the stride.

Every layer is called on one sample. Where its published input is longer than a check can afford (a forward call of
under half a second at one thread, under a second for the reference), the input's spatial shape is cut, which `cut` says
with the shape that it has in the model. What decides is the slowest backend, whose time grows with `visits`. Channels,
kernels and all other numbers are never changed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cases.case import Case
from cases.conv_transpose.counterparts import counterpart
from cases.conv_transpose.setting import FORMS, Setting, Size, call, inexpressible
from cases.documentation import Api


@dataclass(frozen=True)
class Layer:
    """One transposed convolution of a model. `size` is the input's spatial shape; `cut` the model's own, if longer."""

    model: str
    name: str
    source: str
    size: tuple[int, ...]
    in_channels: int
    out_channels: int
    kernel_size: Size
    stride: Size
    padding: int = 0
    output_padding: int = 0
    dilation: int = 1
    groups: int = 1
    bias: bool = True
    cut: tuple[int, ...] = ()

    @property
    def axes(self) -> int:
        """How many spatial axes there are."""
        return len(self.size)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """One sample `(1, C_in, *S)`."""
        return (1, self.in_channels, *self.size)

    @property
    def visits(self) -> int:
        """Elements of the result, times kernel taps, times input channels that meet in each."""
        result = math.prod(self.setting.output_shape)
        return result * math.prod(self.setting.kernel) * self.in_channels // self.groups

    @property
    def setting(self) -> Setting:
        """The layer as a call of any API."""
        return Setting(
            self.size,
            in_channels=self.in_channels,
            out_channels=self.out_channels,
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
            batch=1,
        )


SEGMENTATION = (
    # 52 × 52 is the size in the paper, which pads nothing; 512 channels are the second step of its decoder.
    Layer("U-Net", "up2.up", "milesial/Pytorch-UNet unet/unet_parts.py", (6, 6), 512, 256, 2, 2, cut=(52, 52)),
    Layer("V-Net", "up_tr256.up_conv", "mattmacy/vnet.pytorch vnet.py", (4, 4, 2), 256, 128, 2, 2, cut=(8, 8, 4)),
    Layer(
        "3-D residual U-Net",
        "decoders.3.upsampling",
        "wolny/pytorch-3dunet pytorch3dunet/unet3d/buildingblocks.py, pytorch3dunet/unet3d/model.py",
        (4, 4, 4),
        *(128, 64, 3, 2, 1),
        bias=False,
        cut=(40, 85, 85),
    ),
    Layer(
        "FCN-8s",
        "upscore8",
        "wkentaro/pytorch-fcn torchfcn/models/fcn8s.py",
        (2, 3),
        *(21, 21, 16, 8),
        bias=False,
        cut=(54, 70),
    ),
    Layer(
        "ERFNet",
        "decoder.layers.0",
        "Eromera/erfnet_pytorch train/erfnet.py",
        (16, 16),
        *(128, 64, 3, 2, 1, 1),
        cut=(64, 128),
    ),
    Layer(
        "Mask R-CNN",
        "mask_head.deconv",
        "facebookresearch/detectron2 detectron2/modeling/roi_heads/mask_head.py",
        (8, 8),
        *(256, 256, 2, 2),
        cut=(14, 14),
    ),
    Layer(
        "Segment Anything",
        "mask_decoder.output_upscaling.0",
        "facebookresearch/segment-anything segment_anything/modeling/mask_decoder.py",
        (16, 16),
        *(256, 64, 2, 2),
        cut=(64, 64),
    ),
)
DETECTION = (
    Layer(
        "Simple Baselines for pose estimation",
        "deconv_layers.3",
        "microsoft/human-pose-estimation.pytorch lib/models/pose_resnet.py",
        (4, 4),
        *(256, 256, 4, 2, 1),
        bias=False,
        cut=(16, 12),
    ),
    Layer(
        "CenterNet with DLA-34",
        "ida_up.up_2",
        "xingyizhou/CenterNet src/lib/models/networks/pose_dla_dcn.py",
        (32, 32),
        *(64, 64, 8, 4, 2),
        groups=64,
        bias=False,
    ),
    Layer(
        "PointPillars",
        "backbone_2d.deblocks.2",
        "open-mmlab/OpenPCDet pcdet/models/backbones_2d/base_bev_backbone.py, tools/cfgs/kitti_models/pointpillar.yaml",
        (3, 3),
        *(256, 128, 4, 4),
        bias=False,
        cut=(62, 54),
    ),
    Layer(
        "DPT-Large",
        "pretrained.act_postprocess1.4",
        "isl-org/DPT dpt/vit.py",
        (2, 2),
        *(256, 256, 4, 4),
        cut=(24, 24),
    ),
)
GENERATION = (
    Layer("DCGAN", "main.0", "pytorch/examples dcgan/main.py", (1, 1), 100, 512, 4, 1, bias=False),
    Layer("DCGAN", "main.3", "pytorch/examples dcgan/main.py", (4, 4), 512, 256, 4, 2, 1, bias=False),
    Layer(
        "CycleGAN",
        "ResnetGenerator, first upsampling",
        "junyanz/pytorch-CycleGAN-and-pix2pix models/networks.py",
        (10, 10),
        *(256, 128, 3, 2, 1, 1),
        cut=(64, 64),
    ),
    Layer(
        "pix2pix",
        "UnetGenerator, outermost",
        "junyanz/pytorch-CycleGAN-and-pix2pix models/networks.py",
        (32, 32),
        *(128, 3, 4, 2, 1),
        cut=(128, 128),
    ),
    Layer(
        "Diffuser",
        "ups.0.3.conv",
        "jannerm/diffuser diffuser/models/temporal.py, diffuser/models/helpers.py, config/locomotion.py",
        (4,),
        *(128, 128, 4, 2, 1),
    ),
    Layer("VQ-VAE-2", "upsample_t", "rosinality/vq-vae-2-pytorch vqvae.py", (20, 20), 64, 64, 4, 2, 1, cut=(32, 32)),
    Layer("FSRCNN, scale 3", "last_part", "yjn870/FSRCNN-pytorch models.py", (50, 50), 56, 1, 9, 3, 4, 2, cut=(85, 85)),
)
AUDIO = (
    Layer("HiFi-GAN V1", "ups.0", "jik876/hifi-gan models.py, config_v1.json", (8,), 512, 256, 16, 8, 4, cut=(32,)),
    Layer("MelGAN", "model.13", "descriptinc/melgan-neurips mel2wav/modules.py", (2048,), 128, 64, 4, 2, 1),
    Layer(
        "Multi-band MelGAN",
        "melgan.3",
        "kan-bayashi/ParallelWaveGAN parallel_wavegan/models/melgan.py, egs/csmsc/voc1/conf/multi_band_melgan.v2.yaml",
        (32,),
        *(384, 192, 10, 5, 3, 1),
        cut=(54,),
    ),
    Layer(
        "Demucs, hybrid",
        "decoder.4.conv_tr",
        "facebookresearch/demucs demucs/hdemucs.py, conf/config.yaml",
        (128, 4),
        *(96, 48, (8, 1), (4, 1)),
        cut=(128, 474),
    ),
    Layer(
        "Conv-TasNet",
        "decoder",
        "pytorch/audio torchaudio/models/conv_tasnet.py",
        (2001,),
        *(512, 1, 16, 8, 8),
        bias=False,
        cut=(4001,),
    ),
    Layer(
        "EnCodec, 24 kHz",
        "decoder.model.6",
        "facebookresearch/encodec encodec/modules/seanet.py",
        (80,),
        *(256, 128, 10, 5),
        cut=(600,),
    ),
    Layer(
        "Descript Audio Codec, 44 kHz",
        "decoder.model.3.block.1",
        "descriptinc/descript-audio-codec dac/model/dac.py, conf/final/44khz.yml",
        (56,),
        *(384, 192, 8, 4, 2),
        cut=(5504,),
    ),
)
LAYERS = (*SEGMENTATION, *DETECTION, *GENERATION, *AUDIO)

# Layers that no input is short enough for: on one frame the slowest backend, MindSpore on a CPU, takes over ten
# seconds, since it visits every tap of the kernel for every element of the result.
TOO_SLOW = {
    1: {"WaveGlow: upsample": "80 to 80 channels, kernel 1024, stride 256: beyond any limit of time on MindSpore"},
    2: {"FCN-32s: upscore": "21 to 21 channels, kernel 64 × 64, stride 32: beyond any limit of time on MindSpore"},
}

# The classes by which models are built; functions, lazy and experimental forms of them say nothing new on sizes.
CLASSES = ("torch.nn.ConvTranspose", "oneflow.nn.ConvTranspose", "mindspore.nn.Conv")


def cases(api: Api) -> Iterator[Case]:
    """The layers as cases of a class of layers; nothing for an API of another kind.

    Those of every framework are the counterparts of PyTorch's, so that a backend has each of them once, whichever
    framework's plan it comes from.
    """
    for layer in _layers(api.name):
        if not inexpressible(api.name, layer.setting):
            name = f"torch.nn.ConvTranspose{layer.axes}d"
            theirs = replace(call(name, layer.setting), data="normal", origin=f"{layer.model}: {layer.name}")
            ours = theirs if api.name == name else counterpart(theirs, api.framework)
            if isinstance(ours, Case):
                yield ours


def left_out(api: str) -> dict[str, str]:
    """The layers that an API has no case of, as `model: layer`, each with the reason."""
    if not api.startswith(CLASSES):
        return {}
    reasons = {f"{layer.model}: {layer.name}": inexpressible(api, layer.setting) for layer in _layers(api)}
    slow = TOO_SLOW.get(FORMS[api].axes, {})
    return slow | {name: reason for name, reason in reasons.items() if reason}


def _layers(api: str) -> Iterator[Layer]:
    if api.startswith(CLASSES):
        yield from (layer for layer in LAYERS if layer.axes == FORMS[api].axes)
