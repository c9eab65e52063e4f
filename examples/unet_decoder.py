"""The expanding half of the U-Net: deepest features `(N, 1024, H, W)` and skip connections → `(N, 2, 16·H, 16·W)`.

O. Ronneberger, P. Fischer, T. Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation, MICCAI 2015. An
up-convolution doubles each side and halves the channels; the features of the same size from the contracting half are
put beside them, and two 3 × 3 convolutions follow. Channels are the paper's. Unlike there the convolutions are padded,
as in most later implementations, so that features need not be cropped. The encoder is left out: its results are inputs.
"""

from collections.abc import Callable

import torch
from torch import nn

CHANNELS = (1024, 512, 256, 128, 64)


def doubling(channels: int) -> nn.Module:
    """The paper's up-convolution: a kernel as large as the stride, so that nothing overlaps."""
    return nn.ConvTranspose2d(channels, channels // 2, 2, 2)


def overlapping(channels: int) -> nn.Module:
    """What many ports take instead: an odd kernel, and output_padding to double the size exactly."""
    return nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1)


class Step(nn.Module):
    """One step up: twice the size, half the channels."""

    def __init__(self, up: nn.Module, channels: int) -> None:
        super().__init__()
        self.up = up
        self.mix = nn.Sequential(
            nn.Conv2d(channels, channels // 2, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels // 2, channels // 2, 3, padding=1),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        """`(N, C, H, W)` and `(N, C/2, 2·H, 2·W)` → the shape of the latter."""
        return self.mix(torch.cat((skip, self.up(x)), dim=1))


class Decoder(nn.Module):
    """Four steps up, and a class for every pixel."""

    def __init__(self, up: Callable[[int], nn.Module], classes: int = 2) -> None:
        super().__init__()
        self.steps = nn.ModuleList([Step(up(channels), channels) for channels in CHANNELS[:-1]])
        self.classify = nn.Conv2d(CHANNELS[-1], classes, 1)

    def forward(self, x: torch.Tensor, *skips: torch.Tensor) -> torch.Tensor:
        """The deepest features and the skip connections, the smallest first."""
        for step, skip in zip(self.steps, skips, strict=True):
            x = step(x, skip)
        return self.classify(x)


def decoder() -> nn.Module:
    """With the paper's up-convolutions."""
    return Decoder(doubling)


def ported() -> nn.Module:
    """With overlapping up-convolutions."""
    return Decoder(overlapping)
