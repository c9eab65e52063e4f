"""What the claims on MindSpore's classes share: where a statement stands, and what a plain call is."""

from typing import Any

from cases.conv_transpose.documents import MINDSPORE, MINDSPORE_1D, MINDSPORE_2D
from cases.documentation import Source

PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "group": 1, "dilation": 1, "has_bias": False}


def sources(axes: int, place: str) -> tuple[Source, ...]:
    """The docstring's place, and the same place of the page about the same class."""
    pages = {1: (Source(MINDSPORE_1D, place),), 2: (Source(MINDSPORE_2D, place),), 3: ()}
    return (Source(MINDSPORE, place), *pages[axes])
