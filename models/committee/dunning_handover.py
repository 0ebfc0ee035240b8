from odoo import fields, models


class DunningHandover(models.Model):
    """Extend the handover with its case and the claims file."""

    _inherit = "dunning.handover"

    case_id = fields.Many2one(
        comodel_name="dunning.committee.case",
        string="Decided By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_print_file(self):
        """Make today's claims file for the recipient of the handover: the case, then
        the statement of account. An earlier file is replaced."""
        self.ensure_one()
        self.check_access("write")
        report = self.env["report.account_dunning_scenario.committee_agenda"]
        day = self.company_id._dunning_today()
        pdf = report._get_claims_file(self.partner_id, self.company_id, day)
        self.attachment_id.unlink()
        self._journal().attachment_id = self.env["dunning.document"]._store(
            [
                {
                    "name": self.env._(
                        "Claims file %(customer)s.pdf",
                        customer=(self.partner_id.name or "").replace("/", "-"),
                    ),
                    "raw": pdf,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }
