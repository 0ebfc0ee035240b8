"""Rooms, with the rooms that each may know."""

from pathlib import PurePosixPath
from typing import NamedTuple

MODULE = "account_dunning_scenario"
# The trees with the same rooms.
CODE = ("models", "wizard", "report", "controllers")
SCREENS = ("views", "data")
# Files of several channels, in other trees than the models: a folder for all.
ANY = "*"

GROUND = ("setup", "ledger", "scenario", "journal")
ANSWERS = ("channels", "answers", "law", "committee")
COURSE = ("collectors", "message", "planner", "delivery")
# From the ground up; a room always knows itself.
MAY_KNOW = {
    "setup": (),
    "ledger": ("setup",),
    "scenario": ("setup", "ledger"),
    "journal": ("setup", "ledger", "scenario"),
    "collectors": GROUND,
    "message": (*GROUND, "paper"),
    "planner": GROUND,
    "delivery": (*GROUND, "collectors", "message", "planner"),
    "channels": (*GROUND, "message", "delivery", "paper"),
    "answers": (*GROUND, *COURSE, "channels", "paper"),
    "law": (*GROUND, "message", "answers", "paper"),
    "committee": (*GROUND, *COURSE, "channels", "answers", "paper"),
    "figures": (*GROUND, *COURSE, *ANSWERS, "paper"),
    "desk": (*GROUND, *COURSE, *ANSWERS, "figures", "paper"),
    "paper": ("setup",),
}


class Place(NamedTuple):
    """Room of a file; in `channels`, also the folder of its channel, empty for the
    common base of all channels."""

    room: str
    folder: str = ""

    def __str__(self):
        return f"{self.room}/{self.folder}" if self.folder.strip(ANY) else self.room


def get_place(name):
    """Return the place of a file, None if it is in no room.

    >>> get_place("models/ledger/account_move.py")
    Place(room='ledger', folder='')
    >>> str(get_place("models/channels/letter/snailmail/channel.py"))
    'channels/letter'
    >>> get_place("models/channels/task_channel.py")
    Place(room='channels', folder='')
    >>> get_place("models/__init__.py")
    """
    parts = PurePosixPath(name).parts
    if parts[0] not in CODE + SCREENS or len(parts) < 3:
        return None
    if parts[1] != "channels":
        return Place(parts[1])
    base = "" if parts[0] == "models" else ANY
    return Place(parts[1], parts[2] if len(parts) > 3 else base)


def may_know(place, other, parents=()):
    """Return whether a place may know another; None is in no room.

    :param parents: folders of channels that the place inherits from
    """
    if place is None or other is None:
        return True
    if place.room != other.room:
        return other.room in MAY_KNOW.get(place.room, ())
    return ANY in (place.folder, other.folder) or (
        other.folder in ("", place.folder, *parents)
    )
