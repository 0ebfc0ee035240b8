from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerPerformance(DunningCommon):
    """The number of queries is the same at every size."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.step"].create(
            {**cls._thanks(), "scenario_id": cls.scenario.id, "sequence": 90}
        )
        cls.items = cls.env["account.move.line"]
        for number in range(2):
            cls._add_customer(number)
        # What is read once per process is not what this is about.
        cls._plan(day("03-02"))
        cls.planner._explain(cls.items, day("03-07"))

    @classmethod
    def _add_customer(cls, number):
        """A customer with an invoice to announce, two late ones, a part payment."""
        customer = cls._create_customer(f"Customer {number}")
        cls.items |= cls._create_claim(day("03-06"), customer=customer)
        cls.items |= cls._create_claim(day("02-20"), customer=customer)
        cls.items |= cls._create_claim(day("02-23"), customer=customer)
        cls._create_receipt(10.0, day("03-01"), customer)

    def test_queries_do_not_grow_with_the_customers(self):
        """Planning, planning again with everything on the desk, dropping the notices
        that expired and explaining take as many queries for 50 customers as for 5."""
        counts = {}
        for size in (5, 50):
            for number in range(len(self.items) // 3, size):
                self._add_customer(number)
            counts[size] = {
                name: self._count_queries(function)
                for name, function in (
                    ("plan", lambda: self._plan(day("03-04"))),
                    ("again", lambda: self._plan(day("03-04"))),
                    ("expired", lambda: self._plan(day("03-07"))),
                    ("explain", lambda: self._explain(day("03-07"))),
                )
            }
            planned = self.items.dunning_line_ids
            dropped = planned.filtered(lambda line: line.state == "dropped")
            self.assertEqual(len(planned.partner_id), size)
            self.assertEqual(len(dropped.partner_id), size)
        self.assertEqual(counts[5], counts[50])

    def _explain(self, on):
        return self.planner._explain(self.items, on)
