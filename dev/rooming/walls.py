"""All breaches of the walls between the rooms."""

import collections

from .codes import Codes
from .index import Index
from .plan import MAY_KNOW, get_place
from .screens import Screens
from .uses import Uses


def find(sources):
    """Return the forbidden uses in files.

    :param sources: {name of a file: its text}, Python and XML; other trees than those
        of the rooms are skipped
    :return: {(file, text): its lines}, sorted
    """
    sources = dict(sorted(sources.items()))
    index = Index(sources)
    found = collections.defaultdict(set)
    for name, line, what in _look(index, sources):
        found[name, what].add(line)
    return {key: sorted(found[key]) for key in sorted(found)}


def _look(index, sources):
    """Yield each breach: file, line, text."""
    for name in sources:
        place = get_place(name)
        if place and place.room not in MAY_KNOW:
            yield name, 1, f"{place.room} is no room"
        elif is_homeless(name):
            yield name, 1, "lies in no room"
    for name, tree in index.trees.items():
        for part in (Uses(index, name), Codes(index, name)):
            part.visit(tree)
            for line, what in part.found:
                yield name, line, what
    for name, tree in index.screens.items():
        screens = Screens(index, name, tree)
        screens.check()
        for line, what in screens.found:
            yield name, line, what


def is_homeless(name):
    """Return whether a file lies beside the rooms, where only lists of them may.

    >>> is_homeless("models/bounds.py"), is_homeless("models/setup/bounds.py")
    (True, False)
    """
    tree, _slash, rest = name.partition("/")
    trees = ("models", "wizard", "report", "views", "data")
    is_beside = tree in trees and rest.endswith((".py", ".xml")) and "/" not in rest
    return is_beside and rest not in ("__init__.py", "dunning_menus.xml")
