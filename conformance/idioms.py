"""How each framework spells the steps of a stand-alone script. Texts only: nothing of a record becomes code here."""

from dataclasses import dataclass

from cases.steps import Add, Crop, Expand, Pad, Squeeze, Step
from cases.values import Layout


@dataclass(frozen=True)
class Idiom:
    """One framework. `{}` stands for a name that the script has chosen.

    `narrow` is how an array of a type that NumPy lacks becomes a tensor, `read` how a tensor becomes an array;
    `modes` gives for each mode what comes first and how a callable is wrapped; `autograd` differentiates an output, and
    is empty where the framework differentiates functions instead. `makes` is how the names begin of what a case may let
    the framework make.
    """

    imports: str
    tensor: str
    narrow: str
    load: str
    read: str
    stack: str
    transpose: str
    contiguous: str
    expand: str
    permute: str
    modes: dict[str, tuple[str, str]]
    parameters: str
    pad: str
    autograd: str = ""
    makes: str = ""


IDIOMS = {
    "torch": Idiom(
        imports="import torch",
        tensor="torch.from_numpy({})",
        narrow="torch.from_numpy({}).to(torch.bfloat16)",
        load="module.{}.data = {}",
        read="({0}.float() if {0}.dtype == torch.bfloat16 else {0}).detach().cpu().numpy()",
        stack="torch.stack(({0}, {0}), -1)[..., 0]",
        transpose="{0}.transpose({1}, {2})",
        contiguous="{}.contiguous()",
        expand="{0}[:1].expand({0}.shape)",
        permute="{0}.permute({1})",
        modes={"eager": ("", "{}"), "compiled": ("", "torch.compile({}, dynamic=False)")},
        parameters="named_parameters",
        pad="torch.nn.functional.pad({}, {})",
        autograd="torch.autograd.grad",
    ),
    "oneflow": Idiom(
        imports="import oneflow",
        tensor="oneflow.tensor({})",
        narrow="oneflow.tensor({}).to(oneflow.bfloat16)",
        load="module.{}.data = {}",
        read="({0}.float() if {0}.dtype == oneflow.bfloat16 else {0}).detach().cpu().numpy()",
        stack="oneflow.stack([{0}, {0}], dim=-1)[..., 0]",
        transpose="{0}.transpose({1}, {2})",
        contiguous="{}.contiguous()",
        expand="{0}[:1].expand(*{0}.shape)",
        permute="{0}.permute({1})",
        modes={"eager": ("", "{}")},
        parameters="named_parameters",
        pad="oneflow.nn.functional.pad({}, {})",
        autograd="oneflow.autograd.grad",
    ),
    "mindspore": Idiom(
        imports="import mindspore",
        tensor="mindspore.Tensor({})",
        narrow="mindspore.Tensor({}, mindspore.bfloat16)",
        load="module.{}.set_data({})",
        read="({0}.float() if {0}.dtype == mindspore.bfloat16 else {0}).asnumpy()",
        # mint.stack has no kernel on CPU
        stack="mindspore.mint.concat(({0}.unsqueeze(-1), {0}.unsqueeze(-1)), -1)[..., 0]",
        transpose="mindspore.mint.transpose({0}, {1}, {2})",
        contiguous="{}.contiguous()",
        expand="{0}[:1].expand({0}.shape)",
        permute="mindspore.mint.permute({0}, {1})",
        makes="mindspore.common.initializer.",
        modes={
            "pynative": ("mindspore.set_context(mode=mindspore.PYNATIVE_MODE)", "{}"),
            "graph": ("mindspore.set_context(mode=mindspore.GRAPH_MODE)", "{}"),
        },
        parameters="parameters_and_names",
        pad="mindspore.ops.pad({}, {})",
    ),
}


def step_line(idiom: Idiom, step: Step, name: str, rank: int) -> str:
    """A step on the tensor `name` of so many axes, as an expression."""
    match step:
        case Expand(axis):
            return f"{name}.unsqueeze({axis})"
        case Squeeze(axis):
            return f"{name}.squeeze({axis})"
        case Pad(axis, begin, end):
            return idiom.pad.format(name, (0, 0) * (rank - 1 - axis) + (begin, end))
        case Crop(axis, begin, end):
            stretch = f"{begin or ''}:{-end or ''}"
            return f"{name}[{', '.join([':'] * axis + [stretch] + ['...'] * (axis < rank - 1))}]"
        case Add(role):
            along = "".join(", 1" for _ in range(rank - 2))
            return f"{name} + {role}.reshape(1, -1{along})"


def rank_after(step: Step, rank: int) -> int:
    """How many axes a tensor has after a step."""
    return rank + isinstance(step, Expand) - isinstance(step, Squeeze)


def laid_out(idiom: Idiom, name: str, rank: int, layout: Layout) -> str:
    """The tensor `name` as an expression, lying in memory as the layout says."""
    if layout == "expanded":
        return idiom.expand.format(name)
    if layout == "strided" or rank < 2:
        return name if layout == "contiguous" else idiom.stack.format(name)
    if layout == "transposed":
        return _exchanged(idiom, name, rank - 2, rank - 1)
    if layout == "channels-last" and rank > 2:
        order = (0, *range(2, rank), 1)
        back = tuple(order.index(axis) for axis in range(rank))
        return idiom.permute.format(idiom.contiguous.format(idiom.permute.format(name, order)), back)
    return name


def _exchanged(idiom: Idiom, name: str, first: int, second: int) -> str:
    """The same tensor with two axes exchanged in memory."""
    there = idiom.contiguous.format(idiom.transpose.format(name, first, second))
    return idiom.transpose.format(there, first, second)
