from contextlib import closing
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...setup.guard.guard import by_code

# Longest time in days to follow an invoice, and to wait for a step after its day.
LONGEST_FILM = 400
LONGEST_WAIT = 60


class DunningScreening(models.AbstractModel):
    """Play a scenario on an invoice that does not exist.

    The planner itself decides, day after day, on an entry created in a transaction of
    its own that is rolled back: nothing is left behind.
    """

    _name = "dunning.screening"
    _description = "Simulation of a Scenario"

    def _show(self, scenario, company, invoice, paid_date=None):
        """Return the scenes of an invoice.

        :param scenario: saved dunning.scenario
        :param company: res.company whose calendar and settings apply
        :param invoice: dict `invoice_date`, `due_date`, `amount` (company currency)
        :param paid_date: day of full payment; unpaid by default
        :return: list of (day, dunning.step) in playing order, as if people and mail
            server did their part at once
        :raise UserError: the company has no account or journal to post an entry
        """
        scenario.check_access("read")
        # Another transaction sees saved records only.
        with closing(self.env.registry.cursor()) as cr:
            stage = by_code(self.with_env(self.env(cr=cr, su=True))).with_context(
                allowed_company_ids=company.ids, tracking_disable=True
            )
            scenes = stage._play(scenario.id, company.id, invoice, paid_date)
        steps = self.env["dunning.step"]
        return [(day, steps.browse(step_id)) for day, step_id in scenes]

    def _play(self, scenario_id, company_id, invoice, paid_date):
        company = self.env["res.company"].browse(company_id)
        customers = by_code(self.env["res.partner"].with_company(company))
        customer = customers.create({"name": "–", "dunning_scenario_id": scenario_id})
        item = self._create_item(company, customer, invoice)
        day = invoice["invoice_date"]
        last = paid_date or day + timedelta(days=LONGEST_FILM)
        scenes = []
        while scene := self._get_next_scene(item, day, last):
            day, step_id = scene
            self._perform(item, customer, day, step_id)
            scenes.append(scene)
        if paid_date:
            self._pay(company, item, paid_date)
            scenes += filter(None, [self._get_thanks(item, paid_date)])
        return scenes

    def _get_next_scene(self, item, day, last):
        """Return the first day from `day` on, before `last`, on which a step is due,
        and the step's id, None without one."""
        planner = self.env["dunning.planner"]
        waited = 0
        while day < last and waited < LONGEST_WAIT:
            (answer,) = planner._explain(item, day)
            if not answer["next_step_id"]:
                return None
            if planner._is_due(answer):
                return day, answer["next_step_id"]
            waited = 0 if answer["trigger_date"] > day else waited + 1
            day = max(answer["trigger_date"], day + timedelta(days=1))
        return None

    def _get_thanks(self, item, paid_date):
        planner = self.env["dunning.planner"]
        for days in range(LONGEST_WAIT):
            day = paid_date + timedelta(days=days)
            (answer,) = planner._explain(item, day)
            if planner._is_due(answer):
                return day, answer["next_step_id"]
        return None

    # ---- sample entry ----------------------------------------------------------------

    def _create_item(self, company, customer, invoice):
        entry = self._create_entry(
            company, customer, "general", invoice["invoice_date"], invoice["amount"]
        )
        item = entry.line_ids.filtered(lambda line: line.balance > 0)
        item.write(
            {
                "date_maturity": invoice["due_date"],
                "dunning_is_taken_in": True,
                "no_followup": False,
            }
        )
        return item

    def _pay(self, company, item, day):
        entry = self._create_entry(
            company, item.partner_id, "bank", day, -item.amount_residual
        )
        payment = entry.line_ids.filtered(lambda line: line.balance < 0)
        (item + payment).reconcile()

    def _create_entry(self, company, customer, journal_type, day, amount):
        """Post an entry on the customer's receivable account, against the company; a
        payment against the bank."""
        account = customer.with_company(company).property_account_receivable_id
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", journal_type),
            ],
            limit=1,
        )
        if not (account and journal):
            raise UserError(
                self.env._(
                    "%(company)s has no receivable account or journal yet: set up its "
                    "accounting first.",
                    company=company.name,
                )
            )
        against = journal.default_account_id or account
        sides = (account, customer, amount), (against, company.partner_id, -amount)
        entry = by_code(self.env["account.move"]).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": side.id,
                            "partner_id": partner.id,
                            "balance": balance,
                        }
                    )
                    for side, partner, balance in sides
                ],
            }
        )
        entry.action_post()
        return entry

    def _perform(self, item, customer, day, step_id):
        """Record a step as performed, like its delivery does."""
        Line = self.env["dunning.action.line"]
        step = self.env["dunning.step"].browse(step_id)
        self.env["dunning.action"].create(
            {
                "company_id": item.company_id.id,
                "partner_id": customer.id,
                "scenario_id": step.scenario_id.id,
                "step_id": step.id,
                "kind": step.kind,
                "channel": step.channel,
                "state": "done",
                "planned_date": day,
                "performed_date": day,
                "line_ids": [
                    Command.create(
                        {
                            **Line._prepare_step_values(item, step),
                            "state": "done",
                            "cycle": item.dunning_cycle,
                            "performed_date": day,
                        }
                    )
                ],
            }
        )
