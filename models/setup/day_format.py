"""Days as customers read them: the month is named, so that no day is taken for another
where day and month are written in the other order."""

import re

import babel.dates
from babel import Locale

from odoo.tools import format_date, get_lang

# English is read in Europe: the day comes first.
ENGLISH = {"long": "d MMMM y", "short": "d MMM y"}
# What follows the first of a month.
FIRST = {"fr": "d'er'", "it": "d'º'"}
STYLES = {False: "short", "long": "long", "medium": "short", "short": "short"}
DAY_AND_MONTH = re.compile(r"(\d\S{0,2}) (?=[^\W\d])")


def format_day(env, day, style="long", lang_code=None):
    """Return a day in the language of the environment: 7 December 2026, 1er décembre
    2026.

    :param day: date, or datetime (UTC) shown in the time zone of the context; empty for
        an empty text
    :param style: `long` in sentences, `short` in tables; another pattern is Odoo's
    :param lang_code: of an installed language, instead of the environment's
    """
    if not day or style not in STYLES:
        return format_date(env, day, lang_code, style)
    locale = Locale.parse(get_lang(env, lang_code).code)
    pattern = _get_pattern(locale, STYLES[style])
    # Odoo's function converts what is no date.
    if locale.language in FIRST and format_date(env, day, lang_code, "d") == "1":
        pattern = re.sub(r"\bd\b", FIRST[locale.language], pattern)
    text = format_date(env, day, lang_code, pattern)
    return DAY_AND_MONTH.sub("\\1\N{NO-BREAK SPACE}", text)


def _get_pattern(locale, style):
    if locale.language == "en":
        return ENGLISH[style]
    if style == "long":
        return babel.dates.get_date_format("long", locale).pattern
    return locale.datetime_skeletons["yMMMd"].pattern
