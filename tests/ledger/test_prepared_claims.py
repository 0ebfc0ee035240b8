from odoo.tests import tagged

from .. import prepared_claims
from ..common import DunningCommon, day

# What no two invoices share.
OWN = {"id", "move_id", "create_date", "write_date"}


@tagged("post_install", "-at_install")
class TestPreparedClaims(DunningCommon):
    """An invoice that a story makes quickly is as if it had been posted."""

    def _read(self, claim):
        rows = prepared_claims.read_rows(claim.move_id)
        name = claim.move_id.name
        return [
            {k: v for k, v in row.items() if k not in OWN and v != name}
            for _table, row in rows
        ], int(name.rsplit("/", 1)[1])

    def test_row_by_row(self):
        for amount, due in ((100, day("02-20")), (123.45, day("12-31"))):
            posted, number = self._read(self._post_claim(due, amount))
            copied, next_number = self._read(self._create_claim(due, amount))
            self.assertEqual(next_number, number + 1)
            for one, other in zip(posted, copied, strict=True):
                one.pop("sequence_number", 0)
                other.pop("sequence_number", 0)
                self.assertEqual(one, other)

    def test_most_customers_get_such_invoices(self):
        prepared = prepared_claims.read_prepared(self.env)
        if prepared:
            other = self._create_customer("Borel", city="Paris", zip="75001")
            for customer in (self.customer, other):
                now = prepared_claims.read_circumstances(self.env, customer)
                self.assertEqual(prepared["circumstances"], now)

    def test_what_is_special_is_posted(self):
        """Terms, accounts and addresses of a customer decide how an invoice is."""
        self.customer.property_payment_term_id = self.pay_terms_b
        now = prepared_claims.read_circumstances(self.env, self.customer)
        prepared = prepared_claims.read_prepared(self.env)
        self.assertNotEqual(prepared.get("circumstances"), now)
