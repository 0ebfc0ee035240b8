from odoo import models
from odoo.tools.i18n import format_list

from ..setup.day_format import format_day


class DunningMessageMixin(models.AbstractModel):
    """Extend notices with the early-payment discounts that they are in time for: the
    discounted amount and its last day, beside the full amount. Reminders name none."""

    _inherit = "dunning.message.mixin"

    def _get_discount_sentence(self):
        sentences = [
            self._tell_discount(day, rows)
            for day, rows in self._get_discounted_rows().items()
        ]
        return " ".join(sentences) or super()._get_discount_sentence()

    def _get_discounted_rows(self):
        """Return {last day of the discount: rows of the claims that it is granted for},
        the earliest day first: claims asked for in full, of which nothing is paid or
        credited."""
        if self.kind != "notice":
            return {}
        rows, today = self._unpack_rows(), self._get_message_day()
        credited = {row.item for row in rows if row.code == "credit"}
        found = {}
        for row in rows:
            item = row.item
            if (
                row.code == "claim"
                and item not in credited
                and item.move_id._is_eligible_for_early_payment_discount(
                    row.currency, today
                )
                and not row.currency.compare_amounts(
                    row.amount, item.amount_residual_currency
                )
            ):
                found.setdefault(item.discount_date, []).append(row)
        return dict(sorted(found.items()))

    def _tell_discount(self, day, rows):
        """Return a sentence on the discount of some claims.

        :param day: last day of the discount
        :param rows: list of AmountRow of the claims
        """
        less = [row._replace(amount=row.item.discount_amount_currency) for row in rows]
        return self.env._(
            "If you pay by %(day)s, the discounted amount of %(less)s is enough for "
            "%(invoices)s, instead of %(full)s.",
            day=format_day(self.env, day),
            less=self._format_sums(less),
            invoices=format_list(self.env, [row.item.move_id.name for row in rows]),
            full=self._format_sums(rows),
        )
