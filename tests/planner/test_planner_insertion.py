from odoo.tests import tagged

from ..common import DunningCommon, day

# Given by the planner; everything else has to be what `create()` gives by itself.
ACTION_FIELDS = [
    "company_id",
    "partner_id",
    "scenario_id",
    "step_id",
    "kind",
    "channel",
    "mode",
    "state",
    "is_ticked",
    "untick_reason",
    "planned_date",
    "scheduled_at",
    "collector_id",
    "salesperson_id",
    "amount_total",
    "origin",
]
LINE_FIELDS = [
    "action_id",
    "company_id",
    "partner_id",
    "move_line_id",
    "move_id",
    "scenario_id",
    "step_id",
    "step_code",
    "kind",
    "cycle",
    "state",
    "trigger_date",
    "performed_date",
    "due_date",
    "currency_id",
    "amount_residual",
    "amount_residual_currency",
    "amount_chased",
    "amount_chased_currency",
]


@tagged("post_install", "-at_install")
class TestPlannerInsertion(DunningCommon):
    """The rows written by SQL are those that `create()` would have written."""

    def _get_columns(self, records):
        """Return what the table holds of these records, ids aside."""
        records.env.flush_all()
        self.env.cr.execute(
            f'SELECT * FROM "{records._table}" WHERE id = ANY(%s) ORDER BY id',
            [records.ids],
        )
        rows = self.env.cr.dictfetchall()
        return [{**row, "id": None, "action_id": None} for row in rows]

    def _copy_by_create(self, records, names, **values):
        """Delete records and create them again from what the planner decides."""
        values_list = [
            {**record._convert_to_write({n: record[n] for n in names}), **values}
            for record in records
        ]
        # sudo: the journal of actions is written by methods only
        records.sudo().unlink()
        return records.sudo().create(values_list)

    def test_action_is_what_create_would_have_written(self):
        """An action of a stopped customer, all its columns."""
        self.customer.dunning_is_stopped = True
        self._create_claim(day("02-20"))
        action = self._plan()
        planned = self._get_columns(action)
        created = self._copy_by_create(action, ACTION_FIELDS)
        self.assertEqual(planned, self._get_columns(created))

    def test_lines_are_what_create_would_have_written(self):
        """Lines of a jump, an overtaken step among them, in a foreign currency."""
        self.scenario.catch_up = "jump"
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        self._create_claim(day("02-10"), 33.33, currency_id=euro.id)
        action = self._plan()
        lines = action.line_ids.sorted("id")
        self.assertEqual(sorted(lines.mapped("state")), ["open", "skipped"])
        planned = self._get_columns(lines)
        created = self._copy_by_create(lines, LINE_FIELDS)
        self.assertEqual(planned, self._get_columns(created))

    def test_thanks_are_what_create_would_have_written(self):
        """An action of thanks has no amount, like one that is created without."""
        self.env["dunning.step"].create(
            {**self._thanks(), "scenario_id": self.scenario.id, "sequence": 90}
        )
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("02-24"))
        action = self._plan()
        lines = action.line_ids
        planned = self._get_columns(lines) + self._get_columns(action)
        created_lines = self._copy_by_create(lines, LINE_FIELDS)
        created_lines_columns = self._get_columns(created_lines)
        created = self._copy_by_create(action, ACTION_FIELDS)
        self.assertEqual(planned, created_lines_columns + self._get_columns(created))

    def test_new_actions_are_in_the_cache_at_once(self):
        """What was read before planning is not stale afterwards."""
        claim = self._create_claim(day("02-20"))
        self.assertFalse(claim.dunning_line_ids)
        self.assertEqual(self.customer.dunning_action_count, 0)
        action = self._plan()
        self.assertEqual(claim.dunning_line_ids.action_id, action)
        self.assertEqual(self.customer.dunning_action_ids, action)

    def test_planning_loses_no_pending_change(self):
        """What the same transaction changed just before is kept, whatever the model."""
        seller = self.env["res.users"].sudo().create({"name": "Sam", "login": "sam"})
        seller.signature = "<p>Sam</p>"
        self._create_claim(day("02-20"))
        self._plan()
        self.env.invalidate_all()
        self.assertIn("Sam", seller.signature)
