"""Format of the file that moves a scenario to another database.

JSON in UTF-8, without any database id: steps are identified by their codes, texts by
keys of the file. Translated values are {language: text}, with English as their source.
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
# Fields given by the order of the steps, or never exported.
LEFT_OUT = ("active", "id", "sequence")
TEXT_FIELDS = ("name", "description", "subject", "body_html", "email_from")


class TextPart(NamedTuple):
    """Part of the file with the texts of one kind.

    :ivar model: name of the texts' model
    :ivar names: names of their fields in the file
    :ivar prefix: start of their keys
    :ivar links: {name of a text in a step of the file: field of the step}
    """

    model: str
    names: tuple
    prefix: str
    links: dict


def get_file_fields(model):
    """Return the names of a model's exported fields: all stored and copied ones except
    relations, which the file represents in its own way."""
    return [
        name
        for name, field in model._fields.items()
        if field.store
        and field.copy
        and field.type in SIMPLE_TYPES
        and name not in LEFT_OUT
    ]


def get_langs(env):
    """Return the codes of the exported languages, English first."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [SOURCE_LANG, *(code for code in codes if code != SOURCE_LANG)]


def get_terms(field, text):
    """Return the translatable terms of a text, once cleaned: all of it, or its
    paragraphs where the field is translated paragraph by paragraph."""
    if not callable(field.translate):
        return [text]
    return field.get_trans_terms(html_sanitize(text))


def find_unwritable(data):
    """Return the path in a file of the first text that no database can store (it has a
    NUL or a lone surrogate), None without one.

    :param data: data read from JSON
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
    """Return {name: value} of a record in the file's format."""
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
    """Return the first condition that refers to records by id, which differ in another
    database, None without one.

    :param domain: valid Domain on the model
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
