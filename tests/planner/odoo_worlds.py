"""Put a world of the oracle into Odoo, with real posted entries.

After ``WorldBuilder.build`` every object of the world carries the id of its record, so
that both sides speak of the same things in the same order.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import SUPERUSER_ID, Command
from odoo.tests import freeze_time

from .oracle import Oracle

RATE = 2  # units of the foreign currency for one of the company's
AREAS = {None: False, False: "domestic", True: "export"}
SILENT = {
    "mail_create_nolog": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "no_reset_password": True,
}


class WorldBuilder:
    """Records of a world.

    :param case: test case whose class has `company_data`, `branch`, `stranger_data`,
        `calendar` and `card_method_line`
    """

    def __init__(self, case, world, day):
        self.case = case
        self.world = world
        self.day = day
        self.companies = {}
        self.records = {}
        self.moves = {}
        records = {
            "root": case.company_data["company"],
            "branch": case.branch,
            "stranger": case.stranger_data["company"],
        }
        company_ids = [record.id for record in records.values()]
        self.env = case.env(
            user=SUPERUSER_ID,
            context={"lang": "en_US", "allowed_company_ids": company_ids, **SILENT},
        )
        for company in world.companies:
            self.companies[company] = records[company.name].with_env(self.env)

    def build(self):
        self.build_scenarios()
        self.build_companies()
        self.build_customers()
        self.build_handovers()
        self.build_holidays_abroad()
        self.build_ledger()
        self.give_scenarios()
        self.build_payments_in_process()
        self.build_history()
        self.number_claims()
        self.env.flush_all()
        self.env.invalidate_all()

    def get(self, thing):
        """Return the record of a scenario, step, customer, claim, line or action."""
        return self.records[thing] if thing else None

    def get_id(self, thing):
        return self.records[thing].id if thing else False

    def register(self, things, records):
        for thing, record in zip(things, records, strict=True):
            self.records[thing] = record
            thing.id = record.id

    def in_company(self, company, model):
        record = self.companies[company]
        return self.env[model].with_company(record)

    # -- Set-up ---------------------------------------------------------------

    def build_scenarios(self):
        scenarios = self.env["dunning.scenario"].create(
            [self.scenario_values(scenario) for scenario in self.world.scenarios]
        )
        self.register(self.world.scenarios, scenarios)
        for scenario in self.world.scenarios:
            for step in scenario.steps:  # one by one: anchors come first
                values = self.step_values(step)
                self.register([step], self.env["dunning.step"].create(values))

    def scenario_values(self, scenario):
        return {
            "name": scenario.name,
            "active": scenario.active,
            "grouping": scenario.grouping,
            "catch_up": scenario.catch_up,
            "is_business_days_only": scenario.is_business_days_only,
            "amount_minimum": float(scenario.minimum),
            "min_days_between_contacts": scenario.spacing,
            "payment_methods": scenario.payment_methods,
            "is_partial_chased": scenario.is_partial_chased,
            "is_debit_thanked": scenario.is_debit_thanked,
        }

    def step_values(self, step):
        domain = [("move_id.ref", "=", step.only_label)] if step.only_label else False
        return {
            "scenario_id": self.get_id(step.scenario),
            "sequence": step.sequence,
            "active": step.active,
            "is_enabled": step.is_enabled,
            "is_last_resort": step.is_last_resort,
            "code": step.code,
            "name": step.code,
            "kind": step.kind,
            "anchor": step.anchor,
            "anchor_step_id": self.get_id(step.anchor_step),
            "delay": step.delay,
            "mode": step.mode,
            "channel": "phone",
            "amount_from": float(step.amount_from),
            "amount_to": float(step.amount_to),
            "items_from": step.items_from,
            "items_to": step.items_to,
            "customer_size": step.customer_size,
            "customer_area": AREAS[step.is_export_only],
            "domain": str(domain) if domain else False,
        }

    def give_scenarios(self):
        """Give scenarios to companies once others have named them."""
        for scenario in self.world.scenarios:
            if scenario.company:
                self.get(scenario).company_id = self.companies[scenario.company]

    def build_companies(self):
        for company, record in self.companies.items():
            record.write(
                {
                    "dunning_scenario_id": self.get_id(company.scenario),
                    "dunning_min_days_between_contacts": company.spacing,
                    "dunning_max_contacts_week": company.max_contacts_week,
                    "dunning_max_contacts_month": company.max_contacts_month,
                    "dunning_is_ceiling_shared": company.is_ceiling_shared,
                    "dunning_go_live_date": company.go_live,
                    "dunning_books_max_age": company.books_max_age,
                    "dunning_reply_hold_days": company.reply_days,
                    "dunning_dissatisfied_hold_days": company.dissatisfied_days,
                    "dunning_is_own_setup": company.has_own_setup,
                    "resource_calendar_id": self.case.calendar.id,
                }
            )
            company.id = record.id
            self.build_holidays(company, record)

    def build_holidays_abroad(self):
        """A calendar for the country of the customers abroad."""
        if not self.world.holidays_abroad:
            return
        calendar = self.case.calendar.with_env(self.env).copy({"company_id": False})
        self.create_leaves(calendar, self.world.holidays_abroad)
        self.env["dunning.country.calendar"].create(
            {"country_id": self.get_abroad().id, "calendar_id": calendar.id}
        )

    def build_holidays(self, company, record):
        """A calendar of its own for a company with holidays."""
        if not company.holidays:
            return
        calendar = self.case.calendar.with_env(self.env).copy()
        record.resource_calendar_id = calendar
        self.create_leaves(calendar, company.holidays, company_id=record.id)

    def create_leaves(self, calendar, days, **values):
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Holiday",
                    "calendar_id": calendar.id,
                    "date_from": f"{holiday} 00:00:00",
                    "date_to": f"{holiday} 23:59:59",
                    **values,
                }
                for holiday in days
            ]
        )

    def build_customers(self):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": customer.name,
                    "is_company": True,
                    "email": f"customer{number}@example.com",
                    "phone": "+33 1 02 03 04 05",
                    "dunning_insolvent_since": customer.insolvent_since,
                    "dunning_size": customer.size,
                    "country_id": self.get_country(customer).id,
                    "child_ids": [Command.create({"name": "Accounts payable"})],
                }
                for number, customer in enumerate(self.world.customers)
            ]
        )
        self.register(self.world.customers, partners)
        for customer, partner in zip(self.world.customers, partners, strict=True):
            for company, record in self.companies.items():
                values = self.customer_values(customer, company)
                if values:
                    partner.with_company(record).write(values)

    def get_country(self, customer):
        return self.get_abroad() if customer.is_abroad else self.get_home()

    def get_home(self):
        return self.companies[self.world.companies[0]].account_fiscal_country_id

    def get_abroad(self):
        return self.env.ref("base.be") - self.get_home() or self.env.ref("base.de")

    def build_handovers(self):
        """Hand customers over, seen from a day on which all of it has happened."""
        values_list = [
            {
                "partner_id": customer.id,
                "company_id": self.companies[company].id,
                "agent_id": self.companies[company].partner_id.id,
                "date": start,
                "taken_back_date": end,
            }
            for customer in self.world.customers
            for company, (start, end) in customer.handovers.items()
        ]
        with freeze_time(self.day + timedelta(days=30)):
            self.env["dunning.handover"].create(values_list)

    def customer_values(self, customer, company):
        values = {}
        if company in customer.scenarios:
            scenario = customer.scenarios[company]
            values["dunning_scenario_id"] = self.get_id(scenario)
        if company in customer.segments:
            values["dunning_segment_id"] = self.get_segment(customer.segments[company])
        if company in customer.stops:
            values["dunning_is_stopped"] = True
            values["dunning_stop_until"] = customer.stops[company]
        if company in customer.payment_methods:
            method = self.get_method(company, customer.payment_methods[company])
            values["property_inbound_payment_method_line_id"] = method
        return values

    def get_segment(self, segment):
        if segment not in self.records:
            scenario = self.get(segment.scenario)
            self.records[segment] = self.env["dunning.segment"].create(
                {
                    "name": "Segment",
                    "code": f"segment_{segment.id}",
                    "scenario_id": scenario.id,
                }
            )
        return self.records[segment].id

    def get_method(self, company, method):
        if not method:
            return False
        lines = self.bank_journal(company).inbound_payment_method_line_ids
        is_manual = method == "manual"
        wanted = lines.filtered(lambda line: (line.code == "manual") == is_manual)
        return wanted[0].id

    # -- Ledger -----------------------------------------------------------------

    def build_ledger(self):
        """Invoices, credits, settlements and bank entries, posted all at once."""
        claims = defaultdict(list)
        for claim in self.world.claims:
            claims[claim.entry].append(claim)
        settlements = self.group_settlements()
        values = [self.entry_values(entry, claims[entry]) for entry in claims]
        values += [self.offset_values(offset) for offset in self.world.offsets]
        values += [
            self.settlement_values(*key, parts) for key, parts in settlements.items()
        ]
        values += self.bank_entry_values()
        values += [self.revaluation_values(r) for r in self.world.revaluations]
        moves = iter(self.create_moves(values))
        for entry in claims:
            self.adopt(entry, next(moves), claims[entry])
        for offset in self.world.offsets:
            self.register([offset], self.receivables(next(moves)))
        self.settle([(parts, next(moves)) for parts in settlements.values()])

    def adopt(self, entry, move, claims):
        """Tie an entry and its items to what they stand for."""
        entry.id = move.id
        self.moves[entry] = move
        self.register(claims, self.receivables(move))
        if entry.status == "blocked":
            move.payment_state = "blocked"
        for claim in claims:
            item = self.get(claim)
            assert (item.date_maturity or item.date) == claim.due_date
            assert item.no_followup == claim.no_followup

    def entry_values(self, entry, claims):
        partner = self.get(claims[0].customer)
        items = [
            {
                "date_maturity": claim.maturity,
                "no_followup": claim.no_followup,
                "dunning_cycle": claim.cycle,
                "dunning_counted_from": claim.counted_from,
                "dunning_is_taken_in": claim.is_taken_in,
                "dunning_collection_failed_date": claim.failed_on,
                **self.item_values(partner, claim.amount, entry.is_foreign),
            }
            for claim in claims
        ]
        values = {
            "ref": claims[0].label,
            "dunning_scenario_id": self.get_id(entry.scenario),
        }
        if not entry.is_invoice:
            journal = (
                "default_journal_bank" if entry.is_bank else "default_journal_misc"
            )
            return self.move_values(entry.company, journal, entry.date, items, **values)
        values["preferred_payment_method_line_id"] = self.get_method(
            entry.company, entry.payment_method
        )
        return self.invoice_values(
            entry.company, "out_invoice", entry.date, partner, items, **values
        )

    def offset_values(self, offset):
        partner = self.get(offset.customer)
        items = [
            {
                "no_followup": offset.no_followup,
                **self.item_values(partner, -offset.amount),
            }
        ]
        if offset.is_payment:
            journal = "default_journal_bank"
            return self.move_values(offset.company, journal, offset.date, items)
        return self.invoice_values(
            offset.company, "out_refund", offset.date, partner, items
        )

    def group_settlements(self):
        """Return what settled the claims: credit notes one by one, the rest by day."""
        groups = defaultdict(list)
        for claim in self.world.claims:
            for day, kind, amount in claim.settlements:
                owner = claim if kind == "credit_note" else None
                groups[claim.company, kind, day, owner].append((claim, amount))
        return groups

    def settle(self, settlements):
        """Reconcile the claims with what settled them."""
        plan = {claim: self.get(claim) for claim in self.world.claims}
        for parts, move in settlements:
            items = self.receivables(move)
            for (claim, _amount), item in zip(parts, items, strict=True):
                plan[claim] += item
        matches = [items for items in plan.values() if len(items) > 1]
        Item = self.env["account.move.line"].with_context(skip_invoice_sync=True)
        Item._reconcile_plan(matches)
        for claim in self.world.claims:
            residual = self.get(claim).amount_residual
            assert residual == float(claim.residual), f"{residual} of {claim}"

    def settlement_values(self, company, kind, day, owner, parts):
        """A credit note of one claim, or an entry that settles several."""
        items = [
            self.item_values(self.get(claim.customer), -amount, claim.entry.is_foreign)
            for claim, amount in parts
        ]
        if owner:
            partner = self.get(owner.customer)
            return self.invoice_values(company, "out_refund", day, partner, items)
        is_bank = kind in ("payment", "transfer")
        journal = "default_journal_bank" if is_bank else "default_journal_misc"
        account = None
        if kind == "transfer":  # no money in a bank's entry
            account = self.data(company)["default_account_revenue"]
        return self.move_values(company, journal, day, items, account)

    def revaluation_values(self, revaluation):
        """An entry with no amount in its currency."""
        item = {
            "partner_id": self.get(revaluation.customer).id,
            "balance": float(revaluation.amount),
            "currency_id": self.case.foreign_currency.id,
            "amount_currency": 0.0,
            "no_followup": False,
        }
        return self.move_values(
            revaluation.company, "default_journal_misc", revaluation.date, [item]
        )

    def bank_entry_values(self):
        """A bank entry without customer on the newest day of each company."""
        values_list = []
        for company in self.world.companies:
            if day := company.newest_bank_entry:
                account = self.data(company)["default_account_revenue"]
                items = [{"account_id": account.id, "balance": -1.0}]
                values_list.append(
                    self.move_values(company, "default_journal_bank", day, items)
                )
        return values_list

    # -- Journals and entries ---------------------------------------------------

    def data(self, company):
        """A branch uses the journals and accounts of its parent."""
        is_stranger = company.name == "stranger"
        return self.case.stranger_data if is_stranger else self.case.company_data

    def bank_journal(self, company):
        return self.data(company)["default_journal_bank"].with_env(self.env)

    def create_moves(self, values_list):
        """Post entries whose lines are all given: nothing is left to be derived."""
        Move = self.env["account.move"].with_context(skip_invoice_sync=True)
        moves = Move.create(values_list)
        moves.action_post()
        return moves.with_env(self.env)

    def receivables(self, move):
        """The receivable items in the order in which they were given."""
        return move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        ).sorted("id")

    def item_values(self, partner, amount, is_foreign=False):
        """A receivable item; negative in the customer's favour."""
        values = {"partner_id": partner.id, "balance": float(amount)}
        if is_foreign:
            values["currency_id"] = self.case.foreign_currency.id
            values["amount_currency"] = float(amount) * RATE
        return values

    def move_values(self, company, journal, day, items, account=None, **values):
        """An entry of these items against an account: the bank's, or of income."""
        data = self.data(company)
        is_bank = journal == "default_journal_bank" and not account
        account = account or data["default_account_revenue"]
        if is_bank:
            account = self.bank_journal(company).default_account_id
        total = sum(item["balance"] for item in items)
        lines = [
            {"account_id": data["default_account_receivable"].id, **item}
            for item in items
        ]
        lines.append({"account_id": account.id, "balance": -total})
        return {
            "move_type": "entry",
            "company_id": self.companies[company].id,
            "journal_id": data[journal].id,
            "date": day,
            "line_ids": [Command.create(line) for line in lines],
            **values,
        }

    def invoice_values(self, company, move_type, day, partner, items, **values):
        """A customer invoice or credit note whose instalments are these items."""
        data = self.data(company)
        account = data["default_account_receivable"]
        currency = {"currency_id": items[0].get("currency_id")}
        if not currency["currency_id"]:
            currency = {}
        totals = {
            name: -sum(item[name] for item in items)
            for name in ("balance", "amount_currency")
            if name in items[0]
        }
        work = {
            "display_type": "product",
            "name": "Work",
            "account_id": data["default_account_revenue"].id,
            "price_unit": abs(totals.get("amount_currency", totals["balance"])),
            "tax_ids": [],
            **totals,
            **currency,
        }
        terms = [
            {"display_type": "payment_term", "account_id": account.id, **item}
            for item in items
        ]
        return {
            "move_type": move_type,
            "company_id": self.companies[company].id,
            "journal_id": data["default_journal_sale"].id,
            "partner_id": partner.child_ids.id,
            "invoice_date": day,
            "date": day,
            "line_ids": [Command.create(line) for line in (work, *terms)],
            **currency,
            **values,
        }

    def build_payments_in_process(self):
        """Payments that wait for the bank and have no entry yet."""
        for payment in self.world.payments:
            moves = self.env["account.move"].union(
                *(self.moves[entry] for entry in payment.entries)
            )
            is_foreign = payment.entries and all(e.is_foreign for e in payment.entries)
            values = {
                "payment_type": "inbound" if payment.is_inbound else "outbound",
                "partner_type": "customer",
                "partner_id": self.get_id(payment.customer),
                "amount": float(payment.amount * (RATE if is_foreign else 1)),
                "date": self.day,
                "journal_id": self.bank_journal(payment.company).id,
                "company_id": self.companies[payment.company].id,
                "payment_method_line_id": self.get_payment_line(payment).id,
                "invoice_ids": [Command.set(moves.ids)],
            }
            if is_foreign:
                values["currency_id"] = self.case.foreign_currency.id
            record = self.in_company(payment.company, "account.payment").create(values)
            record.action_post()
            assert not record.move_id
            assert record.state == "in_process"
            self.register([payment], record)

    def get_payment_line(self, payment):
        journal = self.bank_journal(payment.company)
        lines = journal.inbound_payment_method_line_ids
        if not payment.is_inbound:
            lines = journal.outbound_payment_method_line_ids
        return lines.filtered(lambda line: line.code == "manual")[:1]

    def hold_rows(self):
        """Return the rows that the hook of the holds gives."""
        return [
            (
                self.get_id(hold.claim),
                "promise",
                hold.amount and float(hold.amount),
                hold.until,
            )
            for hold in self.world.holds
        ]

    # -- History ------------------------------------------------------------------

    def build_history(self):
        oracles = {
            company: Oracle(self.world, company, self.day) for company in self.companies
        }
        actions = self.env["dunning.action"].create(
            [self.action_values(action) for action in self.world.actions]
        )
        self.register(self.world.actions, actions)
        lines = [line for action in self.world.actions for line in action.lines]
        records = self.env["dunning.action.line"].create(
            [
                self.line_values(action, line, oracles[action.company])
                for action in self.world.actions
                for line in action.lines
            ]
        )
        self.register(lines, records)

    def action_values(self, action):
        top = None
        if action.lines:
            top = max((line.step for line in action.lines), key=_place)
        return {
            "company_id": self.companies[action.company].id,
            "partner_id": self.get_id(action.customer),
            "scenario_id": self.get_id(action.scenario),
            "step_id": self.get_id(top),
            "kind": action.kind,
            "channel": "phone",
            "mode": action.mode,
            "state": action.state,
            "is_ticked": action.is_ticked,
            "planned_date": action.planned_date,
            "performed_date": action.performed_date,
            "reply_date": action.replied_on,
            "satisfaction": action.dissatisfied_on and 2,
            "satisfaction_date": action.dissatisfied_on,
            "satisfaction_settled_date": action.is_settled and self.day,
            "origin": "planner" if action.lines else "manual",
        }

    def line_values(self, action, line, oracle):
        claim, step = line.claim, line.step
        trigger = self.day
        if step.kind != "thanks":
            trigger = oracle.trigger(claim, step, oracle.played(claim))
        item = self.get(claim)
        return {
            "action_id": self.get_id(action),
            "company_id": self.companies[action.company].id,
            "partner_id": self.get_id(claim.customer),
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "scenario_id": self.get_id(step.scenario),
            "step_id": self.get_id(step),
            "step_code": step.code,
            "kind": step.kind,
            "cycle": line.cycle,
            "state": line.state,
            "trigger_date": trigger,
            "performed_date": line.performed_date,
            "arrival_date": line.arrival_date,
            "postponed_until": line.postponed_until,
            "due_date": claim.due_date,
        }

    def number_claims(self):
        """Order the claims as the ledger does."""
        self.world.claims.sort(key=lambda claim: claim.id)


def _place(step):
    return step.sequence, step.id
