"""Scenarios of the module, read without a database."""

import ast
from xml.etree import ElementTree

MODULE = "account_dunning_scenario"


def get_delivered(root):
    """Return the external ids of the module's scenarios, without its name.

    :param root: `pathlib.Path` of the module
    """
    manifest = ast.literal_eval((root / "__manifest__.py").read_text())
    return [
        record.get("id")
        for name in manifest["data"]
        if name.endswith(".xml")
        for record in ElementTree.parse(root / name).iter("record")
        if record.get("model") == "dunning.scenario"
    ]


def shorten(xml_id):
    """Return an external id without the module's name, unchanged if it has none."""
    return xml_id.removeprefix(f"{MODULE}.")
