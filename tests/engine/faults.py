"""How each faulty adapter has to be found out: its verdicts, the claims it must contradict, and the cases that show it.

Tables of data, read by `faulty_run`. Each fault runs on a slice of the default cases of one or two APIs, so that all of
them together take minutes.
"""

from tests.engine.faults_of_calls import CALLS
from tests.engine.faults_of_layers import ADVISED, LAYERS

FAULTS = (*CALLS, *LAYERS)

__all__ = ["ADVISED", "FAULTS"]
