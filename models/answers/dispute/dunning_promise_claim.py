from odoo import api, models


class DunningPromiseClaim(models.Model):
    """Extend the promised claim: what is disputed later is no longer expected, and does
    not count as a broken promise."""

    _inherit = "dunning.promise.claim"

    @api.model
    def _reduce_by_disputes(self, items):
        """Reduce the open promises about items to the undisputed amount.

        :param items: account.move.line that were just disputed
        """
        # sudo: the user who opens a dispute may not write promises
        claims_sudo = self.sudo().search(
            [("move_line_id", "in", items.ids), *self._get_open_part_domain()]
        )
        disputed = self.env["dunning.dispute.claim"]._get_disputed(items)
        lowered_sudo = claims_sudo.filtered(lambda claim: claim._reduce(disputed))
        note = self.env._("The amount disputed since then is no longer expected.")
        promises_sudo = lowered_sudo.promise_id
        promises_sudo._message_log_batch(dict.fromkeys(promises_sudo.ids, note))
        promises_sudo._judge_items(lowered_sudo.move_line_id)

    def _reduce(self, disputed):
        """Reduce the promised amount of the claim to what is open and not disputed.

        :param disputed: {account.move.line: amount in the company's currency}
        :return: whether the promise was reduced
        """
        self.ensure_one()
        item, currency = self.move_line_id, self.company_currency_id
        still_promised = self.amount - self.residual_before + item.amount_residual
        undisputed = max(item.amount_residual - disputed.get(item, 0), 0)
        excess = min(still_promised - undisputed, self.amount)
        if currency.compare_amounts(excess, 0) <= 0:
            return False
        part = 1 - excess / self.amount
        self.write(
            {
                "share": self.promise_currency_id.round(self.share * part),
                "amount": currency.round(self.amount * part),
                "amount_currency": self.currency_id.round(self.amount_currency * part),
            }
        )
        return True
