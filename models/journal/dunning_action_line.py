from odoo import api, fields, models

from ..scenario.dunning_step import KINDS

# States of lines that keep their step from being played again.
COUNTED_STATES = ("open", "done", "skipped")


class DunningActionLine(models.Model):
    """Claim in an action: the step that the claim performs, and its result.

    The figures are those of the planning day. The two unique indexes, not only code,
    keep a step from being played twice.
    """

    _name = "dunning.action.line"
    _description = "Follow-Up Action Line"
    _inherit = ["dunning.claim.mixin"]
    _form_fields = frozenset()
    _order = "due_date, id"
    _check_company_auto = True

    action_id = fields.Many2one(
        comodel_name="dunning.action", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="restrict"
    )
    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario", index="btree_not_null", ondelete="restrict"
    )
    step_id = fields.Many2one(
        comodel_name="dunning.step", index="btree_not_null", ondelete="restrict"
    )
    step_code = fields.Char()
    kind = fields.Selection(
        selection=KINDS,
    )
    cycle = fields.Integer(
        help="Goes up by one each time the follow-up of the claim starts afresh."
    )
    state = fields.Selection(
        selection=[
            ("open", "Running"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("dropped", "Dropped"),
        ],
        default="open",
        required=True,
    )
    trigger_date = fields.Date(string="Due for This Step on")
    performed_date = fields.Date(
        string="Performed On",
        help="Day on which the step was performed or skipped, in the company's time "
        "zone.",
    )
    due_date = fields.Date(help="Due date as it was on the day of planning.")
    currency_id = fields.Many2one(comodel_name="res.currency")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_residual = fields.Monetary(
        string="Open Amount", currency_field="company_currency_id"
    )
    amount_residual_currency = fields.Monetary(string="Open Amount in Currency")
    amount_chased = fields.Monetary(
        string="Amount Followed Up",
        currency_field="company_currency_id",
        help="Open amount less the part on hold: promise, dispute, payment in process.",
    )
    amount_chased_currency = fields.Monetary(string="Amount Followed Up in Currency")
    reason = fields.Char()
    postponed_until = fields.Date()

    _played_once = models.UniqueIndex(
        "(move_line_id, step_id, cycle) WHERE state IN ('open', 'done', 'skipped')",
        "This invoice has already been through this step.",
    )
    _open_once = models.UniqueIndex(
        "(move_line_id) WHERE state = 'open'",
        "This invoice is already part of an action that is not finished.",
    )

    @api.depends("step_id.name", "move_id.name")
    def _compute_display_name(self):
        for line in self:
            names = (line.move_id.name, line.step_id.name)
            line.display_name = " – ".join(name for name in names if name)

    def _get_amount_asked(self):
        """Return the amount of the item in a message, in its currency: the open amount
        less the amount held at planning, so that an outdated amount is never asked for;
        on a closed line, the planned amount; in thanks, the paid amount.
        """
        self.ensure_one()
        item = self.move_line_id
        if self.kind == "thanks":
            return item.amount_currency
        if self.state != "open" or not item:
            return self.amount_chased_currency
        held = self.amount_residual_currency - self.amount_chased_currency
        return max(item.amount_residual_currency - held, 0)

    @api.model
    def _prepare_item_values(self, item):
        """Return the values of an unplanned line from its journal item: the whole open
        amount is asked for."""
        return {
            "company_id": item.company_id.id,
            "partner_id": item.partner_id.commercial_partner_id.id,
            "move_line_id": item.id,
            "due_date": item._dunning_due_date(),
            "currency_id": item.currency_id.id,
            "amount_residual": item.amount_residual,
            "amount_residual_currency": item.amount_residual_currency,
            "amount_chased": item.amount_residual,
            "amount_chased_currency": item.amount_residual_currency,
        }

    @api.model
    def _prepare_step_values(self, item, step):
        """Return the values of an unplanned line of a step.

        :param item: account.move.line
        :param step: dunning.step
        """
        return {
            **self._prepare_item_values(item),
            "move_id": item.move_id.id,
            "scenario_id": step.scenario_id.id,
            "step_id": step.id,
            "step_code": step.code,
            "kind": step.kind,
        }

    def _get_latest_done(self):
        """Return the performed lines that are the latest of their claim."""
        done = self.filtered(lambda line: line.state == "done")
        history = self.search_fetch(
            [
                ("move_line_id", "in", done.move_line_id.ids),
                ("state", "in", COUNTED_STATES),
            ],
            ["move_line_id"],
            order="id",
        )
        latest = {line.move_line_id: line for line in history}
        return done.filtered(lambda line: latest.get(line.move_line_id) == line)

    def _drop(self, reason_by_line):
        """Drop these lines from their actions with a reason, and close empty actions.

        :param reason_by_line: {line id: text for the user}; a line without one gets an
            empty reason
        """
        # sudo: only methods write the journal, whichever user causes the change
        by_reason = self.sudo().grouped(
            lambda line: reason_by_line.get(line.id) or False
        )
        for reason, lines in by_reason.items():
            lines.write({"state": "dropped", "reason": reason})
        self.action_id.sudo()._close_empty()

    def _skip(self, day, reason=False):
        """Skip these lines: their steps count as played without contact, on the
        company's `day`."""
        # sudo: as in _drop
        self.sudo().write({"state": "skipped", "performed_date": day, "reason": reason})

    def _lapse(self):
        """Skip lines of optional steps that no user chose, on their due day."""
        reason = self.env._("Optional step that was not chosen")
        for day, lines in self.grouped("trigger_date").items():
            lines._skip(day, reason)
        self.action_id.sudo()._close_empty()

    def _move_to(self, item):
        """Continue the item in the last cycle of its history."""
        result = super()._move_to(item)
        item.dunning_cycle = max(item.dunning_cycle, *self.mapped("cycle"))
        return result

    def _can_move_to(self, item):
        """Refuse items with a history of their own, which they keep."""
        return not item.dunning_line_ids
