"""Transposed convolution: what the documents say of it, and the cases that follow.

The engine finds an operator by this package's names: `APIS`, `RULINGS`, `DOCUMENTS`, `plan`, `counterpart` and
`counterparts`. To what each API's documents say come the suite's own claims: consistency, derivatives, and the wording
of errors.
"""

from dataclasses import replace

from cases.conv_transpose import mindspore, oneflow, torch
from cases.conv_transpose.counterparts import counterpart, counterparts
from cases.conv_transpose.documents import DOCUMENTS, RULINGS
from cases.conv_transpose.features import features
from cases.conv_transpose.generate import plan
from cases.conv_transpose.own import own
from cases.conv_transpose.taps import taps

APIS = tuple(replace(api, claims=(*api.claims, *own(api))) for api in (*torch.APIS, *mindspore.APIS, *oneflow.APIS))

__all__ = ["APIS", "DOCUMENTS", "RULINGS", "counterpart", "counterparts", "features", "plan", "taps"]
