from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

NOTIFICATION = "dunning.dispatch/progress"


class DunningDispatch(models.Model):
    """One press of “Send”: the actions that a user sent, and their results.

    No figure is stored: all are computed from the states of the actions. Dispatches are
    kept like the actions themselves, to show years later who sent what, and when.
    """

    _name = "dunning.dispatch"
    _description = "Follow-Up Dispatch"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "id desc"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent By",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_ids = fields.Many2many(comodel_name="res.company", string="Companies")
    started_at = fields.Datetime(required=True)
    is_seen = fields.Boolean(
        help="The user has looked at the result or dismissed it: it is no longer "
        "announced."
    )
    action_ids = fields.One2many(
        comodel_name="dunning.action",
        inverse_name="dispatch_id",
        string="Dispatched Actions",
    )
    missed_action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Dealt With by Others",
        help="They were ticked on the screen, but somebody else had dealt with them "
        "when “Send” was pressed.",
    )
    missed_count = fields.Integer(
        string="Number Dealt With by Others", compute="_compute_missed_count"
    )
    total_count = fields.Integer(string="Actions", compute="_compute_counts")
    under_way_count = fields.Integer(string="Under Way", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    queued_count = fields.Integer(
        string="Waiting for the Service",
        compute="_compute_counts",
        help="Waiting for the mail server, the SMS service, the fax gateway, "
        "the postal "
        "service or the provider to accept them.",
    )
    put_off_count = fields.Integer(
        string="Delayed",
        compute="_compute_counts",
        help="The service did not accept these messages: they will be tried again.",
    )
    handed_count = fields.Integer(
        string="To Be Done by a Person",
        compute="_compute_counts",
        help="Handed over to people: calls to make, letters to post.",
    )
    waiting_count = fields.Integer(
        string="Waiting",
        compute="_compute_counts",
        help="They leave later, at the hour of their step in the customer's time zone.",
    )
    next_at = fields.Datetime(string="Next Departure", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    dropped_count = fields.Integer(
        string="Dropped",
        compute="_compute_counts",
        help="Paid, disputed or otherwise settled before they left.",
    )
    returned_count = fields.Integer(
        string="Back on the Desk", compute="_compute_counts"
    )
    letter_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Letters to Print",
        compute="_compute_letter_attachment_ids",
        help="All its letters in one PDF, by postcode; registered ones apart.",
    )
    progress = fields.Integer(compute="_compute_counts", help="In percent.")

    _unseen_index = models.Index("(user_id) WHERE is_seen IS NOT TRUE")

    @api.depends(
        "action_ids.state",
        "action_ids.scheduled_at",
        "action_ids.delivery_ids.attempt_count",
        "action_ids.delivery_ids.state",
    )
    def _compute_counts(self):
        counts = self._get_counts()
        for dispatch in self:
            dispatch.update(counts[dispatch._origin.id])

    @api.depends("action_ids.delivery_ids.batch_attachment_id")
    def _compute_letter_attachment_ids(self):
        for dispatch in self:
            letters = dispatch.action_ids.delivery_ids.filtered("attachment_id")
            dispatch.letter_attachment_ids = letters.batch_attachment_id

    @api.depends("missed_action_ids")
    def _compute_missed_count(self):
        for dispatch in self:
            dispatch.missed_count = len(dispatch.missed_action_ids)

    @api.depends("started_at", "user_id.name")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for dispatch in self:
            dispatch.display_name = self.env._(
                "Sent by %(user)s, %(moment)s",
                user=dispatch.user_id.name,
                moment=format_datetime(
                    self.env, dispatch.started_at, dt_format="short"
                ),
            )

    # ---- buttons ---------------------------------------------------------------------

    def action_open(self):
        """Show the result."""
        self.ensure_one()
        self._set_seen()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_put_away(self):
        """Stop announcing these dispatches to their senders."""
        self._set_seen()
        return True

    def action_retry(self):
        """Retry the failed actions, within the same dispatch.

        :raise UserError: none of them failed
        :raise AccessError: the user is no collector
        """
        self.env["dunning.action"].check_access("write")
        failed = self.action_ids.filtered(lambda action: action.state == "failed")
        if not failed:
            raise UserError(self.env._("None of these actions has failed."))
        failed.action_retry()
        # sudo: users read dispatches; their right to work the actions was checked
        self.sudo().is_seen = False
        self._publish()
        return True

    def action_view_actions(self):
        """Open the list of the actions."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_action_action_all"
        )
        return action | {
            "name": self.display_name,
            "domain": [("dispatch_id", "=", self.id)],
            "context": {},
        }

    # ---- business --------------------------------------------------------------------

    @api.model
    def _start(self, actions):
        """Confirm the ticked actions; they are sent in the background.

        Actions that others dealt with in the meantime, or are working on right now, are
        kept apart and named in the result.

        :param actions: dunning.action records, as the user saw them
        :return: the dispatch
        :raise UserError: nothing of it is left to be sent
        """
        ticked = actions._filtered_ticked().try_lock_for_update(allow_referencing=True)
        missed = actions - ticked
        if not ticked:
            raise UserError(missed._get_nothing_to_send_text())
        ticked.action_confirm()
        # sudo: a dispatch is written by this method only, once the actions accepted
        # that this user confirms them
        dispatch = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_ids": ticked.company_id.ids,
                "started_at": fields.Datetime.now(),
                "missed_action_ids": missed.ids,
            }
        )
        ticked.sudo().dispatch_id = dispatch  # sudo: as above
        dispatch._publish()
        return dispatch.sudo(False)

    @api.model
    def _get_unseen(self):
        """Return the progress of the user's own dispatches that were not put away.

        :return: list of dicts, oldest first, see `_get_progress`
        """
        own = [("user_id", "=", self.env.uid), ("is_seen", "=", False)]
        return self.search(own, order="id")._get_progress()

    def _publish(self):
        """Notify the senders of these dispatches of the progress, once the current
        transaction is committed."""
        dispatches = self.sudo()  # the figures are the sender's, whoever delivers
        for dispatch, progress in zip(
            dispatches, dispatches._get_progress(), strict=True
        ):
            dispatch.user_id._bus_send(NOTIFICATION, progress)

    def _get_progress(self):
        """Return the values of the progress bar, one dict per dispatch: its `id`, the
        counts and, as UTC text, `next_at`, the next departure of a waiting action."""
        counts = self._get_counts()
        return [
            {
                **counts[dispatch.id],
                "id": dispatch.id,
                "missed_count": dispatch.missed_count,
                "next_at": fields.Datetime.to_string(counts[dispatch.id]["next_at"]),
            }
            for dispatch in self
        ]

    def _set_seen(self):
        own = self.filtered(lambda dispatch: dispatch.user_id == self.env.user)
        own.sudo().is_seen = True  # sudo: users may write no other field

    def _get_counts(self):
        """Count the actions by result.

        :return: {dispatch id: {name of the field: number}}
        """
        counts = {
            dispatch_id: dict.fromkeys(
                (
                    "under_way_count",
                    "sent_count",
                    "queued_count",
                    "put_off_count",
                    "handed_count",
                    "waiting_count",
                    "failed_count",
                    "dropped_count",
                    "returned_count",
                ),
                0,
            )
            | {"next_at": False}
            for dispatch_id in self._origin.ids
        }
        for row in self._get_count_rows():
            of_dispatch = counts[row["dispatch_id"]]
            of_dispatch[f"{row['result']}_count"] += row["number"]
            if row["result"] == "waiting":
                of_dispatch["next_at"] = row["next_at"]
        for of_dispatch in counts.values():
            total = sum(value for key, value in of_dispatch.items() if key != "next_at")
            left = of_dispatch["under_way_count"]
            of_dispatch["total_count"] = total
            of_dispatch["progress"] = 100 * (total - left) // total if total else 100
        return counts

    def _get_count_rows(self):
        """Return rows (dispatch_id, result, number, next_at), by one query over the
        actions that the user may read."""
        Action = self.env["dunning.action"]
        query = Action._search([("dispatch_id", "in", self._origin.ids)])
        result = Action._get_dispatch_result_sql(query.table)
        dispatch = Action._field_to_sql(query.table, "dispatch_id", query)
        moment = Action._field_to_sql(query.table, "scheduled_at", query)
        query.groupby = SQL("%s, %s", dispatch, result)
        return self.env.execute_query_dict(
            query.select(
                SQL("%s AS dispatch_id", dispatch),
                SQL("%s AS result", result),
                SQL("COUNT(*) AS number"),
                SQL("MIN(%s) AS next_at", moment),
            )
        )
