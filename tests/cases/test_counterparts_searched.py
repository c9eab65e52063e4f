"""Where the solver has no call by arguments alone, a search over all arguments within bounds finds none either."""

import random
from dataclasses import replace

import pytest

from cases.case import Case
from cases.conv_transpose.counterparts import counterparts
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.drawing import point as drawn
from cases.conv_transpose.points import written
from cases.conv_transpose.standing import judged
from cases.conv_transpose.varying import Chance
from tests.cases.planned import API_NAMES, FRAMEWORKS
from tests.cases.searched import longer_by, searched

ONE_AXIS, TWO_AXES = 25, 3  # calls of each API: a search of two axes takes seconds
SOURCES = [
    name
    for name in API_NAMES
    if DIALECTS[name].kind in ("module", "function") and not DIALECTS[name].few and DIALECTS[name].axes < 3
]
PAIRS = [(api, framework) for api in SOURCES for framework in FRAMEWORKS if not api.startswith(framework)]


def calls(api: str, most: int) -> list[Case]:
    """Random valid calls with a batch, whose numbers are whole, small enough for the search's bounds."""
    chance, dialect, found = random.Random(api), DIALECTS[api], list[Case]()
    while len(found) < most:
        made = written(dialect, replace(drawn(dialect, Chance(chance)), data="integers", asked=None))
        if made is None or len(made.call.tensors()[0].shape) != dialect.axes + 2:
            continue
        valid = all(judged(item)[0].kind == "value" for item in (made, longer_by(made, 3)))
        if valid and judged(made)[1] < 2000:
            found.append(made)
    return found


@pytest.mark.parametrize(("api", "framework"), PAIRS)
def test_a_search_over_all_arguments_finds_nothing_that_the_solver_missed(api: str, framework: str) -> None:
    kind = "module" if DIALECTS[api].loads else "function"
    if framework == "mindspore" and kind == "function":
        kind = "module"  # a primitive is told its size, and no recipe is direct
    direct = seen = 0
    for case in calls(api, ONE_AXIS if DIALECTS[api].axes == 1 else TWO_AXES):
        answer = counterparts(case, framework)
        assert not isinstance(answer, str), f"{case.show()}: {answer}"
        ours = any(not item.around and DIALECTS[item.api].kind == kind for item in answer)
        found = next(searched(case, framework, (kind,)), None)
        assert found is None or ours, f"{case.show()} is {found.show()}, which the solver missed"
        direct += ours
        seen += found is not None
    assert direct
    assert seen
