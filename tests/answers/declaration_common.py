from odoo.tests import freeze_time

from ..common import day
from .test_nonpayment import NonpaymentCommon


class DeclarationCommon(NonpaymentCommon):
    """A customer declares on the page behind a reminder of 4 March; the company decides
    within five days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Paris"
        cls.declarations = cls.env["dunning.declaration"].sudo()

    def _declare(self, kind, *claims, on=None, delivery=None, **values):
        """Declare as the customer, by the link of a delivery or from the portal."""
        delivery = delivery or self.env["dunning.delivery"]
        values = {
            "company": self.company,
            "customer": self.customer,
            "items": self.env["account.move.line"].concat(*claims),
            **values,
        }
        with freeze_time(f"{on or self.TODAY} 10:00:00"):
            return self.declarations._declare(delivery, kind, values)

    def _announce(self, amount, by, *claims, **values):
        return self._declare("promise", *claims, terms=[(by, amount)], **values)

    def _report_paid(self, *claims, **values):
        return self._declare("paid", *claims, paid_date=day("03-02"), **values)

    def _object(self, *claims, **values):
        values = {"reason": self.reason, "text": "Scratched", **values}
        return self._declare("dispute", *claims, **values)

    def _decide(self, declaration, operation="accept", on=None):
        """Press a button as the collector on a day; return what it opens."""
        with freeze_time(f"{on or self.TODAY} 11:00:00"):
            return getattr(
                declaration.with_user(self.collector), f"action_{operation}"
            )()

    def _refuse(self, declarations, text=False, on=None):
        refusals = self.env["dunning.declaration.refusal"].with_user(self.collector)
        with freeze_time(f"{on or self.TODAY} 11:00:00"):
            refusal = refusals.create({"declaration_ids": declarations.ids})
            if text:
                refusal.text = text
            refusal.action_refuse()
