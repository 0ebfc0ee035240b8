from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningAction(models.Model):
    """Result of an action since “Send” was pressed."""

    _inherit = "dunning.action"

    dispatch_id = fields.Many2one(
        comodel_name="dunning.dispatch",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    dispatch_result = fields.Selection(
        selection=[
            ("failed", "Failed"),
            ("put_off", "Delayed by the service"),
            ("under_way", "Under way"),
            ("waiting", "Waiting for its send time"),
            ("queued", "Waiting for the service"),
            ("returned", "Back on the desk"),
            ("dropped", "Dropped"),
            ("handed", "To be done by a person"),
            ("sent", "Sent"),
        ],
        string="Result",
        compute="_compute_dispatch_result",
        search="_search_dispatch_result",
    )
    dispatch_note = fields.Char(string="Why", compute="_compute_dispatch_note")
    wait_text = fields.Char(
        string="Waiting For",
        compute="_compute_wait_text",
        help="Service that has not accepted the message yet, and time of the next "
        "attempt.",
    )
    dealt_with_by = fields.Char(
        string="Taken Over By", compute="_compute_dealt_with_by"
    )

    @api.depends(
        "state",
        "scheduled_at",
        "delivery_ids.attempt_count",
        "delivery_ids.state",
    )
    def _compute_dispatch_result(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM dunning_action WHERE id = ANY(%s)",
                self._get_dispatch_result_sql("dunning_action"),
                self.ids,
            )
        )
        results = dict(rows)
        for action in self:
            action.dispatch_result = results.get(action._origin.id)

    @api.model
    def _search_dispatch_result(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s = ANY(%s)", model._get_dispatch_result_sql(alias), list(value)
            )
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "dispatch_result":
            codes = [code for code, _label in self._fields[field_name].selection]
            return SQL(
                "array_position(%s, %s) %s %s",
                codes,
                self._get_dispatch_result_sql(alias),
                direction,
                nulls,
            )
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.depends("dispatch_result", "reason", "line_ids.reason", "wait_text")
    @api.depends_context("lang", "tz")
    def _compute_dispatch_note(self):
        for action in self:
            action.dispatch_note = action._get_dispatch_note()

    @api.depends("delivery_ids.wait_text")
    @api.depends_context("lang", "tz")
    def _compute_wait_text(self):
        for action in self:
            texts = filter(None, action.delivery_ids.mapped("wait_text"))
            action.wait_text = " ".join(dict.fromkeys(texts)) or False

    @api.depends("dispatch_id.user_id", "write_uid")
    def _compute_dealt_with_by(self):
        for action in self:
            # sudo: only the name is read; the dispatch may be another user's
            user = action.dispatch_id.sudo().user_id or action.write_uid
            action.dealt_with_by = user.name

    def _get_dispatch_note(self):
        """Return the explanation of the result, in the user's language, False if it
        needs none."""
        match self.dispatch_result:
            case "failed":
                return self.reason
            case "dropped":
                reasons = [self.reason, *self.line_ids.mapped("reason")]
                return ", ".join(dict.fromkeys(filter(None, reasons)))
            case "put_off" | "queued":
                return self.wait_text
            case "returned":
                return self.env._("It was called back before it left.")
        return False

    def _filtered_ticked(self):
        return self.filtered(lambda a: a.state == "to_confirm" and a.is_ticked)

    def _is_automatic(self):
        """Return False for actions that a person sent from the desk."""
        return super()._is_automatic() and not self.dispatch_id

    def _is_stopped(self):
        """Return whether the customer is in stop today, in the action's company or one
        of its parents."""
        return bool(self.partner_id._dunning_get_stop(self.company_id))

    def _get_nothing_to_send_text(self):
        """Return the reason why none of these actions can be sent."""
        others = self.filtered(lambda action: action.state != "to_confirm")
        if not others and self._filtered_ticked():
            return self.env._(
                "Somebody else is working on these actions right now: try again in a "
                "moment."
            )
        if not others:
            return self.env._("Nothing is ticked. Tick the actions to send first.")
        names = ", ".join(dict.fromkeys(others.mapped("dealt_with_by")))
        return self.env._(
            "Nothing is left to send: these actions were dealt with in the meantime by "
            "%(names)s. Reload the list to see the actions still waiting.",
            names=names,
        )

    @api.model
    def _get_dispatch_result_sql(self, alias):
        """Return the SQL of the result of actions.

        :param alias: of dunning_action
        """
        self.flush_model(["state", "scheduled_at"])
        Delivery = self.env["dunning.delivery"]
        Delivery.flush_model(["action_id", "state", "performed_date"])
        is_waiting = Delivery._get_wait_sql("delivery")
        by_hand = SQL("delivery.state = 'waiting' AND NOT %s", is_waiting)
        return SQL(
            """CASE %(alias)s.state
                    WHEN 'scheduled' THEN
                        CASE WHEN %(alias)s.scheduled_at > %(now)s THEN 'waiting'
                             ELSE 'under_way' END
                    WHEN 'failed' THEN 'failed'
                    WHEN 'to_confirm' THEN 'returned'
                    WHEN 'in_progress' THEN
                        CASE WHEN %(by_hand)s THEN 'handed'
                             WHEN %(is_put_off)s THEN 'put_off'
                             WHEN %(is_queued)s THEN 'queued'
                             ELSE 'handed' END
                    WHEN 'done' THEN
                        CASE WHEN %(is_put_off)s THEN 'put_off'
                             WHEN %(is_queued)s THEN 'queued'
                             ELSE 'sent' END
                    ELSE 'dropped' END""",
            alias=SQL.identifier(alias),
            now=fields.Datetime.now(),
            by_hand=self._get_any_delivery_sql(alias, by_hand),
            is_put_off=self._get_any_delivery_sql(
                alias, Delivery._get_wait_sql("delivery", with_trouble=True)
            ),
            is_queued=self._get_any_delivery_sql(alias, is_waiting),
        )

    @api.model
    def _get_any_delivery_sql(self, alias, condition):
        """Return the SQL test for a delivery of the action that meets a condition.

        :param alias: of dunning_action
        :param condition: SQL on dunning_delivery, alias `delivery`
        """
        return SQL(
            """EXISTS (SELECT 1 FROM dunning_delivery delivery
                        WHERE delivery.action_id = %s.id AND %s)""",
            SQL.identifier(alias),
            condition,
        )
