from odoo import api, fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import DunningCommon, day


class StoryHold(models.Model):
    """A promise or a dispute, as another module would bring it."""

    _name = "dunning.story.hold"
    _description = "Hold of a Story"
    _module = None

    move_line_id = fields.Many2one(
        comodel_name="account.move.line", ondelete="cascade", index=True
    )
    kind = fields.Char()
    amount = fields.Float()
    until = fields.Date()


class StoryPlanner(models.AbstractModel):
    """The planner that knows these holds."""

    _name = "dunning.planner"
    _inherit = ["dunning.planner"]
    _module = None

    @api.model
    def _get_hold_queries(self, company_ids, date):
        """Extend with the holds of the stories; an amount of 0 stands for all."""
        self.env["dunning.story.hold"].flush_model()
        query = SQL(
            """SELECT hold.move_line_id, hold.kind, NULLIF(hold.amount, 0)::numeric,
                      hold.until
                 FROM dunning_story_hold hold
                 JOIN account_move_line item ON item.id = hold.move_line_id
                WHERE item.company_id = ANY(%s)""",
            list(company_ids),
        )
        return [*super()._get_hold_queries(company_ids, date), query]


@tagged("post_install", "-at_install")
class TestPlannerHolds(DunningCommon):
    """What other models hold back is not chased for now (S0-06)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        planner = cls.registry["dunning.planner"]
        bases = planner._base_classes__
        for definition in (StoryHold, StoryPlanner):
            add_to_registry(cls.registry, definition)
        cls.registry._setup_models__(cls.cr, [])
        cls.registry.init_models(cls.cr, [StoryHold._name], {"models_to_check": True})

        def forget_models():
            planner._base_classes__ = bases
            del cls.registry[StoryHold._name]
            with cls.registry.cursor() as cr:
                cls.registry._setup_models__(cr)

        cls.addClassCleanup(forget_models)
        cls.claim = cls._create_claim(day("02-20"))

    def _hold(self, kind="promise", amount=0.0, until=None, claim=None):
        # sudo: the model of this story has no access rights
        return (
            self.env["dunning.story.hold"]
            .sudo()
            .create(
                {
                    "move_line_id": (claim or self.claim).id,
                    "kind": kind,
                    "amount": amount,
                    "until": until,
                }
            )
        )

    def test_promise_of_all_stops_the_reminder(self):
        """The customer promised to pay by Monday: no reminder until then (case
        C14, S0-06)."""
        self._hold(until=day("03-09"))
        self.assertNotDue(self.claim, "held", "net")
        self.assertNotDue(self.claim, "held", "net", on=day("03-09"))
        self.assertDue(self.claim, on=day("03-10"))

    def test_dispute_without_end_holds_for_good(self):
        """A dispute has no last day: the claim stays out until it is settled (P8)."""
        dispute = self._hold("dispute")
        self.assertNotDue(self.claim, "held", "net", on=day("12-31"))
        dispute.unlink()
        self.assertDue(self.claim)

    def test_dispute_on_one_invoice_leaves_the_others(self):
        """One invoice is disputed, the rest of the account is chased (P8)."""
        other = self._create_claim(day("02-20"))
        self._hold("dispute")
        self.assertDue(other)

    def test_part_disputed_leaves_the_rest(self):
        """Of 100 the customer disputes 30: 70 are chased, the line tells both."""
        self._hold("dispute", amount=30.0)
        line = self.assertDue(self.claim).line_ids
        self.assertEqual(line.amount_residual, 100.0)
        self.assertEqual(line.amount_chased, 70.0)

    def test_holds_of_several_kinds_add_up(self):
        """60 promised and 30 disputed leave 10; 60 and 50 leave nothing, not −10."""
        self._hold("promise", 60.0, day("03-09"))
        dispute = self._hold("dispute", 30.0)
        self.assertEqual(self.assertDue(self.claim).amount_total, 10.0)
        self.claim.dunning_line_ids.action_id.sudo().unlink()
        dispute.amount = 50.0
        self.assertNotDue(self.claim, "held", "net")
        self.assertEqual(float(self._get_rules(self.claim)["held"]["value"]), 0.0)

    def test_held_amount_does_not_count_as_debt(self):
        """Overdue 100 of which 70 promised, credit of 40: nothing is owed for now."""
        self._hold(amount=70.0)
        self._create_credit_note(40.0, day("03-02"))
        self.assertNotDue(self.claim, "net")

    def test_promise_takes_a_waiting_reminder_off_the_desk(self):
        """The reminder was prepared in the morning, the promise came at noon: the next
        planning drops it, with the reason."""
        action = self._plan()
        self._hold(until=day("03-09"))
        self.assertFalse(self._plan(day("03-05")))
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertTrue(action.line_ids.reason)

    def test_promised_claim_leaves_the_others_in_the_action(self):
        """A promise for one of two invoices: the call goes on about the other."""
        other = self._create_claim(day("02-20"))
        action = self._plan()
        self._hold(until=day("03-09"))
        self._plan(day("03-05"))
        states = {line.move_line_id: line.state for line in action.line_ids}
        self.assertEqual(states, {self.claim: "dropped", other: "open"})
        self.assertEqual(action.state, "to_confirm")

    def test_held_optional_step_is_dropped_not_passed(self):
        """A promise on an invoice whose optional call waits, just when the next step
        falls due: the call is dropped, it does not count as passed."""
        self._get_step("reminder_1").mode = "optional"
        action = self._plan()
        self._hold(until=day("03-20"))
        self._plan(day("03-12"))
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertEqual(self._get_next(self.claim)[0], "reminder_1")
