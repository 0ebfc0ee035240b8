"""Model of an expression, as far as its names tell."""

import ast

from .index import get_called, get_text

# The usual names for records of Odoo's models.
WORDS = {
    "company": "res.company",
    "companies": "res.company",
    "commercial_partner": "res.partner",
    "contact": "res.partner",
    "customer": "res.partner",
    "entry": "account.move",
    "invoice": "account.move",
    "item": "account.move.line",
    "move": "account.move",
    "move_line": "account.move.line",
    "partner": "res.partner",
    "user": "res.users",
}
# Methods that return records of the model they are called on.
SAME = {
    "browse",
    "concat",
    "copy",
    "create",
    "exists",
    "filtered",
    "filtered_domain",
    "new",
    "search",
    "search_fetch",
    "sorted",
    "sudo",
    "try_lock_for_update",
    "union",
    "with_company",
    "with_context",
    "with_env",
    "with_prefetch",
    "with_user",
}


class Types:
    """Models of the expressions of one class.

    :param index: `Index`
    :param model: model of the class, None outside of one
    """

    def __init__(self, index, model):
        self.index = index
        self.model = model
        self.names = {"self": model, "cls": model}

    def enter(self, function):
        """Learn the models of a function's names, in addition to the outer ones."""
        self.names = dict(self.names)
        for argument in ast.walk(function.args):
            if isinstance(argument, ast.arg) and argument.arg != "self":
                self.names.pop(argument.arg, None)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._learn(node.targets[0], node.value)
            elif isinstance(node, ast.For | ast.comprehension):
                self._learn(node.target, node.iter)

    def _learn(self, target, value):
        if isinstance(target, ast.Name) and (model := self.get(value)):
            self.names[target.id] = model

    def get(self, node):
        """Return the model of an expression, None if it is unknown."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id) or self._get_by_word(node.id)
        if isinstance(node, ast.Attribute):
            return self.get_field(self.get(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            name = get_text(node.slice)
            if name and getattr(node.value, "attr", None) == "env":
                return name
            return None if name else self.get(node.value)
        if isinstance(node, ast.BinOp):
            return self.get(node.left) or self.get(node.right)
        if isinstance(node, ast.BoolOp):
            return self.get(node.values[-1])
        if get_called(node) in SAME and isinstance(node.func, ast.Attribute):
            return self.get(node.func.value)
        return None

    def get_field(self, model, name):
        """Return the comodel of a field: by its definition, else by its name."""
        for member in self.index.get_members(name, model):
            if member.comodel:
                return member.comodel
        if name.endswith(("_id", "_ids")):
            return self._get_by_word(name.removesuffix("s").removesuffix("_id"))
        return None

    def _get_by_word(self, word):
        """Return the model that a name stands for: `actions_sudo`, `delivery`."""
        word = word.removesuffix("_sudo")
        for one in (word, word.removesuffix("s"), word.removesuffix("ies") + "y"):
            if one in WORDS:
                return WORDS[one]
            model = f"dunning.{one.replace('_', '.')}"
            if model in self.index.models:
                return model
        return None
