from contextlib import closing

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..journal.dunning_action import WAITING_STATES
from ..setup.guard.guard import SealedDict, by_code

# No claim has a cycle below 0: sample lines violate no unique index.
REHEARSED_CYCLE = -1


class DunningRehearsal(models.AbstractModel):
    """Rehearsal of a delivery: shows the message that a customer would get, and leaves
    no trace.

    Courier and channels run as usual, in a transaction of its own that is rolled back:
    no action, mail, note, file or notification is left behind.
    """

    _name = "dunning.rehearsal"
    _description = "Follow-Up Rehearsal"

    def _play(self, company, customer, step, channel, action):
        """Return the message that a customer would get now.

        :param company: res.company, one of those the user works in
        :param customer: res.partner
        :param step: dunning.step to play on the customer's open items; not used when
            there is an action
        :param channel: code of a channel
        :param action: dunning.action that waits, or none
        :return: dict, see `_get_content` of the channels; `lang`: code of the reader's
            language; `findings`: what the message check says
        :raise UserError: why nothing would leave
        :raise AccessError: the user may not see one of these
        """
        self._check_rights(company, customer, action)
        # Another transaction sees only saved data.
        with closing(self.env.registry.cursor()) as cr:
            day = company._dunning_today()
            stage = by_code(self.with_env(self.env(cr=cr, su=True))).with_context(
                dunning_day=day, allowed_company_ids=company.ids
            )
            if action:
                staged = stage._recheck(action.id, day)
            else:
                staged = stage._stage(company.id, customer.id, step.id, day)
            return stage._rehearse(staged, channel)

    def _check_rights(self, company, customer, action):
        self.env["dunning.step.preview"].check_access("create")
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work in the company %(company)s.", company=company.name
                )
            )
        customer.check_access("read")
        action.check_access("write")

    def _rehearse(self, action, channel_code):
        """Deliver the action by a channel, and return the result."""
        found = SealedDict()  # faults are shown here, and stop nothing
        channel = self.env["dunning.channel"]._get(channel_code)
        channel = channel.with_context(dunning_findings=found)
        addresses = channel._get_addresses(action)
        delivery = self.env["dunning.delivery"].create(
            self.env["dunning.courier"]._prepare_delivery_values(
                action, "first", channel_code, addresses
            )
        )
        if delivery.state == "waiting":
            channel._deliver(delivery, fields.Datetime.now())
        if delivery.state == "failed":
            raise UserError(delivery.failure_reason)
        lang = delivery._in_channel().action_id._get_reader_langs()
        return {
            "lang": lang[action],
            "findings": found.get(action.id, []),
            **channel._get_content(delivery),
        }

    def _recheck(self, action_id, day):
        """Drop the claims settled since the action was planned, as before each
        departure.

        :return: the action
        :raise UserError: it has left, or nothing of it is left
        """
        action = self.env["dunning.action"].browse(action_id)
        if action.state not in WAITING_STATES:
            raise UserError(
                self.env._(
                    "This action is no longer waiting: its message is among its "
                    "deliveries and in the customer's chatter."
                )
            )
        lines = action.line_ids.filtered(lambda line: line.state == "open")
        self.env["dunning.planner"]._drop_obsolete(action.company_id, day, lines)
        action._close_empty()
        if action.state not in WAITING_STATES:
            raise UserError(
                self.env._(
                    "Nothing would be sent: everything in this action has been settled "
                    "or put on hold since."
                )
            )
        return action

    # ---- sample action of a step -----------------------------------------------------

    def _stage(self, company_id, customer_id, step_id, day):
        """Create a sample action, as the step would for a customer today.

        :raise UserError: the customer has nothing that this step is about
        """
        company = self.env["res.company"].browse(company_id)
        customer = self.env["res.partner"].browse(customer_id).commercial_partner_id
        step = self.env["dunning.step"].browse(step_id)
        items = self._get_items(step.kind, company, day, customer)
        if not items:
            raise UserError(self._get_nothing_reason(step.kind, customer))
        return self.env["dunning.action"].create(
            {
                "company_id": company.id,
                "partner_id": customer.id,
                "scenario_id": step.scenario_id.id,
                "step_id": step.id,
                "kind": step.kind,
                "channel": step.channel,
                "mode": step.mode,
                "planned_date": day,
                "collector_id": customer._dunning_get_collector(company).id,
                "salesperson_id": customer.user_id.id,
                "line_ids": [
                    Command.create(self._prepare_line_values(item, step))
                    for item in items
                ],
            }
        )

    def _prepare_line_values(self, item, step):
        return {
            **self.env["dunning.action.line"]._prepare_step_values(item, step),
            "cycle": REHEARSED_CYCLE,
            # The item may be open in an action of the desk.
            "state": "done",
        }

    def _get_items(self, kind, company, day, customer=None, limit=None):
        """Return the journal items that a step of a kind would be about.

        :param kind: reminder: overdue items; notice: items not due yet; thanks: the
            item paid last
        :param customer: commercial partner; any customer by default
        """
        Item = self.env["account.move.line"]
        domain = self._get_kind_domain(kind, company, day)
        if customer:
            domain &= Domain("partner_id.commercial_partner_id", "=", customer.id)
        if kind == "thanks":
            return Item.search(domain, order="full_reconcile_id desc", limit=1)
        return Item.search(domain, order="date_maturity, id", limit=limit)

    def _get_kind_domain(self, kind, company, day):
        Item = self.env["account.move.line"]
        if kind == "thanks":
            return Domain(
                [
                    ("full_reconcile_id", "!=", False),
                    ("parent_state", "=", "posted"),
                    ("move_id.move_type", "=", "out_invoice"),
                    ("balance", ">", 0),
                    ("company_id", "=", company.id),
                    ("account_id", "in", Item._dunning_receivable_accounts()),
                ]
            )
        overdue = Item._get_dunning_due_domain("<", day)
        claims = Item._get_dunning_claim_domain(company, day)
        claims &= Domain("no_followup", "=", False)
        return claims & (overdue if kind == "reminder" else ~overdue)

    def _get_nothing_reason(self, kind, customer):
        reasons = {
            "reminder": self.env._(
                "Nothing of %(customer)s is overdue today, so there is nothing to "
                "follow up. Choose a customer who is late.",
                customer=customer.display_name,
            ),
            "notice": self.env._(
                "%(customer)s owes nothing that is still to fall due, so there is "
                "nothing to announce. Choose another customer.",
                customer=customer.display_name,
            ),
            "thanks": self.env._(
                "%(customer)s has not paid an invoice yet, so there is nothing to "
                "thank for. Choose another customer.",
                customer=customer.display_name,
            ),
        }
        return reasons[kind]
