import json

from odoo import models

from .scenario_file import (
    FORMAT,
    VERSION,
    export_fields,
    get_file_fields,
)


class DunningScenario(models.Model):
    """Extend scenarios with an export that another database can import, texts
    included."""

    _inherit = "dunning.scenario"

    def action_export(self):
        """Download the scenario as a file.

        :raise UserError: names the part that cannot be exported, and the remedy
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
        """Return the content of the file as plain Python data.

        :raise UserError: a filter refers to records by id
        """
        self.ensure_one()
        self.check_access("read")
        self.step_ids._check_portable_domains()
        texts, keys = {}, {}
        for name, part in self.step_ids._get_text_parts().items():
            of_part = self._get_text_keys(part)
            texts[name] = {
                key: export_fields(text, part.names) for text, key in of_part.items()
            }
            keys |= of_part
        return {
            "format": FORMAT,
            "version": VERSION,
            "currency": self.currency_id.name,
            "scenario": export_fields(self, get_file_fields(self)),
            **texts,
            "steps": [step._get_export(keys) for step in self.step_ids],
        }

    def _get_text_keys(self, part):
        """Return {text of a step: key in the file}.

        :param part: TextPart
        """
        steps = self.step_ids
        texts = self.env[part.model].union(
            *(steps[name] for name in part.links.values())
        )
        return {text: f"{part.prefix}_{number}" for number, text in enumerate(texts, 1)}
