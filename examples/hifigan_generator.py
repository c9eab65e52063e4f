"""The generator of HiFi-GAN: mel spectrogram `(N, 80, T)` → waveform `(N, 1, 256·T)`.

J. Kong, J. Kim, J. Bae: HiFi-GAN: Generative Adversarial Networks for Efficient and High Fidelity Speech Synthesis,
NeurIPS 2020. Four transposed convolutions lengthen the signal 8 · 8 · 2 · 2 = 256 times; after each one several stacks
of dilated convolutions with different kernels are averaged. Every convolution is weight-normalised, in the older way
of PyTorch, as at the time. Channels and kernels are the paper's.
"""

import torch
from torch import nn
from torch.nn.functional import leaky_relu
from torch.nn.utils import weight_norm

SLOPE = 0.1
MELS = 80
STEPS = ((8, 16), (8, 16), (2, 4), (2, 4))  # rate and kernel of each upsampling
KERNELS = (3, 7, 11)
DILATIONS = (1, 3, 5)


class Dilated(nn.Module):
    """Pairs of convolutions, the first of each dilated, around each of which the signal is carried on."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        wide = [nn.Conv1d(channels, channels, kernel, dilation=d, padding="same") for d in DILATIONS]
        plain = [nn.Conv1d(channels, channels, kernel, padding="same") for _ in DILATIONS]
        self.wide = nn.ModuleList(map(weight_norm, wide))
        self.plain = nn.ModuleList(map(weight_norm, plain))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(N, C, L)` → the same shape."""
        for first, second in zip(self.wide, self.plain, strict=True):
            x = x + second(leaky_relu(first(leaky_relu(x, SLOPE)), SLOPE))
        return x


class Generator(nn.Module):
    """The generator with `channels` after its first convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.before = weight_norm(nn.Conv1d(MELS, channels, 7, padding=3))
        self.ups, self.stacks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in STEPS:
            up = nn.ConvTranspose1d(channels, channels // 2, kernel, rate, padding=(kernel - rate) // 2)
            channels //= 2
            self.ups.append(weight_norm(up))
            self.stacks.append(nn.ModuleList([Dilated(channels, width) for width in KERNELS]))
        self.after = weight_norm(nn.Conv1d(channels, 1, 7, padding=3))

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """`(N, 80, T)` → `(N, 1, 256·T)`."""
        x = self.before(mel)
        for up, stacks in zip(self.ups, self.stacks, strict=True):
            x = up(leaky_relu(x, SLOPE))
            x = sum(stack(x) for stack in stacks) / len(stacks)
        return torch.tanh(self.after(leaky_relu(x)))


def v1() -> nn.Module:
    """The large configuration of the paper."""
    return Generator(512)


def v2() -> nn.Module:
    """The small configuration of the paper: the same shape of network with a quarter of the channels."""
    return Generator(128)
