from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningEntry(models.TransientModel):
    """Extend the dialog with the report of a visit under way: the customer's situation
    and the next step, beside all that may be agreed."""

    _inherit = "dunning.entry"

    is_visit = fields.Boolean(compute="_compute_is_visit")
    visit_situation = fields.Selection(
        selection=lambda self: self._selection_visit_situation(),
        string="Situation of the Customer",
    )
    visit_situation_text = fields.Text(string="Observations")
    visit_next_step = fields.Text(string="Next Step")

    @api.model
    def _selection_visit_situation(self):
        situation = self.env["dunning.visit"]._fields["situation"]
        return situation._description_selection(self.env)

    @api.depends("action_id")
    def _compute_is_visit(self):
        for entry in self:
            entry.is_visit = bool(entry.action_id) and entry.action_id.is_visit

    def _has_content(self):
        return super()._has_content() or bool(self.is_visit and self.visit_situation)

    def _check_noted(self):
        if self.is_visit and not self.visit_situation:
            raise UserError(
                self.env._(
                    "Choose the situation of the customer, as far as you could tell."
                )
            )
        return super()._check_noted()

    def _save(self):
        if self.is_visit:
            # sudo: salespeople make visits, too; the journal is written by methods only
            self.action_id.sudo()._get_visit()._record_visits(
                {
                    "situation": self.visit_situation,
                    "situation_text": self.visit_situation_text,
                    "agreement": self._get_agreement(),
                    "next_step": self.visit_next_step,
                }
            )
        return super()._save()

    def _get_source(self):
        """Return the visit as source, unless the answer was written."""
        code = self.env["dunning.channel.visit"]._get_code()
        is_said = not self.message_id and self._get_channel() == code
        return "visit" if is_said else super()._get_source()

    def _get_agreement(self):
        """Return the text of what was agreed in the visit."""
        parts = (*self._get_claim_texts(), (self.note or "").strip())
        return " ".join(filter(None, parts))

    def _get_summary(self):
        """Put the customer's situation before what was agreed."""
        said = super()._get_summary()
        if not self.is_visit:
            return said
        labels = dict(self._selection_visit_situation())
        situation = self.env._(
            "Situation: %(situation)s.", situation=labels[self.visit_situation].lower()
        )
        following = self.visit_next_step and self.env._(
            "Next: %(step)s", step=self.visit_next_step.strip()
        )
        parts = (situation, self.visit_situation_text, said, following)
        return " ".join(part.strip() for part in parts if part)
