from odoo import models
from odoo.exceptions import UserError

from ..filters.stored_filter import FilterError, read_filter
from .scenario_file import (
    TEXT_FIELDS,
    TextPart,
    export_fields,
    find_named_record,
    get_file_fields,
)


class DunningStep(models.Model):
    """Extend steps with their part of the scenario file."""

    _inherit = "dunning.step"

    def _get_text_parts(self):
        """Return the parts of a file with the texts of steps; a channel may add its
        own.

        :return: {part: TextPart}
        """
        links = {"mail_text": "mail_template_id", "letter_text": "letter_template_id"}
        return {"texts": TextPart("mail.template", TEXT_FIELDS, "text", links)}

    def _get_export(self, keys):
        """Return the data of a step for the file.

        :param keys: {text: key in the file}
        """
        self.ensure_one()
        return {
            **export_fields(self, get_file_fields(self)),
            "anchor_step": self.anchor_step_id.code or None,
            **{
                kind: keys.get(self[name])
                for part in self._get_text_parts().values()
                for kind, name in part.links.items()
            },
        }

    def _check_portable_domains(self):
        items = self.env["account.move.line"]
        for step in self.filtered("domain"):
            try:
                found = find_named_record(read_filter(items, step.domain), items)
            except FilterError as error:
                raise UserError(
                    self.env._(
                        "“%(step)s”: the filter on invoices cannot be read: %(error)s",
                        step=step.name,
                        error=error,
                    )
                ) from error
            if found:
                raise UserError(
                    self.env._(
                        "“%(step)s”: its filter on invoices names records by number "
                        "(%(field)s), which are different in another database. Filter "
                        "by a name or a code, then export again.",
                        step=step.name,
                        field=found.field_expr,
                    )
                )
