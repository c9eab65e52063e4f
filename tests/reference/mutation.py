"""Mutants of a module, made from its source with `ast`: each is the module with one small mistake in it.

A mutant is described by the function and the mutated statement. Docstrings, annotations, error messages and what only
a type checker reads are left alone.
"""

import ast
import copy
import types
from pathlib import Path

SWAPPED_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.USub: ast.UAdd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.Or: ast.And,
    ast.And: ast.Or,
}
PAIRS = (
    "stride dilation, strides dilations, s d, begin end, size kernel, first stop, inputs outputs, c_in c_out, max min"
)
SWAPPED_NAMES = {}
for pair in PAIRS.split(", "):
    one, other = pair.split()
    SWAPPED_NAMES |= {one: other, other: one}


def mutants(module):
    """Yield (description, mutated module) for every mutation of the module's source."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    seen = {}
    for number, mutation in _places(tree):
        mutated = copy.deepcopy(tree)
        nodes = list(ast.walk(mutated))
        _apply(nodes[number], mutation)
        description = _describe(mutated, nodes[number])
        seen[description] = seen.get(description, 0) + 1
        if seen[description] > 1:
            description += f"  #{seen[description]}"
        loaded = types.ModuleType(module.__name__)  # the name of the original, where dataclasses look types up
        exec(compile(ast.fix_missing_locations(mutated), description, "exec"), loaded.__dict__)
        yield description, loaded


def _places(tree):
    """Yield (index in ast.walk, kind of mutation) of all that can be mutated."""
    left_alone = {id(node) for part in _left_alone(tree) for node in ast.walk(part)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in left_alone:
            continue
        operator = node.ops[0] if isinstance(node, ast.Compare) else getattr(node, "op", None)
        if type(operator) in SWAPPED_OPERATORS and not isinstance(node, ast.AugAssign):
            yield number, "operator"
        elif isinstance(node, ast.Constant) and type(node.value) in (int, str):
            yield number, "constant"
        elif isinstance(node, ast.Name) and node.id in SWAPPED_NAMES:
            yield number, "name"
        elif isinstance(node, (ast.If, ast.IfExp)):
            yield number, "condition"
        elif isinstance(node, ast.AugAssign):
            yield number, "sign"
            yield number, "overwrite"
            yield number, "drop"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield number, "deletion"


def _left_alone(tree):
    for node in ast.walk(tree):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if docstring or typing or isinstance(node, ast.Raise):
            yield node
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns
        elif isinstance(node, ast.ClassDef):
            yield from node.decorator_list


def _apply(node, mutation):
    if mutation == "operator" and isinstance(node, ast.Compare):
        node.ops[0] = SWAPPED_OPERATORS[type(node.ops[0])]()
    elif mutation == "operator":
        node.op = SWAPPED_OPERATORS[type(node.op)]()
    elif mutation == "constant":
        node.value = node.value + 1 if isinstance(node.value, int) else {"ignore": "raise"}.get(node.value, "")
    elif mutation == "name":
        node.id = SWAPPED_NAMES[node.id]
    elif mutation == "condition":
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif mutation == "sign":
        node.op = ast.Sub()
    elif mutation == "overwrite":  # a += b - a, which is a = b
        node.op, node.value = ast.Add(), ast.BinOp(node.value, ast.Sub(), _loaded(node.target))
    elif mutation == "drop":
        node.value = ast.Constant(0)
    elif mutation == "deletion":
        node.value = ast.Constant(...)


def _loaded(target):
    target = copy.deepcopy(target)
    target.ctx = ast.Load()
    return target


def _describe(tree, node):
    """Return `function: statement`, of a compound statement only its first line."""
    owner, statement = "module", None
    stack = [(tree, "module", None)]
    while stack:
        current, function, innermost = stack.pop()
        if isinstance(current, ast.FunctionDef):
            function = current.name
        if isinstance(current, ast.stmt):
            innermost = current
        if current is node:
            owner, statement = function, innermost
            break
        stack += [(child, function, innermost) for child in ast.iter_child_nodes(current)]
    return f"{owner}: {ast.unparse(statement).splitlines()[0]}"
