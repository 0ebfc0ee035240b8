"""Uses of other files in a file: by import, by the name of a model, a field, a method,
a table or a record."""

import ast
import re
from pathlib import PurePosixPath

from .index import Model, get_called, get_text, get_texts
from .inference import Types
from .plan import MODULE, get_place, may_know

ADDON = f"odoo.addons.{MODULE}"
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(dunning_\w+)")
RECORD = re.compile(rf"^{MODULE}\.(\w+)$")
METHOD = re.compile(r"^_[a-z]\w+$")
OURS = re.compile(r"\bdunning_\w+")
PATH = re.compile(r"^[a-z]\w*(\.[a-z]\w*)*$")
OPERATORS = {"=", "!=", "<", "<=", ">", ">=", "in", "not in", "like", "ilike", "any"}
OPERATORS |= {"not any", "=ilike", "child_of", "parent_of", "not like", "not ilike"}
# Methods of Odoo that accept paths of fields, directly or in lists.
TAKE_PATHS = {
    "fetch",
    "filtered",
    "flush_recordset",
    "flush_model",
    "grouped",
    "invalidate_model",
    "invalidate_recordset",
    "mapped",
    "read",
    "sorted",
    "_read_group",
    "search_fetch",
}
TAKE_DOMAINS = {
    "filtered_domain",
    "search",
    "search_count",
    "search_fetch",
    "_read_group",
    "_search",
}
TAKE_VALUES = {"create", "write", "new", "update"}
DECORATORS = {"constrains", "depends", "onchange"}


def resolve(name, node, names):
    """Yield the files of an import.

    :param name: file that imports
    :param node: import
    :param names: all files there are
    """
    for alias in node.names:
        if isinstance(node, ast.Import):
            module = alias.name.removeprefix(f"{ADDON}.").split(".")
            yield from _get_file(module, names)
            continue
        if node.level:
            folder = PurePosixPath(name).parts[: -node.level]
            module = [*folder, *(node.module.split(".") if node.module else ())]
        elif node.module == ADDON or (node.module or "").startswith(f"{ADDON}."):
            module = node.module.split(".")[3:]
        else:
            continue
        found = [*_get_file([*module, alias.name], names)]
        yield from found or _get_file(module, names)


def _get_file(module, names):
    path = "/".join(module)
    for file in (f"{path}.py", f"{path}/__init__.py"):
        if file in names:
            yield file


