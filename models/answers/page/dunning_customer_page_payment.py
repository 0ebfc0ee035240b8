import base64

from odoo import models

from ...message.amount_row import AmountRow
from ...setup.statement_format import StatementFormat

MARK = "data:image/png;base64,"


class DunningCustomerPage(models.AbstractModel):
    """Extend the page with how to pay the selection by transfer: per account and
    currency, each with its own sum, reference and code."""

    _inherit = "dunning.customer.page"

    def _get_payments(self, delivery, rows, selected):
        """Return the transfers that pay the selection: dicts with texts, `ids` of the
        items, and whether there is a code."""
        writer = StatementFormat(self.env)
        stationery = self.env["dunning.stationery"]
        payments = []
        for payment, ids in self._get_transfers(delivery, rows, selected):
            bank = payment.account
            payments.append(
                {
                    "holder": bank.acc_holder_name or delivery.company_id.name,
                    "is_iban": bank.acc_type == "iban",
                    "number": bank and stationery._get_account_number(bank),
                    "bic": bank.bank_bic,
                    "reference": payment.reference,
                    "amount": writer.amount(payment.amount, payment.currency),
                    "ids": ids,
                    "has_code": bool(self._get_code(delivery, payment)),
                }
            )
        return payments

    def _get_transfers(self, delivery, rows, selected):
        """Return (Payment, ids of its items) per account and currency."""
        action, company, banks = delivery.action_id, delivery.company_id, {}
        chosen = []
        for row in rows:
            if row["item"] in selected and row["to_pay"]:
                move, currency = row["item"].move_id, row["currency"]
                key = (
                    move.partner_bank_id,
                    currency,
                )
                if key not in banks:
                    banks[key] = move._dunning_get_bank(company, currency)
                chosen.append(
                    AmountRow("claim", row["to_pay"], currency, banks[key], row["item"])
                )
        return [
            (
                payment,
                [row.item.id for row in chosen if row.item.move_id in payment.moves],
            )
            for payment in action._get_payments(chosen)
        ]

    def _get_code(self, delivery, payment):
        """Return the code that fills in a transfer as a PNG image, False without."""
        address = self.env["dunning.stationery"]._get_qr_code(
            payment.account,
            payment.currency,
            payment.amount,
            payment.reference,
            delivery.action_id.partner_id,
        )
        return address and base64.b64decode(address.removeprefix(MARK))

    def _get_code_of(self, delivery, item_ids):
        """Return the code of the transfer for some claims; False if they have not one
        account and currency.

        :param item_ids: as a visitor gave them
        """
        rows = self._get_rows(delivery)
        selected = {row["item"] for row in rows if row["item"].id in item_ids}
        transfers = self._get_transfers(delivery, rows, selected)
        return len(transfers) == 1 and self._get_code(delivery, transfers[0][0])
