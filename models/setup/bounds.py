"""Bounds of values from outside: numbers, days, texts, filters.

A value out of bounds gets a clear message before it overflows a date computation or a
database column, or keeps the server busy.
"""

import re
from datetime import date
from math import isfinite

from odoo import fields
from odoo.api import NewId
from odoo.exceptions import UserError
from odoo.fields import Domain

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
# The largest value of an integer column.
LARGEST_INTEGER = 2**31 - 1
LARGEST_AMOUNT = 10**13
LONGEST_TEXT = 2_000_000
# The longest period that is drawn day by day.
MOST_YEARS = 5
EXCERPT_LENGTH = 60
# Characters that no column can store: NUL and lone surrogates, which JSON may contain.
UNKEPT = re.compile("[\0\ud800-\udfff]")


def check_values(records, values):
    """Refuse values out of bounds.

    :param values: {field name: value}, as given to `create` and `write`
    :raise UserError: names the field and what it may hold
    """
    for name, value in values.items():
        field = records._fields.get(name)
        if not field or value is None or value is False:
            continue
        problem = _check_value(records.env, field, value)
        if problem:
            label = field._description_string(records.env) or name
            raise UserError(
                records.env._("%(field)s: %(problem)s", field=label, problem=problem)
            )


def check_one(records):
    """Refuse anything but one record, for buttons that act on one.

    :raise UserError: there is none, or more than one
    """
    ids = records._ids
    is_one = len(ids) == 1 and (isinstance(ids[0], NewId) or type(ids[0]) is int)
    if not is_one or ids == (0,):
        raise UserError(records.env._("This works on a single record: choose one."))


def read_day(env, value):
    """Return the day of a text from outside, None for an empty value.

    :raise UserError: the text is no date, or out of bounds
    """
    if value is None or value is False or value == "":
        return None
    if problem := _check_day(env, value):
        raise UserError(problem)
    return fields.Date.to_date(value)


def check_period(env, days, most_years):
    """Refuse days too far apart to show the period between them.

    :raise UserError: they are more than `most_years` apart
    """
    if (max(days) - min(days)).days > most_years * 366:
        raise UserError(
            env._(
                "These days are more than %(years)s years apart: choose closer ones.",
                years=most_years,
            )
        )


def read_domain(model, value):
    """Return the domain of a filter from outside.

    :raise UserError: it is no valid filter of this model
    """
    if value is None or value is False:
        return Domain.TRUE
    try:
        domain = Domain(value)
        domain.validate(model)
        model._search(domain, limit=0)
    except (AttributeError, RecursionError, TypeError, ValueError, KeyError) as error:
        text = " ".join(str(value)[:EXCERPT_LENGTH].split())
        raise UserError(
            model.env._("“%(text)s” is not a filter of this list.", text=text)
        ) from error
    return domain


def _check_value(env, field, value):
    """Return the problem of a value as a message, None without a problem."""
    if field.type == "selection":
        is_known = isinstance(value, str) and value in field.get_values(env)
        is_known = is_known or value in ("", 0)
        return None if is_known else env._("choose one from the list.")
    check = CHECKS.get(field.type)
    return check and check(env, value)


def _check_integer(env, value):
    try:
        number = int(value)
    except (OverflowError, TypeError, ValueError):
        return _tell_no_number(env, value)
    if abs(number) > LARGEST_INTEGER:
        return _tell_too_large(env)
    return None


def _check_amount(env, value):
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return _tell_no_number(env, value)
    if not isfinite(number) or abs(number) > LARGEST_AMOUNT:
        return _tell_too_large(env)
    return None


def _check_day(env, value):
    try:
        day = fields.Date.to_date(value)
        is_known = day is not None and FIRST_DAY <= day <= LAST_DAY
    except (AttributeError, TypeError, ValueError):
        return env._(
            "“%(text)s” is not a date: enter it as 2026-01-31.",
            text=str(value)[:EXCERPT_LENGTH],
        )
    if is_known:
        return None
    return env._(
        "choose a day between the years %(first)s and %(last)s.",
        first=FIRST_DAY.year,
        last=LAST_DAY.year,
    )


def _check_moment(env, value):
    if problem := _check_day(env, value):
        return problem
    try:
        fields.Datetime.to_datetime(value)
    except ValueError:
        return env._(
            "“%(text)s” is not a date with a time: enter it as 2026-01-31 14:30:00.",
            text=str(value)[:EXCERPT_LENGTH],
        )
    return None


def _check_text(env, value):
    if not isinstance(value, str):
        return None
    if UNKEPT.search(value):
        return env._("the text holds characters that cannot be stored: enter it again.")
    if len(value) > LONGEST_TEXT:
        return env._("the text is too long: shorten it.")
    return None


def _check_record(env, value):
    is_number = isinstance(value, int) and not isinstance(value, bool)
    is_too_large = is_number and abs(value) > LARGEST_INTEGER
    if is_too_large or isinstance(value, (str, bytes, float)):
        return env._("there is no such record: choose one from the list.")
    return None


def _tell_no_number(env, value):
    text = str(value)[:EXCERPT_LENGTH]
    return env._("“%(text)s” is not a number.", text=text)


def _tell_too_large(env):
    return env._("this number is too large.")


CHECKS = {
    "integer": _check_integer,
    "float": _check_amount,
    "monetary": _check_amount,
    "date": _check_day,
    "datetime": _check_moment,
    "char": _check_text,
    "text": _check_text,
    "html": _check_text,
    "many2one": _check_record,
}
