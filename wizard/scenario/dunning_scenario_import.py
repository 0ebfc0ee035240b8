import base64
import binascii

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.scenario.file.scenario_file import (
    SOURCE_LANG,
    export_fields,
    get_file_fields,
    get_langs,
    get_terms,
)
from ...models.setup.guard.guard import SEAL, by_code

# Values common to all e-mail texts of the follow-up.
TEXT_VALUES = {
    "lang": "{{ object.contact_id.lang or object.partner_id.lang }}",
    "partner_to": "{{ object.contact_id.id }}",
    "use_default_to": False,
    "auto_delete": False,
}


class DunningScenarioImport(models.TransientModel):
    """Import a scenario from a file as a new one; existing scenarios stay unchanged."""

    _name = "dunning.scenario.import"
    _description = "Import of a Scenario"
    _inherit = ["dunning.wizard.mixin"]

    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self._default_company_id(),
        help="Empty: the scenario is shared by all companies.",
    )
    problems = fields.Text(compute="_compute_content")
    content = fields.Text(string="File Contents", compute="_compute_content")

    @api.model
    def _default_company_id(self):
        """Return the company of a new scenario, empty if the user may create shared
        ones."""
        return (
            self.env["dunning.scenario"].default_get(["company_id"]).get("company_id")
        )

    @api.depends("file")
    @api.depends_context("company", "lang")
    def _compute_content(self):
        for wizard in self:
            data, problems = wizard._read()
            wizard.problems = "\n".join(problems)
            wizard.content = data and not problems and wizard._get_content(data)

    def action_import(self):
        """Create the scenario of the file and open it.

        :raise UserError: with the problems of the file; nothing is written then
        """
        self.ensure_one()
        data, problems = self._read()
        if problems or not data:
            raise UserError("\n".join(problems) or self.env._("Choose a file."))
        try:
            with self.env.cr.savepoint():
                scenario = self._import(data)
        except (DataError, IntegrityError) as error:
            steps = self.env["dunning.step"]
            raise UserError(steps._sql_error_to_message(error)) from error
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.scenario",
            "res_id": scenario.id,
            "views": [[False, "form"]],
        }

    def _read(self):
        """Return the data of the file and its problems; empty without a file."""
        if not self.file:
            return None, []
        try:
            content = base64.b64decode(self.with_context(bin_size=False).file)
        except binascii.Error:
            return None, [
                self.env._("The file was damaged on its way: choose it again.")
            ]
        return self.env["dunning.scenario.reader"]._read(content)

    def _get_content(self, data):
        """Return a short summary of the file, with what to check."""
        names = data["scenario"]["name"]
        sentences = [
            self.env._(
                "“%(scenario)s”: %(steps)s steps, %(texts)s texts.",
                scenario=names.get(self.env.lang) or names[SOURCE_LANG],
                steps=len(data["steps"]),
                texts=len(data["texts"]),
            )
        ]
        company = self.company_id or self.env.company
        if data["currency"] != company.currency_id.name:
            sentences.append(
                self.env._(
                    "Its amounts are in %(currency)s and will be read in %(own)s: "
                    "check them.",
                    currency=data["currency"],
                    own=company.currency_id.name,
                )
            )
        return " ".join(sentences)

    # ---- creation --------------------------------------------------------------------

    def _import(self, data):
        """Create scenario, texts and steps from data without problems."""
        silent = by_code(self).with_context(
            dunning_film_logged=SEAL, tracking_disable=True, lang=SOURCE_LANG
        )
        parts = silent.env["dunning.step"]._get_text_parts()
        templates = {
            name: silent._import_texts(part.model, data[name], part.names)
            for name, part in parts.items()
        }
        scenario = silent.env["dunning.scenario"].create(
            {
                **_get_source(silent.env["dunning.scenario"], data["scenario"]),
                "company_id": self.company_id.id,
            }
        )
        silent._translate(scenario, [data["scenario"]])
        silent._import_steps(scenario, data["steps"], templates)
        return scenario.with_env(self.env)

    def _import_texts(self, model, texts, names):
        """Return {key: template}: an existing one with the very same text, or a new
        one.

        :param model: name of the model of these texts
        :param names: their fields in the file
        """
        templates = self.env[model]
        same = self.env["dunning.scenario.reader"]._find_same(templates, texts, names)
        wanted = {key: values for key, values in texts.items() if not same[key]}
        model_id = self.env["ir.model"]._get_id(self.env["dunning.step"]._text_model)
        created = templates.create(
            [
                {**_get_source(templates, values, names), "model_id": model_id}
                for values in wanted.values()
            ]
        )
        self._translate(created, list(wanted.values()))
        self._check_kept(created, names)
        if model == "mail.template":
            # sudo: only fixed values of the module, none from the file
            created.sudo().write(TEXT_VALUES)
        return {**same, **dict(zip(wanted, created, strict=True))}

    def _check_kept(self, texts, names):
        """Check that the stored texts equal the texts read, since HTML is cleaned and
        split into paragraphs when it is written.

        :raise UserError: a text uses a forbidden name
        """
        reader = self.env["dunning.scenario.reader"]
        for text in texts:
            said = export_fields(text, names)
            if problems := reader._check_placeholders(texts, text.name, said):
                raise UserError("\n".join(problems))

    def _import_steps(self, scenario, rows, templates):
        """Create the steps in their order, with the anchors and texts of the file.

        :param templates: {part of the file: {key: record}}
        """
        # The anchors are checked when all steps exist.
        steps = self.env["dunning.step"].with_context(dunning_in_place=SEAL)
        created = steps.create(
            [
                {
                    **_get_source(steps, row),
                    **{
                        name: row.get(kind) and templates[part][row[kind]].id
                        for part, texts in steps._get_text_parts().items()
                        for kind, name in texts.links.items()
                    },
                    "scenario_id": scenario.id,
                    "sequence": 10 * number,
                }
                for number, row in enumerate(rows, 1)
            ]
        )
        by_code = {step.code: step for step in created}
        for step, row in zip(created, rows, strict=True):
            if row.get("anchor_step"):
                step.anchor_step_id = by_code.get(row["anchor_step"])
        self._translate(created, rows)
        created.with_context(dunning_in_place=False)._check_anchor()

    def _translate(self, records, rows):
        """Write the texts in the other installed languages."""
        for lang in get_langs(self.env)[1:]:
            for record, row in zip(records, rows, strict=True):
                texts = {
                    name: said
                    for name, said in row.items()
                    if isinstance(said, dict) and said.get(lang)
                }
                self._translate_record(record, lang, texts)

    def _translate_record(self, record, lang, texts):
        """Write the texts of a record in a language: whole, or by paragraph where Odoo
        stores them so.

        :param texts: {field: {lang: text}}
        """
        whole = {}
        for name, said in texts.items():
            field = record._fields[name]
            if callable(field.translate):
                terms = [get_terms(field, said[code]) for code in (SOURCE_LANG, lang)]
                pairs = dict(zip(*terms, strict=True))
                record.update_field_translations(name, {lang: pairs})
            else:
                whole[name] = said[lang]
        if whole:
            record.with_context(lang=lang).write(whole)


def _get_source(model, row, names=None):
    """Return the values of a row of the file, with the English texts."""
    values = {}
    for name in names or get_file_fields(model):
        if name in row:
            value = row[name]
            is_translated = model._fields[name].translate and value
            values[name] = value[SOURCE_LANG] if is_translated else value
    return {name: False if value is None else value for name, value in values.items()}
