import doctest
from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.delivery.dunning_courier import DunningCourier
from ...models.planner.pipeline.action_tables import Pipeline
from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestExamples(DeliveryCommon):
    """What a newcomer reads about planner and courier happens as it is written.

    One invoice is due since 20 February; its first reminder leaves 8 days later.
    """

    def setUp(self):
        super().setUp()
        self._create_claim(day("02-20"))

    def assertExample(self, subject):
        """Assert that the example in the docstring of a class is true."""
        names = {
            "Pipeline": Pipeline,
            "SQL": SQL,
            "company": self.company,
            "date": date,
            "datetime": datetime,
            "env": self.env,
        }
        (example,) = doctest.DocTestFinder(recurse=False).find(subject, globs=names)
        self.assertTrue(example.examples)
        output = []
        doctest.DocTestRunner().run(example, out=output.append)
        self.assertEqual("".join(output), "")

    def test_next_step_of_each_claim(self):
        self.assertExample(Pipeline)

    def test_reminder_by_email(self):
        self.assertExample(DunningCourier)
