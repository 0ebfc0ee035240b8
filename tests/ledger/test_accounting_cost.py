from contextlib import ExitStack, contextmanager
from functools import wraps
from unittest.mock import patch

from odoo.tests import tagged

from ..common import DunningCommon, day
from .test_accounting_guard import GUARDED, MODULE


@tagged("post_install", "-at_install")
class TestAccountingCost(DunningCommon):
    """Accounting hardly pays for the follow-up: queries of what clerks do all day, with
    what we add to it and without."""

    ENDS_TRANSACTIONS = False

    def _count_act(self, prepare):
        """Return the queries of an act, the end of its transaction included; the first
        time fills caches that are not about it."""
        for _round in range(2):
            act = prepare()
            self.env.cr.flush()

            def to_the_end(act=act):
                act()
                self.env.cr.flush()

            queries = self._count_queries(to_the_end)
        return queries

    @contextmanager
    def _without(self):
        """Take away what we add to methods of accounting and of what it calls."""
        with ExitStack() as stack:
            for name, method in GUARDED:
                for ours in self.registry[name]._base_classes__:
                    is_ours = ours.__module__.startswith(MODULE)
                    if is_ours and method in vars(ours):
                        passing = self._pass_on(ours, method)
                        stack.enter_context(patch.object(ours, method, passing))
            yield

    @staticmethod
    def _pass_on(ours, method):
        @wraps(vars(ours)[method])
        def passing(records, *args, **kwargs):
            return getattr(super(ours, records), method)(*args, **kwargs)

        return passing

    def _post(self):
        invoice = self._create_claim(day("02-20")).move_id.copy(
            {"invoice_date": day("01-20")}
        )
        return invoice.action_post

    def _register(self):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=self._create_claim(day("02-20")).move_id.ids,
        )
        return wizard.create({"payment_date": self.TODAY}).action_create_payments

    def _reconcile(self):
        claim = self._create_claim(day("02-20"))
        return (claim | self._create_receipt(100.0, self.TODAY)).reconcile

    def _assert_ratio(self, most):
        """Assert that no act costs more than so many times what it costs without."""
        for prepare in (self._post, self._register, self._reconcile):
            with self._without():
                without = self._count_act(prepare)
            self.assertLessEqual(
                self._count_act(prepare), most * without, prepare.__name__
            )

    def test_switched_off(self):
        """A company that does not follow up pays next to nothing."""
        self.company.dunning_is_live = False
        self._assert_ratio(1.05)

    def test_switched_on(self):
        """Nor does one that does, for what is not followed up yet."""
        self._assert_ratio(1.05)

    def test_paying_what_waits(self):
        """Many payments of items that wait in actions are looked at by as many queries
        as a few."""
        counts = []
        for number in (2, 2, 8):
            claims = self.env["account.move.line"]
            for _claim in range(number):
                claims |= self._create_claim(day("02-20"))
            self._plan()
            self.env.cr.flush()
            receipts = [self._create_receipt(100.0, self.TODAY) for _claim in claims]
            for claim, receipt in zip(claims, receipts, strict=True):
                (claim | receipt).reconcile()
            counts.append(self._count_queries(self.env.cr.flush))
            self.assertEqual(set(claims.dunning_line_ids.mapped("state")), {"dropped"})
        self.assertEqual(counts[1], counts[2])
