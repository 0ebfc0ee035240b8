from unittest.mock import patch

from odoo import Command

from ..common import DunningCommon


class MoneyCommon(DunningCommon):
    """Money that moves beside invoices: refunds, returned payments, payments that wait
    for the bank, revaluations."""

    @classmethod
    def _pay_out(cls, amount, on, customer=None, ref="Out"):
        """Post a bank entry that pays out to a customer; return its receivable item."""
        customer = customer or cls.customer
        journal = cls.company_data["default_journal_bank"]
        account = cls.company_data["default_account_receivable"]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": on,
                "ref": ref,
                "line_ids": [
                    Command.create(
                        {"account_id": journal.default_account_id.id, "credit": amount}
                    ),
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": customer.id,
                            "debit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered("debit")

    def _create_direct_debit(self):
        """Return a payment method other than manual."""
        Method = self.env["account.payment.method"].sudo()
        information = {
            **Method._get_payment_method_information(),
            "dunning_debit": {"mode": "multi", "type": ("bank",)},
        }
        self.startPatcher(
            patch.object(
                type(Method),
                "_get_payment_method_information",
                lambda this: information,
            )
        )
        return Method.create(
            {"name": "Debit", "code": "dunning_debit", "payment_type": "inbound"}
        )

    def _wait_for_bank(self, amount, payment_type="inbound", **values):
        """Post a payment of the customer that gets no entry before the bank's."""
        method = self.inbound_payment_method_line
        if payment_type == "outbound":
            method = self.outbound_payment_method_line
        method.payment_account_id = False
        with self._in_payment():
            payment = self.env["account.payment"].create(
                {
                    "partner_id": self.customer.id,
                    "amount": amount,
                    "payment_type": payment_type,
                    "partner_type": "customer",
                    "date": self.TODAY,
                    "journal_id": method.journal_id.id,
                    "payment_method_line_id": method.id,
                    **values,
                }
            )
            payment.action_post()
            self.env.flush_all()
        self.assertEqual(payment.state, "in_process")
        self.assertFalse(payment.move_id)
        return payment
