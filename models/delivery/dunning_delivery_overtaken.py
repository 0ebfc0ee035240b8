from odoo import api, models
from odoo.tools import SQL

from ..setup.trouble.guarded import guarded

# Checks of the figures of a message; the others are about its results.
FIGURE_CHECKS = ("numbered", "posted", "edited", "changed", "collected")


class DunningDelivery(models.Model):
    """Queued messages overtaken by a change before they left.

    A change in accounting recalls them at once. Two cases remain: a payment booked
    while the message was made, in a transaction that could not see it, and a check that
    failed and is left to the next job.
    """

    _inherit = "dunning.delivery"

    @api.model
    def _filter_up_to_date(self, field, queued):
        """Return the queued messages that may leave. Those whose claims were settled,
        withdrawn or partly paid since are recalled; those with a check left to the next
        job stay in their queue. If this fails, all follow-up messages stay.

        :param field: the many2one of deliveries to the messages
        :param queued: records of its model
        """
        # sudo: the user who runs the queue may not see the follow-up
        ours_sudo = self.sudo().search(
            [(field, "in", queued.ids), ("action_id.kind", "!=", "thanks")]
        )
        if not ours_sudo:
            return queued
        staying = ours_sudo[field]
        with guarded(self.env, "look again at messages before they leave"):
            overtaken_sudo = ours_sudo._get_overtaken()
            unchecked_sudo = ours_sudo._get_unchecked()
            staying = (overtaken_sudo | unchecked_sudo)[field]
            # Messages whose claims joined another action cannot be recalled: they stay.
            overtaken_sudo.filtered(
                lambda delivery: delivery._can_be_recalled(
                    delivery.action_id.line_ids.move_line_id
                )
            )._recall(
                self.env._(
                    "The message was called back before it left: its figures have "
                    "changed."
                )
            )
        return queued - staying.sudo(queued.env.su)

    def _get_overtaken(self):
        """Return the deliveries with a claim that was settled or withdrawn, or matched
        since the delivery was created."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT delivery.id
                     FROM dunning_delivery delivery
                     JOIN dunning_action_line line
                       ON line.action_id = delivery.action_id
                      AND line.state IN ('open', 'done')
                     LEFT JOIN account_move_line item ON item.id = line.move_line_id
                    WHERE delivery.id = ANY(%s)
                      AND (item.id IS NULL OR item.reconciled
                           OR item.parent_state <> 'posted'
                           OR EXISTS (SELECT 1 FROM account_partial_reconcile partial
                                       WHERE partial.debit_move_id = item.id
                                         AND partial.create_date
                                             > delivery.create_date))""",
                self.ids,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _get_unchecked(self):
        """Return the deliveries about claims with a check left to the next job."""
        checks = self.env["dunning.pending.check"].search(
            [("kind", "in", FIGURE_CHECKS)]
        )
        if not checks:
            return self.browse()
        ids = {
            model: of_model.mapped("res_id")
            for model, of_model in checks.grouped("res_model").items()
        }
        payments = self.env["account.payment"].browse(ids.get("account.payment", ()))
        move_ids = {*ids.get("account.move", ()), *payments.exists().invoice_ids.ids}
        item_ids = set(ids.get("account.move.line", ()))
        return self.filtered(
            lambda delivery: (
                move_ids & set(delivery.action_id.line_ids.move_id.ids)
                or item_ids & set(delivery.action_id.line_ids.move_line_id.ids)
            )
        )
