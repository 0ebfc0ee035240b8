"""Definitions of each file: models, their fields and methods, XML ids."""

import ast
import collections
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from .plan import CODE, MODULE, get_place

CHANNEL = "dunning.channel."
# Attributes that describe a class: every model has these.
OF_ALL = {"_description", "_inherit", "_name", "_order", "_rec_name"}


class Member(NamedTuple):
    """Field, method or attribute of a class, as one file defines it."""

    name: str
    model: str
    place: object
    kind: str = "attribute"
    comodel: str = ""
    # Whether it extends the definition of another class, which is the first.
    is_extension: bool = False


def get_text(node):
    """Return the text of a literal, None for all else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def get_texts(node):
    """Return the texts of a literal, or of a list, tuple or set of them."""
    nodes = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    return [text for text in map(get_text, nodes) if text is not None]


def get_called(node):
    """Return the last name of a call's function, None for all else."""
    if isinstance(node, ast.Call):
        function = node.func
        return getattr(function, "attr", getattr(function, "id", None))
    return None


def get_assigned(node):
    """Yield name and value of each assignment of a class."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
        elif isinstance(statement, ast.AnnAssign):
            yield statement.target.id, statement.value


class Model:
    """Class, with the model that it defines or extends.

    :param node: the class
    """

    def __init__(self, node):
        values = dict(get_assigned(node))
        self.own_name = get_text(values.get("_name"))
        self.inherits = get_texts(values.get("_inherit"))
        self.name = self.own_name or (self.inherits[0] if self.inherits else None)
        self.is_new = bool(self.own_name) and self.own_name not in self.inherits


def is_field(value):
    """Return whether a value is a field: `fields.Char(…)`."""
    function = getattr(value, "func", None)
    root = getattr(function, "value", None)
    return isinstance(root, ast.Name) and root.id == "fields"


def get_comodel(value):
    """Return the comodel of a relation."""
    named = [word.value for word in value.keywords if word.arg == "comodel_name"]
    if get_called(value) in ("Many2one", "One2many", "Many2many"):
        named += value.args[:1]
    return get_text(named[0]) if named else None


def _extends(function):
    """Return whether a method calls the method that it overrides."""
    return any(
        getattr(node.func, "attr", None) == function.name
        and isinstance(node.func.value, ast.Call)
        and get_called(node.func.value) == "super"
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )


def get_members(node, model, place):
    """Yield the members that a class defines."""
    for name, value in get_assigned(node):
        if is_field(value):
            yield Member(name, model, place, "field", get_comodel(value) or "")
        elif name not in OF_ALL:
            yield Member(name, model, place)
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            yield Member(
                method.name, model, place, "method", is_extension=_extends(method)
            )


class Index:
    """Definitions in the files of the rooms.

    :param sources: {name of a file: its text}, Python and XML
    """

    def __init__(self, sources):
        self.trees = {
            name: ast.parse(text)
            for name, text in sources.items()
            if name.endswith(".py") and name.startswith(tuple(f"{t}/" for t in CODE))
        }
        # {model: places that define it}, its parents of ours, and the channels' codes
        self.models = collections.defaultdict(set)
        self.parents = collections.defaultdict(set)
        self.members = collections.defaultdict(list)
        self.codes = {}
        for name, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self._add_class(node, get_place(name))
        self.tables = {model.replace(".", "_"): model for model in self.models}
        self.folders = collections.defaultdict(set)
        for name, tree in self.trees.items():
            self._add_folders(get_place(name), tree)
        self.screens = {
            name: parse_xml(text)
            for name, text in sources.items()
            if name.endswith(".xml") and get_place(name)
        }
        self.records = self._get_records()

    def _add_class(self, node, place):
        model = Model(node)
        if model.is_new:
            self.models[model.name].add(place)
            if model.name.startswith(CHANNEL):
                self.codes[model.name.removeprefix(CHANNEL)] = place
        if model.name:
            self.parents[model.name] |= {*model.inherits} - {model.name}
        for member in get_members(node, model.name or "", place):
            self.members[member.name].append(member)

    def _add_folders(self, place, tree):
        """Record the channel folders that a folder inherits from."""
        if not place or not place.folder:
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for parent in Model(node).inherits:
                    places = self.models.get(parent, ())
                    self.folders[place.folder] |= {
                        p.folder for p in places if p and p.room == place.room
                    }

    def get_folders(self, place):
        """Return the channel folders that a place inherits from, directly or not."""
        found, new = set(), {place.folder} if place else set()
        while new:
            found |= new
            new = {f for folder in new for f in self.folders[folder]} - found
        return found

    def get_line(self, model):
        """Return a model and all models it inherits from."""
        found, new = set(), {model}
        while new:
            found |= new
            new = {p for name in new for p in self.parents.get(name, ())} - found
        return found

    def get_members(self, name, model=None):
        """Return the first definitions of a name, in a model or in any.

        Empty if the model has the name from elsewhere: it is Odoo's.
        """
        members = self.members.get(name, [])
        if model:
            line = self.get_line(model)
            members = [member for member in members if member.model in line]
        return [member for member in members if not self._is_of_odoo(member)]

    def _is_of_odoo(self, member):
        """Return whether a member extends another, or changes a plain field of Odoo:
        our own members of Odoo's models begin with `dunning_`."""
        changes_field = (
            member.kind == "field"
            and member.model not in self.models
            and not member.name.startswith("dunning_")
            and not member.comodel
        )
        return member.is_extension or changes_field

    def _get_records(self):
        """Return {XML id: place} of the records in files of rooms."""
        return {
            (node.get("id") or "").removeprefix(f"{MODULE}."): get_place(name)
            for name, tree in self.screens.items()
            for node in tree.iter()
            if node.tag in ("record", "template", "menuitem", "report")
        }


class Node(ElementTree.Element):
    """Element with its line number."""

    line = 0


def parse_xml(text):
    """Return the tree of an XML file, each element with its `line`."""
    builder = ElementTree.TreeBuilder(Node)
    parser = expat.ParserCreate()

    def start(tag, attributes):
        builder.start(tag, attributes).line = parser.CurrentLineNumber

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(text, True)
    return builder.close()
