from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list


class DunningAction(models.Model):
    """Letters that the postal service did not send, to post by hand."""

    _inherit = "dunning.action"

    is_in_service = fields.Boolean(
        string="At the Postal Service",
        compute="_compute_is_in_service",
        help="The letter is waiting in the postal service's queue.",
    )
    is_postable = fields.Boolean(
        string="Returned by the Postal Service",
        compute="_compute_is_in_service",
        help="The letter came back from the postal service, ready to print.",
    )

    @api.depends("state", "delivery_ids.state", "delivery_ids.snailmail_letter_id")
    def _compute_is_in_service(self):
        for action in self:
            waiting = action.delivery_ids.filtered(lambda way: way.state == "waiting")
            action.is_in_service = bool(waiting.snailmail_letter_id)
            action.is_postable = bool(action._get_returned_letters())

    def _get_returned_letters(self):
        """Return the last letters of failed actions that came back and still exist."""
        returned = self.filtered(lambda action: action.state == "failed").delivery_ids
        letters = returned.filtered(
            lambda way: (
                way.state == "failed" and way.channel == "letter" and way.attachment_id
            )
        )
        return letters.browse(
            max(of_action.ids) for of_action in letters.grouped("action_id").values()
        )

    def _get_printed_deliveries(self):
        """Leave out the letters that the postal service has."""
        printed = super()._get_printed_deliveries()
        return printed.filtered(lambda delivery: not delivery.snailmail_letter_id)

    def action_post_by_hand(self):
        """Post by hand the letters that the service did not send: they wait to be
        printed and posted like those of a company without the service.

        :raise UserError: there is no letter of one of them
        """
        actions = self._take(("failed",), self.env._("posted by hand"))
        letters = actions._get_returned_letters()
        if missing := actions - letters.action_id:
            raise UserError(
                self.env._(
                    "No letter came back for %(customers)s: try again instead.",
                    customers=format_list(self.env, missing.mapped("display_name")),
                )
            )
        letters.write({"state": "waiting", "failure_reason": False, "is_by_hand": True})
        actions.write({"state": "in_progress", "reason": False})
        return True
