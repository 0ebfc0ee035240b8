"""The file in which a scenario travels from one database to another.

JSON in UTF-8, without any database id: steps are known by their codes, texts by keys of
the file. Translated values are {language: text}, with English as their source.
"""

from typing import NamedTuple

from odoo.tools import html_sanitize

FORMAT = "account_dunning_scenario.scenario"
VERSION = 1
SOURCE_LANG = "en_US"

SIMPLE_TYPES = (
    "boolean",
    "char",
    "float",
    "html",
    "integer",
    "monetary",
    "selection",
    "text",
)
# What the order of the steps says, and what never travels.
LEFT_OUT = ("active", "id", "sequence")
TEXT_FIELDS = ("name", "description", "subject", "body_html", "email_from")


class TextPart(NamedTuple):
    """A part of the file that holds texts of a kind.

    :ivar model: name of their model
    :ivar names: the fields that the file names of them
    :ivar prefix: their keys begin with it
    :ivar links: {what a row of a step calls its text: field of the step}
    """

    model: str
    names: tuple
    prefix: str
    links: dict


def get_file_fields(model):
    """Return the fields of a model that travel: all that is stored and copied, but
    relations, which the file names in its own way."""
    return [
        name
        for name, field in model._fields.items()
        if field.store
        and field.copy
        and field.type in SIMPLE_TYPES
        and name not in LEFT_OUT
    ]


def get_langs(env):
    """Return the codes of the languages whose texts travel, English first."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [SOURCE_LANG, *(code for code in codes if code != SOURCE_LANG)]


def get_terms(field, text):
    """Return what is translated of a text, once cleaned: all of it, or its paragraphs
    where the field is translated paragraph by paragraph."""
    if not callable(field.translate):
        return [text]
    return field.get_trans_terms(html_sanitize(text))


def find_unwritable(data):
    """Return the place in a file of the first text that no database keeps (it holds a
    NUL or half a character); None: there is none.

    :param data: what was read of JSON
    """
    left = [("", data)]
    while left:
        place, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{place}.{key}", key) for key in value]
            left += [(f"{place}.{key}", one) for key, one in value.items()]
        elif isinstance(value, list):
            left += [(f"{place}.{n}", one) for n, one in enumerate(value, 1)]
        elif isinstance(value, str) and not _is_writable(value):
            return "".join(char for char in place if _is_writable(char)).strip(".")
    return None


def _is_writable(text):
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def export_fields(record, names):
    """Return {name: value} of a record as the file writes them."""
    langs = get_langs(record.env)
    values = {}
    for name in names:
        field = record._fields[name]
        if field.translate:
            stored = field._get_stored_translations(record) or {}
            values[name] = {
                lang: stored[lang] for lang in langs if stored.get(lang)
            } or None
        elif field.type in ("char", "text", "html", "selection"):
            values[name] = record[name] or None
        else:
            values[name] = record[name]
    return values


def find_named_record(domain, model):
    """Return the first condition that names records by number, which are others in
    another database; None: there is none.

    :param domain: Domain on the model, one that is valid
    """
    for condition in domain.iter_conditions():
        field, comodel = None, model
        for name in condition.field_expr.split("."):
            field = comodel._fields.get(name)
            if field is None or not field.relational:
                break
            comodel = model.env[field.comodel_name]
        value = condition.value
        if hasattr(value, "iter_conditions"):
            if found := find_named_record(value, comodel):
                return found
        elif field is not None and (field.relational or field.name == "id"):
            values = value if isinstance(value, list | tuple | set) else [value]
            if any(type(one) is int for one in values):
                return condition
    return None
