from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dunning_dispute import TASK


class DunningDispute(models.Model):
    """Extend the dispute with its progress, its settlement and the effect on its
    claims."""

    _inherit = "dunning.dispute"

    is_creditable = fields.Boolean(
        compute="_compute_is_creditable",
        help="An amount is still open and can be credited.",
    )

    @api.depends("claim_ids.amount_residual")
    def _compute_is_creditable(self):
        for dispute in self:
            dispute.is_creditable = any(
                residual > 0 for residual in dispute.claim_ids.mapped("amount_residual")
            )

    # ---- buttons ---------------------------------------------------------------------

    def action_start(self):
        """Start work on the dispute."""
        self.check_access("write")
        self._check_open()
        return self._journal().write({"state": "in_progress"})

    def action_settle(self):
        """Close disputes with a known outcome; their claims continue or restart, as
        their scenario says.

        :raise UserError: one is settled already, or its credit note is a draft
        :raise ValidationError: the outcome is missing
        """
        self.check_access("write")
        self._check_open()
        self._check_credited()
        for company, disputes in self._journal().grouped("company_id").items():
            disputes.write(
                {"state": "settled", "settled_date": company._dunning_today()}
            )
        self.activity_unlink([TASK])
        self._restart_claims()
        return True

    def action_reopen(self):
        """Reopen a settled dispute whose outcome the customer does not accept."""
        self.check_access("write")
        self = self.filtered(lambda dispute: dispute.state == "settled")
        self._journal().write(
            {
                "state": "in_progress",
                "settled_date": False,
                "outcome": False,
                "resolution": False,
                "told_date": False,
                "pay_by_date": False,
            }
        )
        self._hold_back()
        self._notify_people()
        return True

    def action_credit(self):
        """Make the dispute's credit note with Odoo's own dialog.

        :raise UserError: the dispute is settled
        :raise AccessError: the user may not create invoices
        """
        self.ensure_one()
        self.check_access("read")
        self.env["account.move"].check_access("create")
        self._check_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        invoices = self.claim_ids.move_id
        context = {
            "active_model": "account.move",
            "active_ids": invoices.ids,
            # Printed on the credit note, which the customer reads.
            "default_reason": self.reason_id.with_context(
                lang=self.partner_id._dunning_get_lang(self.company_id)
            ).name,
            "dunning_dispute_id": self.id,
        }
        return {**action, "context": context}

    def _check_open(self):
        settled = self.filtered(lambda dispute: dispute.state == "settled")
        if settled:
            raise UserError(
                self.env._(
                    "“%(dispute)s” was settled on %(day)s. Open it again if the "
                    "customer comes back to it.",
                    dispute=settled[0].display_name,
                    day=format_date(self.env, settled[0].settled_date),
                )
            )

    def _check_credited(self):
        """Refuse to settle while a credit note is a draft: its amount would be
        chased."""
        # sudo: the owner of a dispute may belong to a department without access to
        # entries
        drafts_sudo = self.sudo().credit_note_ids.filtered(
            lambda move: move.state == "draft"
        )
        if drafts_sudo:
            dispute = drafts_sudo[0].dunning_dispute_id
            raise UserError(
                self.env._(
                    "The credit note of “%(dispute)s” is still a draft: post it or "
                    "delete it first, otherwise the customer would be asked for the "
                    "credited amount.",
                    dispute=dispute.display_name,
                )
            )

    def _restart_claims(self):
        """Restart the scenario of the claims where it says so."""
        fresh = self.env["account.move.line"].concat(
            *(
                item
                for item, scenario in self._get_scenarios().items()
                if scenario.after_dispute == "restart" and not item.reconciled
            )
        )
        fresh._dunning_restart()
