"""Uses in XML of a room: records, models, fields and buttons of its views."""

import re

from .inference import Types
from .plan import MODULE, get_place, may_know

# Attributes that name records.
NAMING = ("action", "inherit_id", "parent", "ref", "t-call", "t-inherit")
INLINE = re.compile(rf"%\((?:{MODULE}\.)?(\w+)\)d")
MODEL_FIELDS = {"model", "res_model"}


class Screens:
    """Collect the uses in one XML file that its room may not know.

    :ivar found: [(line, text)]
    """

    def __init__(self, index, name, tree):
        self.index = index
        self.place = get_place(name)
        # Delivered data combines the rooms: a step and its texts.
        self.is_data = name.startswith("data/")
        self.tree = tree
        self.types = Types(index, None)
        self.found = []

    def check(self):
        """Check all records and templates of the file."""
        for node in self.tree.iter():
            if not self.is_data:
                self._check_records(node)
            if node.tag == "record":
                self._check_model(node, node.get("model"))
                for field in node.findall("field"):
                    if field.get("name") in MODEL_FIELDS:
                        self._check_model(field, field.text)
                self._check_view(node)

    def _knows_any(self, places):
        return not places or any(may_know(self.place, place) for place in places)

    def _add(self, node, what, place):
        self.found.append((node.line, f"{what} of {place}"))

    def _check_model(self, node, model):
        places = self.index.models.get(model, ())
        if not self._knows_any(places):
            self._add(node, f"knows model {model}", min(places))

    def _check_records(self, node):
        named = [node.get(attribute) or "" for attribute in NAMING]
        named += [n for text in node.attrib.values() for n in INLINE.findall(text)]
        for name in filter(None, named):
            module, _dot, record = name.rpartition(".")
            if module not in ("", MODULE):
                continue
            place = self.index.records.get(record)
            if place and not may_know(self.place, place):
                self._add(node, f"knows record {record}", place)

    def _check_view(self, node):
        fields = {field.get("name"): field for field in node.findall("field")}
        if node.get("model") == "ir.ui.view" and "arch" in fields and "model" in fields:
            self._check_arch(fields["arch"], fields["model"].text)

    def _check_arch(self, node, model):
        """Check the fields and buttons of a view, and of the lists in it."""
        for child in node:
            inner = model
            name = child.get("name") or ""
            if child.tag == "field" and name:
                self._check_member(child, name, model)
                # Elements put before or after a field are of the same model.
                if len(child) and not child.get("position"):
                    inner = self.types.get_field(model, name)
            elif child.tag == "button" and child.get("type") == "object":
                self._check_member(child, name, model)
            if inner:
                self._check_arch(child, inner)

    def _check_member(self, node, name, model):
        members = self.index.get_members(name, model)
        if not self._knows_any([member.place for member in members]):
            first = members[0]
            if not self._knows_any(self.index.models.get(first.model)):
                self._check_model(node, first.model)
            else:
                self._add(node, f"knows {first.kind} {name}", first.place)
