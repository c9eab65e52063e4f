"""The generator of DCGAN: noise `(N, 100, 1, 1)` → image `(N, 3, 64, 64)` with values between -1 and 1.

A. Radford, L. Metz, S. Chintala: Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
Networks, ICLR 2016. The noise becomes a small picture of many channels, which four strided transposed convolutions
double in size; batch normalisation and ReLU follow each but the last. Projecting the noise and reshaping it, as the
paper has it, is the same as a transposed convolution on a single pixel. The widest layer has 512 channels, half of the
paper's, as in the implementations that are most used.
"""

from torch import nn

NOISE, WIDEST, COLOURS = 100, 512, 3


def generator() -> nn.Module:
    """The generator for pictures of 64 × 64."""
    layers: list[nn.Module] = [nn.ConvTranspose2d(NOISE, WIDEST, 4, bias=False)]
    channels = WIDEST
    for _ in range(3):
        layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
        layers += [nn.ConvTranspose2d(channels, channels // 2, 4, stride=2, padding=1, bias=False)]
        channels //= 2
    layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
    layers += [nn.ConvTranspose2d(channels, COLOURS, 4, stride=2, padding=1, bias=False), nn.Tanh()]
    return nn.Sequential(*layers)
