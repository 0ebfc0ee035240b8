"""What XML of a room names: records and models."""

import re

from .plan import MODULE, get_place, may_know

# Attributes that name records.
NAMING = ("action", "inherit_id", "parent", "ref", "t-call", "t-inherit")
INLINE = re.compile(rf"%\((?:{MODULE}\.)?(\w+)\)d")
MODEL_FIELDS = {"model", "res_model"}


class Screens:
    """Collects what one XML file knows and its room may not know.

    :ivar found: [(line, what)]
    """

    def __init__(self, index, name, tree):
        self.index = index
        self.place = get_place(name)
        # What is delivered is put together across the rooms: a step and its texts.
        self.is_data = name.startswith("data/")
        self.tree = tree
        self.found = []

    def check(self):
        """Look at all records and templates of the file."""
        for node in self.tree.iter():
            if not self.is_data:
                self._check_records(node)
            if node.tag == "record":
                self._check_model(node, node.get("model"))
                for field in node.findall("field"):
                    if field.get("name") in MODEL_FIELDS:
                        self._check_model(field, field.text)

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
