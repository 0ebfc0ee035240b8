import json
from ast import literal_eval
from itertools import product

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .scenario_file import (
    FORMAT,
    SMS_TEXT_FIELDS,
    SOURCE_LANG,
    STEP_TEXTS,
    TEXT_FIELDS,
    VERSION,
    find_named_record,
    get_file_fields,
    get_langs,
    get_terms,
)

LARGEST_FILE = 5_000_000
MOST_STEPS = 200
PARTS = ("format", "version", "currency", "scenario", "texts", "steps")
# Not in the files that were made before there were text messages.
SMS_TEXTS = "sms_texts"
RENDERED = {
    "subject": "inline_template",
    "body_html": "qweb",
    "body": "inline_template",
}


class DunningScenarioReader(models.AbstractModel):
    """Reads the file of a scenario and says all that is wrong with it, before anything
    is written."""

    _name = "dunning.scenario.reader"
    _description = "Reader of Scenario Files"

    @api.model
    def _read(self, content):
        """Return what a file says and what is wrong with it.

        :param content: bytes of the file
        :return: the data, None if it is no file of ours; and the problems, a sentence
            each, in the user's words
        """
        try:
            data = self._parse(content)
        except ValidationError as error:
            return None, [str(error)]
        problems = self._check_record(
            self.env["dunning.scenario"], data["scenario"], self.env._("Scenario")
        )
        problems += self._check_texts("mail.template", data["texts"], TEXT_FIELDS)
        problems += self._check_texts("sms.template", data[SMS_TEXTS], SMS_TEXT_FIELDS)
        texts = data["texts"] | data[SMS_TEXTS]
        problems += self._check_steps(data["steps"], texts)
        return data, problems

    @api.model
    def _parse(self, content):
        """Return the data of a file that has the right form.

        :raise ValidationError: the file is no scenario that this version reads
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
                env._("The file is no scenario. Choose one that was exported here.")
            )
        if data.get("version") != VERSION:
            raise ValidationError(
                env._(
                    "The file is of version %(version)s, this program reads version "
                    "%(known)s. Export the scenario again from a program of the same "
                    "version.",
                    version=data.get("version"),
                    known=VERSION,
                )
            )
        data.setdefault(SMS_TEXTS, {})
        kinds = {"scenario": dict, "texts": dict, SMS_TEXTS: dict, "steps": list}
        if set(data) != {*PARTS, SMS_TEXTS} or any(
            not isinstance(data[name], kind) for name, kind in kinds.items()
        ):
            raise ValidationError(
                env._("The file has other parts than a scenario has: export it again.")
            )
        return data

    # ---- values ----------------------------------------------------------------------

    @api.model
    def _check_record(self, model, values, where, names=None, further=()):
        """Return what is wrong with the values of a record.

        :param where: what they are about, in the user's words
        :param names: the fields that the file may name; those that travel by default
        :param further: names that are checked elsewhere
        """
        if not isinstance(values, dict):
            return [self.env._("%(where)s: values are missing.", where=where)]
        names = names or get_file_fields(model)
        problems = [
            self.env._("%(where)s: “%(name)s” is not known here.", where=where, name=n)
            for n in values
            if n not in names and n not in further
        ]
        for name in names:
            field = model._fields[name]
            if name not in values and (field.default or not field.required):
                continue  # of a file made before there was such a field
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

    @api.model
    def _check_value(self, field, value):
        """Return what is wrong with a value of the file, in words; None: nothing."""
        env = self.env
        if value is None:
            return field.required and env._("a value is missing.")
        if field.translate:
            return self._check_translations(field, value)
        if field.type == "selection":
            known = dict(field._description_selection(env))
            if value in known:
                return None
            return env._(
                "“%(value)s” is not known here, only %(known)s.",
                value=value,
                known=", ".join(known),
            )
        kinds = {"boolean": bool, "integer": int, "float": int | float}
        kind = kinds.get("float" if field.type == "monetary" else field.type, str)
        is_number = field.type != "boolean" and isinstance(value, bool)
        if is_number or not isinstance(value, kind) or value != value:
            return env._("“%(value)s” is of the wrong kind.", value=value)
        return None

    @api.model
    def _check_translations(self, field, value):
        if not isinstance(value, dict) or not all(
            isinstance(text, str) for text in value.values()
        ):
            return self.env._("a text per language is expected.")
        if SOURCE_LANG not in value:
            return self.env._("the English text is missing.")
        said = [value[lang] for lang in get_langs(self.env) if value.get(lang)]
        if len({len(get_terms(field, text)) for text in said}) > 1:
            return self.env._("a language has other paragraphs than the English text.")
        return None

    # ---- texts -----------------------------------------------------------------------

    @api.model
    def _check_texts(self, model, texts, names):
        """Return what is wrong with the texts of a kind.

        :param names: the fields that the file names of them
        """
        problems = []
        templates = self.env[model]
        readable = {}
        for key, values in texts.items():
            where = self.env._("Text “%(key)s”", key=key)
            found = self._check_record(templates, values, where, names)
            problems += found
            if not found:
                readable[key] = values
        return problems + self._check_placeholders(readable)

    @api.model
    def _check_placeholders(self, texts):
        """Fill in each text in each language, and return those that cannot be.

        What the texts do meanwhile is undone.
        """
        problems = []
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            action = self._get_example()
            for (key, values), lang, name in product(
                texts.items(), get_langs(self.env), RENDERED
            ):
                source = (values.get(name) or {}).get(lang)
                problem = source and self._check_placeholder(name, source, action)
                if problem:
                    problems.append(
                        self.env._(
                            "Text “%(key)s” (%(lang)s, %(field)s) cannot be filled "
                            "in: %(problem)s",
                            key=key,
                            lang=lang,
                            field=name,
                            problem=problem,
                        )
                    )
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return problems

    @api.model
    def _check_placeholder(self, name, source, action):
        try:
            self.env["mail.template"]._render_template(
                source, "dunning.action", action.ids, engine=RENDERED[name]
            )
        except (UserError, ValueError, SyntaxError) as error:
            while error.__cause__ or error.__context__:
                error = error.__cause__ or error.__context__
            return str(error)
        return None

    @api.model
    def _get_example(self):
        """Return an action to fill a text in for: the last one, or one made up."""
        actions = self.env["dunning.action"]
        example = actions.search([("line_ids", "!=", False)], order="id desc", limit=1)
        if example:
            return example
        company = self.env.company
        values = {"company_id": company.id, "partner_id": company.partner_id.id}
        # sudo: the planner makes actions, no user may; this one does not stay
        made_up = actions.sudo().create({**values, "channel": "email"})
        return made_up.with_env(self.env)

    # ---- steps -----------------------------------------------------------------------

    @api.model
    def _check_steps(self, steps, texts):
        if len(steps) > MOST_STEPS:
            return [self.env._("The scenario has too many steps.")]
        problems, codes = [], []
        model = self.env["dunning.step"]
        for number, values in enumerate(steps, 1):
            where = self.env._("Step %(number)s", number=number)
            further = ("anchor_step", *STEP_TEXTS)
            found = self._check_record(model, values, where, further=further)
            problems += found
            if not found:
                where = f"{where} ({values['code']})"
                problems += [
                    self.env._("%(where)s: %(problem)s", where=where, problem=problem)
                    for problem in self._check_step(values, codes, texts)
                ]
            if isinstance(values, dict):
                codes.append(values.get("code"))
        return problems

    @api.model
    def _check_step(self, values, codes, texts):
        """Return what is wrong with what a step refers to.

        :param codes: those of the steps before it
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
                    base=base,
                )
            )
        for kind in STEP_TEXTS:
            key = values.get(kind)
            if key is not None and key not in texts:
                problems.append(
                    env._("its text “%(key)s” is not in the file.", key=key)
                )
        return problems + self._check_domain(values.get("domain") or "[]")

    @api.model
    def _check_domain(self, text):
        items = self.env["account.move.line"]
        try:
            domain = Domain(literal_eval(text))
            domain.validate(items)
        except (
            ValueError,
            SyntaxError,
            TypeError,
            KeyError,
            MemoryError,
            RecursionError,
        ):
            return [
                self.env._("its filter on invoices cannot be read: %(text)s", text=text)
            ]
        found = find_named_record(domain, items)
        if not found:
            return []
        return [
            self.env._(
                "its filter on invoices names records by number (%(field)s), which are "
                "others here.",
                field=found.field_expr,
            )
        ]
