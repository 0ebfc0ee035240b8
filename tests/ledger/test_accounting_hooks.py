from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestAccountingHooks(DunningCommon):
    """The ledger knows nobody who follows it up: whoever does is asked, in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"))
        cls.invoice = cls.claim.move_id

    def _record(self, *methods):
        """Return the list in which calls of methods are noted from now on.

        :param methods: pairs of a model and the name of its method
        """
        calls = []
        stack = self.enterContext(ExitStack())
        for model, method in methods:
            stack.enter_context(
                patch.object(
                    self.registry[model],
                    method,
                    lambda *_args, name=f"{model} {method}": calls.append(name),
                )
            )
        return calls

    def test_instalments_are_shared_out_last(self):
        """All that is on record is taken over before parts are shared out anew."""
        models = self.env["dunning.claim.mixin"]._get_claim_models()
        adopt = [(model, "_adopt_orphans") for model in models]
        fit = [(model, "_fit_to_instalments") for model in models]
        calls = self._record(*adopt, *fit)
        self.invoice._dunning_take_over()
        self.assertEqual(calls, [" ".join(call) for call in adopt + fit])

    def test_order_of_a_check(self):
        """Mails are called back before their steps are dropped; letters and calls are
        brought up to date with what is left."""
        self._plan()
        order = [
            ("dunning.delivery", "_recall_mails"),
            ("dunning.action.line", "_drop_obsolete"),
            ("dunning.delivery", "_refresh"),
        ]
        calls = self._record(*order)
        self.claim._dunning_recheck()
        self.assertEqual(calls, [" ".join(call) for call in order])

    def test_order_of_outcomes(self):
        """A payment is the outcome of what was sent before it keeps a promise, and
        before the task to match it is done."""
        order = [
            ("dunning.action", "_refresh_payment_outcomes"),
            ("dunning.promise", "_judge_items"),
            ("dunning.nonpayment", "_close_matched"),
        ]
        calls = self._record(*order)
        self.claim._dunning_refresh_outcomes()
        self.assertEqual(calls, [" ".join(call) for call in order])

    def test_steps_whose_item_is_gone(self):
        """An entry is checked together with the steps that lost their item."""
        action = self._plan()
        lines = action.sudo().line_ids
        lines.move_line_id = False
        checked = []
        with patch.object(
            self.registry["dunning.action.line"],
            "_drop_obsolete",
            lambda lines: checked.append(lines),
        ):
            self.invoice._dunning_recheck()
        self.assertIn(lines, checked)