class Uses(ast.NodeVisitor):
    """Collect the uses in one file that its room may not know.

    :param index: `Index`
    :param name: name of the file
    :ivar found: [(line, text)]
    """

    def __init__(self, index, name):
        self.index = index
        self.name = name
        self.place = get_place(name)
        self.folders = index.get_folders(self.place)
        self.found = []
        self.types = Types(index, None)
        self.imported = set()
        # Texts without names: docstrings, keys of the context.
        self.passed_over = set()

    # ---- rights of rooms -------------------------------------------------------------

    def _knows(self, place):
        return may_know(self.place, place, self.folders)

    def _knows_any(self, places):
        return not places or any(map(self._knows, places))

    def _add(self, node, what, place):
        self.found.append((node.lineno, f"{what} of {place}"))

    def _check_model(self, node, model):
        places = self.index.models.get(model, ())
        if not self._knows_any(places):
            self._add(node, f"knows model {model}", min(places))

    def _check_member(self, node, name, model=None):
        """Check the use of a name, of a known model, or of any.

        If the model is unknown, only names that Odoo does not have are checked.
        """
        members = self.index.get_members(name, model)
        if not members and model in self.index.models:
            model = None  # a mixin's demand on its heirs
            members = self.index.get_members(name)
        if not model and not name.startswith(("_", "dunning_")):
            return
        if self._knows_any([member.place for member in members]):
            return
        first = members[0]
        if not self._knows_any(self.index.models.get(first.model)):
            self._check_model(node, first.model)
        else:
            self._add(node, f"knows {first.kind} {name}", first.place)

    def _check_path(self, node, path, model):
        """Follow a path of fields as far as it is known."""
        for name in path.split("."):
            if model or name.startswith("dunning_"):
                self._check_member(node, name, model)
            model = self.types.get_field(model, name)

    # ---- structure -------------------------------------------------------------------

    def visit_Import(self, node):
        folder, _slash, name = self.name.rpartition("/")
        below = f"{folder}/" if name == "__init__.py" else None
        for file in resolve(self.name, node, self.index.trees):
            if below and file.startswith(below):
                continue  # lists its own content
            if not self._knows(get_place(file)):
                self._add(node, f"imports {file}", get_place(file))
        self.imported |= {
            (alias.asname or alias.name).partition(".")[0] for alias in node.names
        }

    visit_ImportFrom = visit_Import

    def visit_ClassDef(self, node):
        outer = self.types
        self.types = Types(self.index, Model(node).name)
        self._skip_docstring(node)
        self.generic_visit(node)
        self.types = outer

    def visit_FunctionDef(self, node):
        self._skip_docstring(node)
        outer = self.types.names
        self.types.enter(node)
        for decorator in node.decorator_list:
            if get_called(decorator) == "depends_context":
                self.passed_over |= {*decorator.args}
            if get_called(decorator) in DECORATORS:
                for path in map(get_text, decorator.args):
                    if path and self.types.model:
                        self._check_path(decorator, path, self.types.model)
        self.generic_visit(node)
        self.types.names = outer

    def visit_Module(self, node):
        self._skip_docstring(node)
        self.generic_visit(node)

    def _skip_docstring(self, node):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and get_text(first.value):
            self.passed_over.add(first.value)

    # ---- expressions -----------------------------------------------------------------

    def visit_Attribute(self, node):
        root = node.value
        is_imported = isinstance(root, ast.Name) and root.id in self.imported
        if not is_imported and get_called(root) != "super":
            self._check_member(node, node.attr, self.types.get(root))
        self.generic_visit(node)

    def visit_Call(self, node):
        called = get_called(node)
        if called == "get" and getattr(node.func.value, "attr", None) == "context":
            self.passed_over |= {*node.args[:1]}  # named after its subject
        model = None
        if isinstance(node.func, ast.Attribute):
            model = self.types.get(node.func.value)
        if called in TAKE_PATHS:
            self._check_paths(node, model)
        if called in TAKE_DOMAINS and model:
            for leaf in ast.walk(node):
                if path := get_leaf(leaf):
                    self._check_path(leaf, path, model)
        if called in TAKE_VALUES and model:
            for values in node.args[:1]:
                for key in getattr(values, "keys", ()):
                    if name := key and get_text(key):
                        self._check_member(key, name, model)
        if called == "Many2one" or is_related(node):
            self._check_related(node)
        self.generic_visit(node)

    def _check_paths(self, node, model):
        for argument in [*node.args, *(word.value for word in node.keywords)]:
            for text in get_texts(argument):
                path = text.partition(":")[0].partition(" ")[0]
                if PATH.match(path):
                    self._check_path(argument, path, model)

    def _check_related(self, node):
        for word in node.keywords:
            if word.arg == "related" and (path := get_text(word.value)):
                self._check_path(word.value, path, self.types.model)

    def visit_JoinedStr(self, node):
        """Skip the parts of a formatted text: they are no names."""
        self.passed_over |= {part for part in node.values if get_text(part)}
        self.generic_visit(node)

    def visit_Constant(self, node):
        text = get_text(node)
        if text is None or node in self.passed_over:
            return
        if text in self.index.models:
            self._check_model(node, text)
        elif text in self.index.tables:
            self._check_model(node, self.index.tables[text])
        elif METHOD.match(text) and self.index.get_members(text):
            self._check_member(node, text)
        elif record := RECORD.match(text):
            place = self.index.records.get(record[1])
            if not self._knows(place):
                self._add(node, f"knows record {record[1]}", place)
        elif "dunning_" in text and not text.startswith("/"):
            self._check_text(node, text)

    def _check_text(self, node, text):
        """Check a name, or SQL: tables, and our columns in Odoo's tables."""
        tables = set(TABLE.findall(text))
        for table in tables & self.index.tables.keys():
            self._check_model(node, self.index.tables[table])
        for name in sorted({*OURS.findall(text)} - tables):
            if any(m.kind == "field" for m in self.index.get_members(name)):
                self._check_member(node, name)


def is_related(node):
    """Return whether a call makes a related field."""
    return any(word.arg == "related" for word in node.keywords)


def get_leaf(node):
    """Return the path of a condition of a domain: `("a.b", "=", 1)`, `Domain(…)`."""
    if isinstance(node, ast.Tuple) and len(node.elts) == 3:
        parts = node.elts
    elif get_called(node) == "Domain" and len(node.args) == 3:
        parts = node.args
    else:
        return None
    path, operator = get_text(parts[0]), get_text(parts[1])
    return path if path and operator in OPERATORS and PATH.match(path) else None
