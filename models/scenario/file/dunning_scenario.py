import json

from odoo import models

from .scenario_file import (
    FORMAT,
    SMS_TEXT_FIELDS,
    TEXT_FIELDS,
    VERSION,
    export_fields,
    get_file_fields,
)


class DunningScenario(models.Model):
    """A scenario as a file that another database can import, texts included."""

    _inherit = "dunning.scenario"

    def action_export(self):
        """Download the scenario as a file.

        :raise UserError: what cannot travel, and what to do about it
        """
        self.ensure_one()
        self._get_export()
        return {
            "type": "ir.actions.act_url",
            "url": f"/account_dunning_scenario/scenario/{self.id}",
            "target": "download",
        }

    def _export_json(self):
        """Return the content of the file, see `scenario_file`."""
        return json.dumps(self._get_export(), ensure_ascii=False, indent=2) + "\n"

    def _get_export(self):
        """Return what the file says, as plain Python data.

        :raise UserError: a filter names records by number
        """
        self.ensure_one()
        self.check_access("read")
        self.step_ids._check_portable_domains()
        templates = self.step_ids.mail_template_id | self.step_ids.letter_template_id
        keys = {
            template: f"text_{number}" for number, template in enumerate(templates, 1)
        }
        messages = self.step_ids.sms_template_id
        sms_keys = {text: f"sms_{number}" for number, text in enumerate(messages, 1)}
        return {
            "format": FORMAT,
            "version": VERSION,
            "currency": self.currency_id.name,
            "scenario": export_fields(self, get_file_fields(self)),
            "texts": {
                key: export_fields(template, TEXT_FIELDS)
                for template, key in keys.items()
            },
            "sms_texts": {
                key: export_fields(text, SMS_TEXT_FIELDS)
                for text, key in sms_keys.items()
            },
            "steps": [step._get_export(keys | sms_keys) for step in self.step_ids],
        }
