from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.setup.labels import get_labels

# Reasons to wait for a decision, which nobody takes in a dry run.
UNDECIDED = ("stop", "optional")
OPEN_STATES = ("to_confirm", "scheduled", "in_progress")
NOON = time(12)


class DunningDryRun(models.TransientModel):
    """Extend the dry run with its days, played by the real planner.

    All of it runs in a transaction that the caller rolls back: it may write anything,
    and nothing is ever handed to a channel.
    """

    _inherit = "dunning.dry.run"

    @api.model
    def _play(self, company_id, options, go_on):
        """Play the days one by one: pay, plan, perform what would leave.

        :param options: dict `start` (date), `days`, `limit` (customers), `habit` (of
            payment), `costs` ({channel: amount})
        :param go_on: callable that is given the number of days played and returns
            whether to continue
        :return: list of values of lines, dict of values of the run
        :raise UserError: another process is planning the company
        """
        company = self.env["res.company"].browse(company_id)
        # The bank entries are assumed to be up to date.
        company._dunning_setup_company().dunning_books_max_age = 0
        planner = self.env["dunning.planner"]
        if not planner._lock_company(company):
            raise UserError(planner._get_busy_text(company))
        customers, total = self._get_customers(company, options)
        delays = {}
        if options["habit"] == "usual":
            delays = self._get_usual_delays(company, options["start"])
        rows, played = [], 0
        waiting = self._get_waiting(company, customers)
        while played < options["days"] and go_on(played):
            day = options["start"] + timedelta(days=played)
            self._pay(company, day, options["start"], delays)
            actions = waiting | planner._plan(company, day, customers)
            actions = actions.filtered(
                lambda action: (
                    action.partner_id in customers and action.state in OPEN_STATES
                )
            )
            rows += self._perform_leaving(actions, day, options["costs"])
            waiting = waiting.browse()
            played += 1
        bound = self._get_bound(options, len(customers), total, played)
        self.env.invalidate_all(flush=False)
        return rows, {"bound": bound, "progress": played}

    # ---- customers and delays --------------------------------------------------------

    @api.model
    def _get_customers(self, company, options):
        """Return the customers who owe most, and the number of all customers who
        owe."""
        end = options["start"] + timedelta(days=options["days"])
        self.env["account.move.line"].flush_model()
        Item = self.env["account.move.line"]
        self.env.cr.execute(
            SQL(
                """SELECT contact.commercial_partner_id
                     FROM account_move_line item
                     JOIN res_partner contact ON contact.id = item.partner_id
                    WHERE %(is_open)s AND item.amount_residual > 0
                      AND NOT %(is_paid_out)s
                    GROUP BY contact.commercial_partner_id
                    ORDER BY SUM(item.amount_residual) DESC""",
                is_open=Item._dunning_open_item_conditions(company.ids, end),
                is_paid_out=Item._dunning_is_paid_out(),
            )
        )
        ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        return self.env["res.partner"].browse(ids[: options["limit"]]), len(ids)

    @api.model
    def _get_waiting(self, company, customers):
        """Return the actions already on the desk: they would leave on the first day."""
        return self.env["dunning.action"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", customers.ids),
                ("state", "in", OPEN_STATES),
            ]
        )

    @api.model
    def _get_usual_delays(self, company, day):
        """Return {customer id: usual days from due date to payment}."""
        self.env["account.partial.reconcile"].flush_model()
        Item = self.env["account.move.line"]
        self.env.cr.execute(
            SQL(
                """SELECT contact.commercial_partner_id, ROUND(AVG(
                              partial.max_date - %(due_date)s))::int
                     FROM account_partial_reconcile partial
                     JOIN account_move_line item ON item.id = partial.debit_move_id
                     JOIN res_partner contact ON contact.id = item.partner_id
                    WHERE partial.max_date > %(day)s - 365
                      AND item.company_id = %(company)s
                      AND item.reconciled IS TRUE
                      AND item.amount_currency > 0 AND NOT %(is_paid_out)s
                      AND item.account_id = ANY(%(accounts)s)
                    GROUP BY contact.commercial_partner_id""",
                day=day,
                company=company.id,
                due_date=Item._dunning_due_date_sql(),
                is_paid_out=Item._dunning_is_paid_out(),
                accounts=Item._dunning_receivable_accounts(),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _pay(self, company, day, start, delays):
        """Settle the claims that customers pay on a day, if they pay as late as usual.

        Only the columns that the planner reads are written; the transaction is rolled
        back.
        """
        if not delays:
            return
        self.env["account.move.line"].flush_model()
        Item = self.env["account.move.line"]
        self.env.cr.execute(
            SQL(
                """UPDATE account_move_line item
                      SET reconciled = TRUE, amount_residual = 0,
                          amount_residual_currency = 0
                     FROM res_partner contact
                     JOIN UNNEST(%(customers)s, %(delays)s) AS habit (id, delay)
                       ON habit.id = contact.commercial_partner_id
                    WHERE contact.id = item.partner_id AND %(is_open)s
                      AND item.amount_residual > 0 AND NOT %(is_paid_out)s
                      AND %(due_date)s + habit.delay
                          BETWEEN %(start)s + 1 AND %(day)s""",
                customers=list(delays),
                delays=list(delays.values()),
                due_date=Item._dunning_due_date_sql(),
                is_open=Item._dunning_open_item_conditions(company.ids, day),
                is_paid_out=Item._dunning_is_paid_out(),
                start=start,
                day=day,
            )
        )
        self.env.invalidate_all()

    # ---- leaving actions -------------------------------------------------------------

    @api.model
    def _perform_leaving(self, actions, day, costs):
        """Perform the actions that would leave on a day; return values of lines."""
        courier = self.env["dunning.courier"]
        addresses = courier._get_addresses(actions)
        rows, performed, failed = [], actions.browse(), actions.browse()
        for action in actions:
            values = self._prepare_line(action, day)
            if remark := self._get_remark(action):
                rows.append({**values, "remark": remark})
                continue
            ways = courier._get_open_ways(action, addresses)
            if not ways:
                failed |= action
                reason = courier._get_unreachable_reason(action, action.channel)
                rows.append({**values, "remark": reason})
                continue
            performed |= action
            rows += [
                {
                    **values,
                    "channel": code,
                    "is_leaving": True,
                    "cost": costs.get(code, 0),
                }
                for code in ways
            ]
        failed._fail(False)
        performed._perform(day, datetime.combine(day, NOON))
        return rows

    @api.model
    def _get_remark(self, action):
        """Return the reason for which an action would wait; empty if it would leave."""
        if action.is_ticked or action.untick_reason not in UNDECIDED:
            return ""
        labels = get_labels(self.env["dunning.action"], "untick_reason")
        return labels[action.untick_reason]

    @api.model
    def _prepare_line(self, action, day):
        lines = action.line_ids.filtered(lambda line: line.state == "open")
        return {
            "date": day,
            "partner_id": action.partner_id.id,
            "collector_id": action.collector_id.id,
            "step_id": action.step_id.id,
            "kind": action.kind,
            "channel": action.channel,
            "item_count": len(lines),
            "amount": action.amount_total,
            "is_leaving": False,
        }

    # ---- texts -----------------------------------------------------------------------

    @api.model
    def _get_bound(self, options, count, total, played):
        texts = []
        if count < total:
            texts.append(
                self.env._(
                    "%(count)s of %(total)s customers were included: those who owe the "
                    "most.",
                    count=count,
                    total=total,
                )
            )
        if played < options["days"]:
            texts.append(
                self.env._(
                    "%(played)s of %(days)s days were played: the run was stopped, or "
                    "its time was up.",
                    played=played,
                    days=options["days"],
                )
            )
        return "\n".join(texts) or self.env._("All customers and all days were played.")
