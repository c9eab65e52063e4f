"""The plan of every API by category, each case with what is expected of it where its API runs, made once."""

from collections.abc import Iterator
from functools import cache

import pytest

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.generate import Cases, cases
from conformance.expected import Prepared, prepare
from tests.cases.planned import API_NAMES

FEW = tuple(api for api in API_NAMES if DIALECTS[api].few)
MANY = tuple(api for api in API_NAMES if api not in FEW)
EVERY_API = pytest.mark.parametrize("api", API_NAMES)
MOST_APIS = pytest.mark.parametrize("api", MANY)


@cache
def made(api: str) -> Cases:
    return cases(apis()[api], seed=0, strength=2)


def category(api: str, name: str) -> tuple[Case, ...]:
    return made(api).categories[name]


@cache
def documented(api: str, name: str) -> tuple[Prepared, ...]:
    """The cases of a category, on a device that the API's document lists."""
    return tuple(prepare(case, "ascend" if api in FEW else "cpu") for case in category(api, name))


def everything(api: str) -> Iterator[Prepared]:
    """Every case of an API once."""
    seen: set[str] = set()
    for name in made(api).categories:
        for item in documented(api, name):
            if item.case.id not in seen:
                seen.add(item.case.id)
                yield item
