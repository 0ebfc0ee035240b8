from markupsafe import escape

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..setup.guard.guard import by_code
from .dunning_committee_gather import LEFT_ALONE

WRITEOFF_TYPE = "account_dunning_scenario.mail_activity_type_writeoff"


class DunningCommitteeCase(models.Model):
    """Extend the case with the effects of its decision, all run as superuser: see
    `action_decide`."""

    _inherit = "dunning.committee.case"

    def _execute(self):
        """Carry out the decision.

        :return: the window to open next, or True
        """
        self.ensure_one()
        if not (self.decision == "carry_on" and self.resume_date):
            self._perform_step()
        execute = {
            "carry_on": self._carry_on,
            "visit": self._send_visitor,
            "payment_plan": self._take_plan,
            "block_orders": self._block_orders,
            "hand_over": self._hand_over,
            "write_off": self._write_off,
        }[self.decision]
        return execute() or True

    def _perform_step(self):
        """Perform the waiting step by committee, if there is one."""
        waiting = self.delivery_ids.filtered(lambda way: way.state == "waiting")
        waiting._perform(self.company_id._dunning_today(), self.decision_reason)
        waiting.action_id._perform_if_complete()

    def _carry_on(self):
        """Continue after this step, or repeat it on a later day."""
        if not self.resume_date:
            return
        waiting = self.delivery_ids.filtered(lambda way: way.state == "waiting")
        lines = waiting.action_id.line_ids.filtered(lambda line: line.state == "open")
        lines.postponed_until = self.resume_date
        reason = self.env._(
            "Follow-up suspended by the committee until %(day)s",
            day=format_date(self.env, self.resume_date),
        )
        lines._drop(dict.fromkeys(lines.ids, reason))

    # ---- visit -----------------------------------------------------------------------

    def _send_visitor(self):
        """Create a separate visit about the claims that are in no other action."""
        now = fields.Datetime.now()
        company = self.company_id
        courier = self.env["dunning.courier"].with_company(company)
        action = courier.env["dunning.action"].create(self._prepare_visit_values(now))
        addresses = courier._get_addresses(action)
        deliveries = courier._create_deliveries(action, addresses)
        channel = courier.env["dunning.channel.visit"]
        channel._deliver(courier._get_waiting(deliveries), now)
        courier._settle(deliveries, company._dunning_today(), now)
        self.visit_action_id = action
        return self._open(action)

    def _prepare_visit_values(self, now):
        today = self.company_id._dunning_today()
        collector = self.partner_id._dunning_get_collector(self.company_id)
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "channel": self.env["dunning.channel.visit"]._get_code(),
            "state": "in_progress",
            "origin": "manual",
            "planned_date": today,
            "scheduled_at": now,
            "collector_id": (self.visit_user_id or collector).id,
            "salesperson_id": self.partner_id.user_id.id,
            "amount_total": self.amount_overdue,
            "line_ids": [
                Command.create(self._prepare_line_values(item, answer))
                for item, answer in self._get_free_claims(today)
            ],
        }

    def _get_free_claims(self, today):
        """Return (item, answer of `_explain`) of the overdue claims in no other
        action."""
        claims = self._get_overdue_claims(today)
        answers = self.env["dunning.planner"]._explain(claims, today)
        busy = {"in_action", *LEFT_ALONE}
        return [
            (item, answer)
            for item, answer in zip(claims, answers, strict=True)
            if not busy
            & {rule["code"] for rule in answer["rules"] if rule["passed"] is False}
        ]

    def _prepare_line_values(self, item, answer):
        """Return a line that performs no step: the claim stays on its current step."""
        return {
            **self.env["dunning.action.line"]._prepare_item_values(item),
            "scenario_id": answer["scenario_id"],
            "kind": "reminder",
            "cycle": item.dunning_cycle,
        }

    def _get_overdue_claims(self, today):
        """Return the customer's overdue claims, entries without a due date included,
        the oldest first."""
        Item = self.env["account.move.line"]
        late = Item._get_dunning_claim_domain(self.company_id, today)
        late &= Item._get_dunning_due_domain("<", today)
        own = Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
        return Item.search(late & own, order="date_maturity, date, id")

    # ---- payment plan, orders, handing over ------------------------------------------

    def _take_plan(self):
        """Open the dialog of the customer's answers to note the agreed payment plan."""
        user = self.env(su=False)
        subject = {
            "partner_id": self.partner_id.with_env(user),
            "company_id": self.company_id.with_env(user),
            "action_id": self.delivery_ids.action_id[:1].with_env(user),
            "items": self._get_overdue_claims(self.company_id._dunning_today()),
        }
        action = user["dunning.entry"]._open(subject)
        context = {
            **action["context"],
            "default_has_promise": True,
            "default_note": self.decision_reason,
        }
        return {**action, "context": context}

    def _block_orders(self):
        self.partner_id.with_company(self.company_id)._dunning_block_orders(
            self.decision_reason
        )

    def _hand_over(self):
        """Hand the customer over and make the claims file to send."""
        self.handover_id = self.env["dunning.handover"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "agent_id": self.agent_id.id,
                "agent_kind": self.agent_kind or "agency",
                "date": self.company_id._dunning_today(),
                "case_id": self.id,
                "note": self.decision_reason,
            }
        )
        self.handover_id.action_print_file()
        return self._open(self.handover_id)

    # ---- writing off -----------------------------------------------------------------

    def _write_off(self):
        """Draft the entry of the loss, and ask the accountant to check it.

        It is never posted from here: the accountant judges whether the claim is lost
        and whether its tax can be recovered.
        """
        claims = self._get_overdue_claims(self.company_id._dunning_today())
        move = (
            by_code(self.env["account.move"])
            .with_company(self.company_id)
            .create(self._prepare_writeoff_values(claims))
        )
        setup = self.company_id._dunning_setup_company()
        accountant = setup.dunning_accountant_id or self.decided_by_id
        by_code(move).activity_schedule(
            WRITEOFF_TYPE,
            user_id=accountant.id,
            note=escape(self._get_writeoff_text()),
        )
        self.writeoff_move_id = move
        return self._open(move)

    def _get_writeoff_text(self):
        return self.env._(
            "The committee decided to write off the debt of %(customer)s: %(reason)s "
            "Check the account and the tax (VAT already paid on these invoices may be "
            "recoverable, under conditions), post the entry, then reconcile it with "
            "the invoices.",
            customer=self.partner_id.name,
            reason=self.decision_reason,
        )

    def _prepare_writeoff_values(self, claims):
        """Return the values of the entry: the open amount of each claim against the
        loss account.

        :param claims: account.move.line, in any currencies
        """
        total = sum(claims.mapped("amount_residual"))
        label = self.env._("Loss on %(customer)s", customer=self.partner_id.name)
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "date": self.company_id._dunning_today(),
            "ref": label,
            "line_ids": [
                Command.create(
                    {
                        "name": claim.move_id.name,
                        "account_id": claim.account_id.id,
                        "partner_id": claim.partner_id.id,
                        "currency_id": claim.currency_id.id,
                        "amount_currency": -claim.amount_residual_currency,
                        "balance": -claim.amount_residual,
                    }
                )
                for claim in claims
            ]
            + [
                Command.create(
                    {
                        "name": label,
                        "account_id": self.company_id.dunning_writeoff_account_id.id,
                        "partner_id": self.partner_id.id,
                        "balance": self.currency_id.round(total),
                    }
                )
            ],
        }

    def _open(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
