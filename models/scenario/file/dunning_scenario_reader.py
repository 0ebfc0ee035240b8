import json

from lxml.etree import LxmlError

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..filters.stored_filter import LONGEST_FILTER, FilterError, read_filter, try_filter
from .scenario_file import (
    FORMAT,
    SOURCE_LANG,
    VERSION,
    find_named_record,
    find_unwritable,
    get_file_fields,
    get_langs,
    get_terms,
)

LARGEST_FILE = 5_000_000
MOST_STEPS = 200
MOST_TEXTS = 600
PARTS = ("format", "version", "currency", "scenario", "texts", "steps")
# Longest value by type of field.
LONGEST = {"char": 1_000, "text": 10_000, "html": 100_000}
LARGEST_INTEGER = 2**31 - 1
LARGEST_AMOUNT = 10**12
# Characters of a value shown in a message, enough to find it in the file.
SHOWN = 80


class DunningScenarioReader(models.AbstractModel):
    """Read the file of a scenario and report all its errors, before anything is
    written. The file is untrusted: no part of it is executed, least of all its texts.
    """

    _name = "dunning.scenario.reader"
    _description = "Reader of Scenario Files"

    def _read(self, content):
        """Return the data and the errors of a file.

        :param content: bytes of the file
        :return: the data, None if it is no scenario file; and the errors, a sentence
            each, in the user's language
        """
        try:
            data = self._parse(content)
        except ValidationError as error:
            return None, [str(error)]
        problems = self._check_scenario(data["scenario"])
        for name, part in self._get_text_parts().items():
            problems += self._check_texts(part.model, data[name], part.names)
        problems += self._check_steps(data["steps"], data)
        return data, problems

    def _parse(self, content):
        """Return the data of a well-formed file.

        :raise ValidationError: the file is no scenario of this version
        """
        env = self.env
        if len(content) > LARGEST_FILE:
            raise ValidationError(env._("The file is too large for a scenario."))
        try:
            data = json.loads(content.decode())
        except (ValueError, RecursionError) as error:
            raise ValidationError(
                env._("The file cannot be read as JSON. Choose one that was exported.")
            ) from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValidationError(
                env._("The file is not a scenario. Choose one that was exported here.")
            )
        if data.get("version") != VERSION:
            raise ValidationError(
                env._(
                    "The file has version %(version)s, this program reads version "
                    "%(known)s. Export the scenario again from a program of the same "
                    "version.",
                    version=_shorten(data.get("version")),
                    known=VERSION,
                )
            )
        for name in self._get_text_parts().keys() - set(PARTS):
            data.setdefault(name, {})  # a file older than the channel
        self._check_parts(data)
        return data

    def _check_parts(self, data):
        """Refuse a file with unknown or missing parts, or with characters that the
        database cannot store.

        :raise ValidationError: names the error
        """
        env, texts = self.env, list(self._get_text_parts())
        kinds = {"scenario": dict, "steps": list} | dict.fromkeys(texts, dict)
        if set(data) != {*PARTS, *texts} or any(
            not isinstance(data[name], kind) for name, kind in kinds.items()
        ):
            raise ValidationError(
                env._(
                    "The file has parts that do not belong to a scenario: export it "
                    "again."
                )
            )
        if not isinstance(data["currency"], str) or len(data["currency"]) > 10:
            raise ValidationError(env._("The file does not name its currency."))
        if max(len(data[name]) for name in texts) > MOST_TEXTS:
            raise ValidationError(env._("The scenario has too many texts."))
        if place := find_unwritable(data):
            raise ValidationError(
                env._(
                    "%(place)s: it holds characters that cannot be stored: enter it "
                    "again.",
                    place=_shorten(place),
                )
            )

    def _get_text_parts(self):
        return self.env["dunning.step"]._get_text_parts()

    def _check_scenario(self, values):
        model, where = self.env["dunning.scenario"], self.env._("Scenario")
        problems = self._check_record(model, values, where)
        return problems or self._check_limits(model, values, where)

    # ---- values ----------------------------------------------------------------------

    def _check_record(self, model, values, where, names=None, further=()):
        """Return the errors of the values of a record.

        :param where: description of the record, in the user's language
        :param names: names of the fields that the file may have, by default
            `get_file_fields`
        :param further: names checked elsewhere
        """
        if not isinstance(values, dict):
            return [self.env._("%(where)s: values are missing.", where=where)]
        names = names or get_file_fields(model)
        problems = [
            self.env._(
                "%(where)s: “%(name)s” is not known here.",
                where=where,
                name=_shorten(n),
            )
            for n in values
            if n not in names and n not in further
        ]
        for name in names:
            field = model._fields[name]
            if name not in values and (field.default or not field.required):
                continue  # a file older than the field
            problem = self._check_value(field, values.get(name))
            if problem:
                label = field._description_string(self.env)
                problems.append(
                    self.env._(
                        "%(where)s, %(field)s: %(problem)s",
                        where=where,
                        field=label,
                        problem=problem,
                    )
                )
        return problems

    def _check_value(self, field, value):
        """Return the error of a value of the file as text, None without one."""
        env = self.env
        if value is None or (field.required and value == ""):
            return field.required and env._("a value is missing.")
        if field.translate:
            return self._check_translations(field, value)
        if field.type == "selection":
            return self._check_selection(field, value)
        if field.type in LONGEST:
            return self._check_text(field, value)
        if field.type == "boolean":
            is_right = isinstance(value, bool)
        else:
            kind = int if field.type == "integer" else int | float
            is_right = isinstance(value, kind) and not isinstance(value, bool)
        if not is_right:
            return self._get_wrong_kind(value)
        largest = LARGEST_INTEGER if field.type == "integer" else LARGEST_AMOUNT
        if not abs(value) <= largest:  # false for NaN as well
            return env._("“%(value)s” is out of range.", value=_shorten(value))
        return None

    def _get_wrong_kind(self, value):
        return self.env._("“%(value)s” is of the wrong kind.", value=_shorten(value))

    def _check_selection(self, field, value):
        known = dict(field._description_selection(self.env))
        if isinstance(value, str) and value in known:
            return None
        return self.env._(
            "“%(value)s” is not known here, only %(known)s.",
            value=_shorten(value),
            known=", ".join(known),
        )

    def _check_text(self, field, text):
        if not isinstance(text, str):
            return self._get_wrong_kind(text)
        limit = LONGEST_FILTER if field.name == "domain" else LONGEST[field.type]
        if len(text) > limit:
            return self.env._(
                "it has %(length)s characters, the maximum is %(limit)s.",
                length=len(text),
                limit=limit,
            )
        return None

    def _check_translations(self, field, value):
        if not isinstance(value, dict):
            return self.env._("a text per language is expected.")
        for text in value.values():
            if problem := self._check_text(field, text):
                return problem
        if SOURCE_LANG not in value or (field.required and not value[SOURCE_LANG]):
            return self.env._("the English text is missing.")
        return self._check_paragraphs(field, value)

    def _check_paragraphs(self, field, texts):
        """Return the error of a text that cannot be translated paragraph by paragraph,
        None without one.

        :param texts: {language: text}
        """
        said = [texts[lang] for lang in get_langs(self.env) if texts.get(lang)]
        try:
            counts = {len(get_terms(field, text)) for text in said}
        except (ValueError, RecursionError, LxmlError):
            return self.env._("its text cannot be read.")
        if len(counts) > 1:
            return self.env._(
                "the paragraphs of a language differ from those of the English text."
            )
        return None

    def _check_limits(self, model, values, where):
        """Return the messages of the database constraints that the values break. They
        are evaluated on the values alone: nothing is written.

        :param values: values of a record in the file, each of the right type
        """
        columns, checks = [], []
        for name, field in model._fields.items():
            if field.store and field.column_type:
                value = None if field.translate else values.get(name)
                kind = SQL(field.column_type[0])
                columns.append(SQL("%s::%s AS %s", value, kind, SQL.identifier(name)))
        limits = [
            limit
            for limit in model._table_objects.values()
            if isinstance(limit, models.Constraint)
            and limit.get_definition(model.pool).startswith("CHECK")
        ]
        for limit in limits:
            definition = limit.get_definition(model.pool).removeprefix("CHECK")
            checks.append(SQL("%s IS FALSE", SQL(definition.replace("%", "%%"))))
        if not checks:
            return []
        ((*are_broken,),) = self.env.execute_query(
            SQL(
                "SELECT %s FROM (SELECT %s) row",
                SQL(", ").join(checks),
                SQL(", ").join(columns),
            )
        )
        return [
            f"{where}: {limit.get_error_message(model)}"
            for limit, is_broken in zip(limits, are_broken, strict=True)
            if is_broken
        ]

    # ---- steps -----------------------------------------------------------------------

    def _check_steps(self, steps, data):
        if len(steps) > MOST_STEPS:
            return [self.env._("The scenario has too many steps.")]
        problems, codes = [], []
        model = self.env["dunning.step"]
        further = ("anchor_step", *(kind for kind, _part in self._iter_links()))
        for number, values in enumerate(steps, 1):
            where = self.env._("Step %(number)s", number=number)
            found = self._check_record(model, values, where, further=further)
            problems += found
            if not found:
                where = f"{where} ({values['code']})"
                problems += self._check_limits(model, values, where)
                problems += [
                    self.env._("%(where)s: %(problem)s", where=where, problem=problem)
                    for problem in self._check_step(values, codes, data)
                ]
            if isinstance(values, dict):
                codes.append(values.get("code"))
        return problems

    def _check_step(self, values, codes, data):
        """Return the errors in the references of a step: code, anchor, texts, filter.

        :param codes: codes of the earlier steps
        :param data: the whole file
        """
        env, problems = self.env, []
        base = values.get("anchor_step")
        if values["code"] in codes:
            problems.append(env._("two steps have this code."))
        if values["anchor"] == "step" and base not in codes:
            problems.append(
                env._(
                    "it is counted from the step “%(base)s”, which is not in the file "
                    "before it.",
                    base=_shorten(base),
                )
            )
        for kind, part in self._iter_links():
            key = values.get(kind)
            if key is not None and not (isinstance(key, str) and key in data[part]):
                problems.append(
                    env._("its text “%(key)s” is not in the file.", key=_shorten(key))
                )
        return problems + self._check_domain(values.get("domain") or "[]")

    def _iter_links(self):
        """Yield (name of a text in a step of the file, part of the file with that
        text)."""
        for name, part in self._get_text_parts().items():
            for kind in part.links:
                yield kind, name

    def _check_domain(self, text):
        items = self.env["account.move.line"]
        try:
            named = find_named_record(read_filter(items, text), items)
            within = items._get_dunning_open_item_domain()
            try_filter(items, text, within)
        except FilterError as error:
            return [
                self.env._(
                    "its filter on invoices cannot be read: %(text)s (%(reason)s)",
                    text=_shorten(text),
                    reason=error,
                )
            ]
        if not named:
            return []
        return [
            self.env._(
                "its filter on invoices names records by number (%(field)s), which are "
                "different here.",
                field=named.field_expr,
            )
        ]


def _shorten(value):
    """Return a value of the file for a message, shortened so that it does not hide the
    problem."""
    text = "[…]" if isinstance(value, dict | list) else str(value)
    text = text.encode(errors="replace").decode()  # a lone surrogate cannot be shown
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
