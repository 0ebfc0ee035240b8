"""Context values that only code can set: external callers send plain data, never these
objects."""

from dataclasses import dataclass
from datetime import date, datetime


class Seal:
    """Context value that external callers cannot forge, because they send JSON."""


class SealedDict(Seal, dict):
    """Dictionary in the context where code keeps temporary data."""


@dataclass(frozen=True)
class JournalSeal(Seal):
    """Permission to write fields that only methods write, for some models. Commands
    among a caller's values may reach other models: their guards still hold."""

    models: frozenset


@dataclass(frozen=True)
class SealedCode(Seal):
    """Code word set by code; results computed with it are not cached for callers
    without it."""

    code: str


# Set in the context by code that has checked the user's right.
SEAL = Seal()
# Context keys of callers that code accepts: user, companies, language, time zone, and
# switches of tracking and notification.
KEPT_CONTEXT_KEYS = frozenset(
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
    """Return whether code, not an external caller, has set a context key."""
    return env.context.get(name) is SEAL


def get_sealed(env, name):
    """Return the dictionary that code has set in the context, None without one."""
    place = env.context.get(name)
    return place if isinstance(place, SealedDict) else None


def get_day(env):
    """Return the message's day that code has set in the context, None without one.
    External callers can send texts and, over XML-RPC, datetimes, never a date."""
    day = env.context.get("dunning_day")
    is_day = isinstance(day, date) and not isinstance(day, datetime)
    return day if is_day else None


def in_channel(records, code):
    """Return records that render messages for a channel, with access keys to the
    customer's pages on channels whose links carry them."""
    return records.with_context(dunning_channel=SealedCode(code))


def get_channel(env):
    """Return the channel code that code has set in the context, None without one."""
    channel = env.context.get("dunning_channel")
    return channel.code if isinstance(channel, SealedCode) else None


def open_journal(records, *models):
    """Return records with write access to fields that only methods write, after a check
    of the user's right.

    :param models: names of the models to open, by default the records' own
    """
    seal = JournalSeal(frozenset(models or (records._name,)))
    return records.with_context(dunning_journal=seal)


def holds_journal(model):
    """Return whether code has opened the journal of this model."""
    seal = model.env.context.get("dunning_journal")
    return isinstance(seal, JournalSeal) and model._name in seal.models


def by_code(records):
    """Return records that create others of any model on behalf of code.

    The caller's context does not reach the new records: neither default values, of the
    context or saved by the user, nor Odoo's switches that skip part of the work.
    """
    context = {
        key: value
        for key, value in records.env.context.items()
        if key in KEPT_CONTEXT_KEYS or key.startswith("dunning_")
    }
    context["dunning_by_code"] = SEAL
    return records.with_env(records.env(context=context))


def keep_own_defaults(model, names, given, values):
    """Restore the model's own defaults where the caller's defaults replaced them: from
    the context, or saved by the user.

    :param names: names of the fields that callers may not fill
    :param given: values of the new record before defaults
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
