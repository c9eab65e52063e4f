"""Models for the miniature of PyTorch, one factory each; written into a file of the user's by the tests."""

import sys
from pathlib import Path

from conformance.lanes import ROOT
from conformance.pool import WorkerPlan

ADAPTER = "tests.engine.small_torch:SmallAdapter"
MODELS = '''
import os
import sys
import time

import helper  # beside this file
import torch
from torch import nn
from torch.nn.functional import conv_transpose1d, relu

print("a model may print what it likes")


def plain():
    return nn.Sequential(nn.Conv1d(), nn.ConvTranspose1d(2, 3, 4, stride=2, padding=1))


class Shared(nn.Module):
    """One layer called three times, twice with the same shape."""

    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose1d(2, 2, 3)
        self.never = nn.ConvTranspose1d(2, 2, 3)

    def forward(self, x):
        self.up(x)
        return relu(self.up(self.up(x)))


class Functional(nn.Module):
    """A function with two weights, one of them twice; and constants, which compute nothing."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(helper.weight(2, 2, 3))

    def forward(self, x):
        conv_transpose1d(x, self.weight, stride=2)
        conv_transpose1d(x, self.weight, stride=2)
        return conv_transpose1d(x, torch.ones(2, 2, 3), stride=2)


class Own(nn.ConvTranspose1d):
    def forward(self, x):
        return relu(super().forward(x))


class Named(nn.ConvTranspose1d):
    """A subclass that only fixes arguments."""

    def __init__(self):
        super().__init__(2, 2, 3, bias=False)


class Sized(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose1d(2, 2, 3, stride=2)

    def forward(self, x):
        return self.up(x, output_size=(2 * x.shape[-1] + 2,))


def own():
    return nn.Sequential(Own(2, 2, 3))


def named():
    return nn.Sequential(Named())


def longer():
    return nn.ConvTranspose1d(2, 2, 3, stride=2, output_padding=1)


def beyond():
    return nn.ConvTranspose1d(2, 2, 3, stride=2, output_padding=5)


def unknown():
    return nn.Sequential(nn.Conv1d())


def raises():
    raise ValueError("no such\\nweights")


def gives_up():
    sys.exit("no device")


def leaves():
    print("the last words", file=sys.stderr, flush=True)
    os._exit(3)


def hangs():
    time.sleep(1000)


def none():
    return None


def needs(argument):
    return plain()


instance = plain()
number = 3


class Two(nn.Module):
    def forward(self, x, y):
        return x
'''

HELPER = """
import numpy as np


def weight(*shape):
    return np.arange(np.prod(shape)).reshape(shape).astype("float32")
"""


def plan(backend: object, memory_limit: int | None = None) -> WorkerPlan:
    """How a worker on the miniature is started."""
    return WorkerPlan(Path(sys.executable), ADAPTER, "cpu", {}, ((ROOT, ("reference", "tests.engine")),), memory_limit)


def write(folder: Path) -> Path:
    """The models in a file of the user's, with another beside it that they import."""
    (folder / "helper.py").write_text(HELPER)
    path = folder / "models.py"
    path.write_text(MODELS)
    return path
