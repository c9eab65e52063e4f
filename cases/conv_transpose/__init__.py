"""Transposed convolution: what the documents say of it, and the cases that follow.

The engine finds an operator by this package's names: `APIS`, `RULINGS`, `DOCUMENTS`, `plan` and `counterpart`.
"""

from cases.conv_transpose import mindspore, oneflow, torch
from cases.conv_transpose.counterparts import counterpart
from cases.conv_transpose.documents import DOCUMENTS, RULINGS
from cases.conv_transpose.generate import plan

APIS = (*torch.APIS, *mindspore.APIS, *oneflow.APIS)

__all__ = ["APIS", "DOCUMENTS", "RULINGS", "counterpart", "plan"]
