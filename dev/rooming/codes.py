"""Channels named outside of their folder by their code, as a literal."""

import ast
import re

from .index import get_called, get_text
from .plan import get_place

# A short code is also an everyday word, as in `partner.phone`: it is a channel's if the
# expression it is compared with, passed to or a key of has such a name.
CALLED_SO = re.compile(r"(?:^|_)(?:channel|code|fallback|way|cost)s?(?:$|_)")


class Codes(ast.NodeVisitor):
    """Collect the codes of other channels in one file.

    :ivar found: [(line, text)]
    """

    def __init__(self, index, name):
        place = get_place(name)
        self.codes = {code for code, home in index.codes.items() if home != place}
        self.homes = index.codes
        self.found = []

    def visit_Constant(self, node):
        """Check a code of several words: it is a channel's everywhere."""
        code = get_text(node)
        if code in self.codes and "_" in code:
            self._add(node, code)

    def _add(self, node, code):
        what = f'names channel "{code}" of {self.homes[code]}'
        self.found.append((node.lineno, what))

    def _check(self, named, *values):
        """Check values of an expression with the name of a channel."""
        if not any(map(CALLED_SO.search, get_names(named))):
            return
        for value in values:
            for one in get_values(value):
                code = get_text(one)
                if code in self.codes and "_" not in code:
                    self._add(one, code)

    # ---- comparisons -----------------------------------------------------------------

    def visit_Compare(self, node):
        sides = [node.left, *node.comparators]
        for left, right in zip(sides, sides[1:], strict=False):
            self._check(left, right)
            self._check(right, left)
        self.generic_visit(node)

    def visit_Tuple(self, node):
        """Check a condition of a domain."""
        if len(node.elts) == 3:
            self._check(node.elts[0], node.elts[2])
        self.generic_visit(node)

    # ---- arguments -------------------------------------------------------------------

    def visit_Assign(self, node):
        for target in node.targets:
            self._check(target, node.value)
            for word in getattr(node.value, "keywords", ()):
                if word.arg == "default":
                    self._check(target, word.value)
        self.generic_visit(node)

    def visit_Call(self, node):
        for word in node.keywords:
            self._check(ast.Name(word.arg or ""), word.value)
        if get_called(node) == "Domain" and len(node.args) == 3:
            self._check(node.args[0], node.args[2])
        elif get_called(node) == "_get":
            # The port of a code: `env["dunning.channel"]._get("letter")`.
            self._check(ast.Name("channel"), *node.args)
        self.generic_visit(node)

    def visit_Dict(self, node):
        for key, value in zip(node.keys, node.values, strict=True):
            if key:
                self._check(key, value)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value:
                self._check(ast.Name(node.name), inner.value)
        self.generic_visit(node)

    # ---- keys ------------------------------------------------------------------------

    def visit_Subscript(self, node):
        self._check(node.value, node.slice)
        self.generic_visit(node)


def get_names(node):
    """Return the names of an expression: its last name, or the key that it reads.

    >>> get_names(ast.parse("way.step_id.channel", mode="eval").body)
    ['channel']
    >>> get_names(ast.parse('context.get("dunning_channel")', mode="eval").body)
    ['get', 'dunning_channel']
    """
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Call):
        return [get_called(node) or "", *filter(None, map(get_text, node.args))]
    if isinstance(node, ast.Subscript):
        return [get_text(node.slice) or "", *get_names(node.value)]
    text = get_text(node)
    return [text.rpartition(".")[2]] if text else []


def get_values(node):
    """Yield the possible values of an expression, and their members."""
    if isinstance(node, ast.IfExp):
        yield from get_values(node.body)
        yield from get_values(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from get_values(value)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for value in node.elts:
            yield from get_values(value)
    elif isinstance(node, ast.Dict):
        yield from filter(None, node.keys)
    else:
        yield node
