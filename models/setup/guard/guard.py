"""What only code may say: who calls from outside sends plain data, never these."""

from dataclasses import dataclass
from datetime import date, datetime


class Seal:
    """A value of the context that no caller from outside can forge: they send JSON."""


class SealedDict(Seal, dict):
    """A place in the context where code keeps something meanwhile."""


@dataclass(frozen=True)
class JournalSeal(Seal):
    """Opens what only methods write, of some models: a command that a caller has put
    among the values reaches other models, where the guards stand as ever."""

    models: frozenset


@dataclass(frozen=True)
class SealedCode(Seal):
    """A word that code says; what is computed for it is not kept for a caller's."""

    code: str


# Put into the context by code that has checked the right.
SEAL = Seal()
# What callers say in the context and code may hear: of whom, in which words, how loud.
HEARD = frozenset(
    {
        "allowed_company_ids",
        "lang",
        "mail_activity_quick_update",
        "tracking_disable",
        "tz",
        "uid",
    }
)


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


def in_channel(records, code):
    """Return records for saying things as a channel says them: with the keys of their
    customers' pages, where it brings them."""
    return records.with_context(dunning_channel=SealedCode(code))


def get_channel(env):
    """Return the code of the channel that code has put into the context, or None."""
    channel = env.context.get("dunning_channel")
    return channel.code if isinstance(channel, SealedCode) else None


def open_journal(records, *models):
    """Return records for writing what only methods write, once a right is checked.

    :param models: names of those that are opened; by default that of the records
    """
    seal = JournalSeal(frozenset(models or (records._name,)))
    return records.with_context(dunning_journal=seal)


def holds_journal(model):
    """Tell whether code has opened the journal of this very model."""
    seal = model.env.context.get("dunning_journal")
    return isinstance(seal, JournalSeal) and model._name in seal.models


def by_code(records):
    """Return records for making others of whatever model in the name of code.

    What callers say besides does not reach what is made: neither default values, in the
    context or those that a user keeps for themselves, nor the switches by which Odoo's
    models leave something out.
    """
    context = {
        key: value
        for key, value in records.env.context.items()
        if key in HEARD or key.startswith("dunning_")
    }
    context["dunning_by_code"] = SEAL
    return records.with_env(records.env(context=context))


def keep_own_defaults(model, names, given, values):
    """Put the model's own defaults where callers have put theirs: into the context, or
    among the default values that every user keeps.

    :param names: of the fields that are not for callers to fill
    :param given: values of the new record as it was asked for
    :param values: the same with all defaults; changed in place
    """
    said = set(model.env["ir.default"]._get_model_defaults(model._name))
    prefix = "default_"
    keys = [key for key in model.env.context if key.startswith(prefix)]
    said.update(key.removeprefix(prefix) for key in keys)
    for name in (said & names) - given.keys():
        values.pop(name, None)
        field = model._fields[name]
        if field.default:
            own = field.convert_to_cache(field.default(model), model, validate=False)
            values[name] = field.convert_to_write(own, model)
    return values
