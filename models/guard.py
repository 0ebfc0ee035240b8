"""What only code may say: who calls from outside sends plain data, never these."""

from datetime import date, datetime


class Seal:
    """A value of the context that no caller from outside can forge: they send JSON."""


class SealedDict(Seal, dict):
    """A place in the context where code keeps something meanwhile."""


# Put into the context by code that has checked the right; see `dunning.guard.mixin`.
SEAL = Seal()


def is_sealed(env, name):
    """Tell whether code, and nobody from outside, has put a key into the context."""
    return env.context.get(name) is SEAL


def get_sealed(env, name):
    """Return the place that code has put into the context, None if there is none."""
    place = env.context.get(name)
    return place if isinstance(place, SealedDict) else None


def get_day(env):
    """Return the day of a message that code has put into the context, None if there is
    none. From outside come texts and, over XML-RPC, moments: never a plain date."""
    day = env.context.get("dunning_day")
    is_day = isinstance(day, date) and not isinstance(day, datetime)
    return day if is_day else None
