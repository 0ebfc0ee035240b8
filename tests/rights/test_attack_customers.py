from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import day
from .test_attack_journals import REFUSED, AttackCommon

FOLLOW_UP = {
    "dunning_is_stopped": True,
    "dunning_stop_reason": "A friend of mine",
    "dunning_stop_until": day("12-31"),
    "dunning_insolvent_since": day("01-01"),
    "dunning_contact_rule": "salesperson",
    "dunning_preferred_channel": "phone",
    "dunning_legal_status": "public",
    "dunning_size": "small",
    "dunning_scenario_id": False,
}


@tagged("post_install", "-at_install")
class TestAttackCustomers(AttackCommon):
    """Who keeps contacts, or writes invoices, does not decide how customers are
    followed up: collectors do."""

    def test_secretary_keeps_contacts_and_no_more(self):
        mine = self.customer.with_user(self.secretary)
        mine.write({"phone": "+33 4 00 00 00 00", "email": "new@example.com"})
        for user in (self.secretary, self.billing):
            self.assertKept(
                self.customer,
                user,
                **FOLLOW_UP,
                dunning_collector_id=user.id,
                dunning_refused_channel_ids=[Command.clear()],
            )

    def test_form_of_others_shows_and_takes_nothing(self):
        """Billing sees how a customer is followed up, and saves the rest."""
        form = Form(self.customer.with_user(self.billing))
        with self.assertRaises(AssertionError):
            form.dunning_is_stopped = True
        form.phone = "+33 4 00 00 00 00"
        form.save()
        form = Form(self.customer.with_user(self.collector))
        form.dunning_is_stopped = True
        form.save()
        self.assertTrue(self.customer.dunning_is_stopped)
        new = Form(self.env["res.partner"].with_user(self.billing))
        new.name = "New customer"
        self.assertTrue(new.save())

    def test_collector_follows_up(self):
        mine = self.customer.with_user(self.collector)
        for name, value in FOLLOW_UP.items():
            with self.subTest(field=name):
                mine.write({name: value})
                self.assertEqual(bool(mine[name]), bool(value))

    def test_methods_alone_write_what_they_found_out(self):
        self.customer._dunning_block_orders("Committee")
        for user in (self.secretary, self.collector, self.manager):
            self.assertKept(
                self.customer,
                user,
                dunning_orders_blocked_date=False,
                dunning_orders_blocked_reason="None",
                dunning_bounced_email="a@example.com",
                dunning_returned_address="x",
                dunning_failed_fax="1",
                dunning_failed_mobile="1",
            )

    def test_orders_are_taken_again_by_collectors(self):
        self.customer._dunning_block_orders("Committee")
        for user in (self.secretary, self.billing):
            mine = self.customer.with_user(user)
            for button in (
                "action_unblock_dunning_orders",
                "action_trust_email",
                "action_trust_address",
                "action_lift_dunning_stop",
            ):
                with self.subTest(user=user.name, button=button):
                    with self.assertRaises(AccessError):
                        getattr(mine, button)()
        self.customer.with_user(self.collector).action_unblock_dunning_orders()
        self.assertFalse(self.customer.dunning_orders_blocked_date)

    def test_new_contacts_come_with_nothing_decided(self):
        Partner = self.env["res.partner"].with_user(self.secretary)
        with self.assertRaises(AccessError):
            Partner.create({"name": "Friend", "dunning_is_stopped": True})
        forged = Partner.with_context(default_dunning_is_stopped=True)
        self.assertFalse(forged.create({"name": "Friend"}).dunning_is_stopped)
        made = Partner.create({"name": "Jeanne", "dunning_legal_status": "consumer"})
        self.assertFalse(made.dunning_is_stopped)

    def test_import_of_contacts(self):
        """Contacts are imported by who keeps them, follow-up by collectors."""
        rows = [["Azur West", "True"], ["Azur East", "False"]]
        names = ["name", "dunning_is_stopped"]
        refused = self.env["res.partner"].with_user(self.secretary).load(names, rows)
        self.assertIn("ask a collector", refused["messages"][0]["message"])
        loaded = self.env["res.partner"].with_user(self.collector).load(names, rows)
        self.assertEqual(len(loaded["ids"]), 2)

    def test_what_the_customer_is_goes_to_contacts_copies_and_mergers(self):
        """Whoever keeps contacts: nothing that is decided gets lost by it."""
        self.customer.dunning_insolvent_since = day("02-01")
        self.customer.dunning_is_stopped = True
        contact = (
            self.env["res.partner"]
            .with_user(self.secretary)
            .create({"name": "Jeanne", "parent_id": self.customer.id})
        )
        self.assertTrue(contact.dunning_is_stopped)
        copied = self.customer.with_user(self.secretary).copy()
        self.assertEqual(copied.dunning_insolvent_since, day("02-01"))
        twin = self._create_customer("Azur Interior Ltd")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.with_user(self.secretary)._merge(
            (self.customer | twin).ids, twin.with_user(self.secretary)
        )
        self.assertEqual(twin.dunning_insolvent_since, day("02-01"))

    def test_copy_with_other_values_is_no_way_round(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.secretary).copy({"dunning_is_stopped": True})

    def test_commands_in_a_copy_meet_the_guards(self):
        """The secretary copies a contact, and has other records written meanwhile."""
        action = self._plan().filtered(lambda a: a.partner_id == self.customer)
        mine = self.customer.with_user(self.secretary)
        # Commands on contacts are run by whom the call came from.
        self.enterContext(
            patch.object(self.env.transaction, "default_env", mine.env(context={}))
        )
        decided = {"dunning_is_stopped": True, "dunning_insolvent_since": day("01-01")}
        for name, command in (
            ("child_ids", Command.update(self.borel.id, decided)),
            ("child_ids", Command.create({"name": "Jo", **decided})),
            ("dunning_action_ids", Command.update(action.id, {"state": "done"})),
        ):
            with self.subTest(field=name, command=command[0]):
                with self.assertRaises(REFUSED), self.env.cr.savepoint():
                    mine.copy({name: [tuple(command)]})
        self.env.invalidate_all()
        self.assertFalse(self.borel.dunning_is_stopped)
        self.assertFalse(self.borel.dunning_insolvent_since)
        self.assertNotEqual(action.state, "done")

    def test_copies_are_followed_up_like_each_contact(self):
        self.customer.dunning_insolvent_since = day("02-01")
        both = (self.customer | self.borel).with_user(self.secretary)
        insolvent, followed = both.copy()
        self.assertEqual(insolvent.dunning_insolvent_since, day("02-01"))
        self.assertFalse(followed.dunning_insolvent_since)

    def test_journal_that_is_open_for_customers_opens_no_other(self):
        """Code writes a customer; what hangs on it is guarded as ever."""
        action = self._plan().filtered(lambda a: a.partner_id == self.customer)
        mine = self.customer.with_user(self.collector)._dunning_journal()
        with self.assertRaises(REFUSED), self.env.cr.savepoint():
            mine.write(
                {"dunning_action_ids": [Command.update(action.id, {"state": "done"})]}
            )
        mine.dunning_bounced_email = "a@example.com"

    def test_own_default_values_decide_nothing(self):
        """Everybody keeps default values of their own: not of the follow-up."""
        forged = {
            "dunning_is_stopped": True,
            "dunning_insolvent_since": "2026-01-01",
            "dunning_bounced_email": "a@example.com",
        }
        for user in (self.secretary, self.billing):
            for name, value in forged.items():
                self._set_default(user, "res.partner", name, value)
            Partner = self.env["res.partner"].with_user(user)
            for model in (Partner, Partner.sudo()):
                made = model.create({"name": "Friend"}).sudo()
                for name in forged:
                    with self.subTest(user=user.name, field=name, su=model.env.su):
                        self.assertFalse(made[name])

    def test_own_default_values_of_invoices_decide_nothing(self):
        self._set_default(
            self.billing, "account.move", "dunning_scenario_id", self.scenario.id
        )
        for name, value in (
            ("dunning_cycle", 9),
            ("dunning_counted_from", "2026-12-31"),
            ("dunning_is_taken_in", True),
        ):
            self._set_default(self.billing, "account.move.line", name, value)
        keys = {
            "default_dunning_scenario_id": self.scenario.id,
            "default_dunning_cycle": 9,
        }
        Move = self.env["account.move"].with_user(self.billing)
        for model in (Move, Move.sudo(), Move.with_context(**keys)):
            move = model.create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create({"name": "Sofa", "price_unit": 100})
                    ],
                }
            )
            self.assertFalse(move.dunning_scenario_id)
            for item in move.line_ids:
                self.assertEqual(item.dunning_cycle, self.claim.dunning_cycle)
                self.assertNotEqual(item.dunning_counted_from, day("12-31"))
                self.assertFalse(item.dunning_is_taken_in)

    def test_key_of_the_context_opens_nothing(self):
        mine = self.customer.with_user(self.secretary)
        with self.assertRaises(AccessError):
            mine.with_context(dunning_journal=True).dunning_is_stopped = True

    # ---- invoices --------------------------------------------------------------------

    def test_billing_does_not_decide_how_invoices_are_followed_up(self):
        move = self.claim.move_id
        self.assertKept(move, self.billing, dunning_scenario_id=self.scenario.id)
        move.with_user(self.collector).dunning_scenario_id = self.scenario
        self.assertEqual(move.dunning_scenario_id, self.scenario)

    def test_where_an_item_stands_is_written_by_methods(self):
        for user in (self.billing, self.collector, self.manager):
            self.assertKept(
                self.claim,
                user,
                dunning_counted_from=day("12-31"),
                dunning_cycle=9,
                dunning_limitation_warned=self.TODAY,
            )
        for user in (self.billing, self.collector):
            self.assertKept(self.claim, user, dunning_is_taken_in=True)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.claim.move_id.with_user(user).write(
                    {"line_ids": [Command.update(self.claim.id, {"dunning_cycle": 9})]}
                )

    def test_billing_still_writes_invoices(self):
        """Draft, edit, post again, copy: with an invoice that is followed up."""
        self.claim.move_id.dunning_scenario_id = self.scenario
        self.claim.sudo().dunning_cycle = 2
        move = self.claim.move_id.with_user(self.billing)
        move.button_draft()
        with Form(move) as form:
            form.ref = "Corrected"
        move.action_post()
        copied = move.copy()
        self.assertFalse(copied.dunning_scenario_id)


@tagged("post_install", "-at_install")
class TestColleagues(AttackCommon):
    """Work is given to people of the company, whatever names them.

    Pierre   signs in as a customer
    Alban    works for Abroad SA only
    Lea      has left
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pierre = cls._create_user("pierre", "base.group_portal", cls.company)
        cls.alban = cls._create_user("alban", "base.group_user", cls.abroad)
        cls.lea = cls._create_user("lea", "base.group_user", cls.company)
        cls.lea.active = False
        cls.action = cls._plan()[0]
        cls.manager.sudo().group_ids |= cls.env.ref("base.group_system")

    @classmethod
    def _create_user(cls, login, group, company):
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _name(self, record, field, user):
        """Name somebody in a field, as the manager."""
        is_one = record._fields[field].type == "many2one"
        value = user.id if is_one else [Command.set(user.ids)]
        record.with_user(self.manager).write({field: value})

    def test_work_is_given_to_colleagues(self):
        team = self.env["dunning.team"].create(
            {"name": "North", "company_id": self.company.id}
        )
        rule = self.env["dunning.team.rule"].create({"team_id": team.id})
        absence = self.env["dunning.absence"].create(
            {"user_id": self.collector.id, "replacement_id": self.manager.id}
        )
        dispute = self._dispute(self.claim)
        dispute.company_id.sudo().dunning_collector_id = self.collector
        self.reason.company_id = self.scenario.company_id = self.company
        golive = self.env["dunning.golive"].with_user(self.manager).create({})
        for record, field in (
            (self.action, "collector_id"),
            (self.customer, "dunning_collector_id"),
            (self.company, "dunning_collector_id"),
            (golive, "collector_id"),
            (absence, "user_id"),
            (absence, "replacement_id"),
            (team, "manager_id"),
            (team, "member_ids"),
            (rule, "salesperson_ids"),
            (self.reason, "owner_id"),
            (self.reason, "participant_ids"),
            (dispute, "owner_id"),
            (dispute, "participant_ids"),
            (self.scenario.step_ids[0], "copy_user_ids"),
        ):
            for user in (self.pierre, self.alban, self.lea):
                if user == self.lea and record._fields[field].type == "many2many":
                    continue  # who has left is not seen there
                with (
                    self.subTest(record=record, field=field, user=user.login),
                    self.assertRaisesRegex(UserError, "not a colleague"),
                    self.env.cr.savepoint(),
                ):
                    self._name(record, field, user)
                self.env.invalidate_all()
            if record != absence:
                with self.subTest(record=record, field=field):
                    self._name(record, field, self.manager)

    def test_customer_takes_nobodys_place(self):
        for user in (self.pierre, self.alban, self.lea):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.env["dunning.absence"].with_user(self.collector).create(
                    {"replacement_id": user.id}
                )

    def test_no_promise_is_taken_by_a_customer_in_the_colleagues_name(self):
        with self.assertRaisesRegex(UserError, "not a colleague"):
            self.env["dunning.promise"].with_user(self.collector).create(
                {
                    "partner_id": self.customer.id,
                    "claim_ids": [Command.create({"move_line_id": self.claim.id})],
                    "date": day("03-10"),
                    "user_id": self.pierre.id,
                }
            )

    def test_who_has_left_stays_where_they_were_named(self):
        """The rest of a record can be changed without naming somebody else first."""
        leaving = self._create_user("loic", "base.group_user", self.company)
        self._name(self.reason, "owner_id", leaving)
        self._name(self.customer, "dunning_collector_id", leaving)
        leaving.active = False
        self._name(self.reason, "participant_ids", self.manager)
        contact = self.env["res.partner"].with_user(self.secretary)
        contact = contact.create({"name": "Jeanne", "parent_id": self.customer.id})
        self.assertTrue(self.customer.with_user(self.secretary).copy())

    def test_who_became_a_customer_is_followed_up_with_nobody(self):
        """Records of before: they name somebody whom the planner leaves out."""
        former = self._create_user("lou", "base.group_user", self.company)
        self._name(self.customer, "dunning_collector_id", former)
        former.sudo().group_ids = self.env.ref("base.group_portal")
        collector = self.customer._dunning_get_collector(self.company)
        self.assertNotEqual(collector, former)

    def test_each_field_of_a_customer_is_somebodys(self):
        """What is stored about a customer is a collector's or a method's, whatever room
        it comes from; contacts have their role and fax number from who keeps them."""
        Customer = self.env["res.partner"]
        free = {"dunning_fax", "dunning_role", "dunning_title"}
        stored = {
            name
            for name, field in Customer._fields.items()
            if name.startswith("dunning_")
            and (field.store or field.company_dependent)
            and field.type != "one2many"
        }
        guarded = Customer._get_dunning_guarded_fields()
        self.assertEqual(stored - guarded - free, set())
        self.assertLessEqual(guarded, stored)

    def test_no_field_is_forgotten(self):
        """Every field that names somebody is looked at, those to come too."""
        for model_name in self.env.registry:
            model = self.env[model_name]
            is_ours = model._name.startswith("dunning.")
            if model._abstract or model._transient or not model._auto:
                continue
            for name, field in model._fields.items():
                if field.comodel_name != "res.users" or field.related:
                    continue
                if not field.store or not (is_ours or name.startswith("dunning_")):
                    continue
                if name in ("create_uid", "write_uid", "activity_user_id"):
                    continue
                with self.subTest(model=model._name, field=name):
                    if is_ours:
                        self.assertTrue(model._is_people_field(name))
                        if name in model._recorded_people:
                            self.assertIsNotNone(model._form_fields)
                            self.assertNotIn(name, model._form_fields)
                    elif model._name == "res.company":
                        self.assertIn(name, model._get_dunning_people_fields())
                    else:
                        self.assertEqual(
                            (model._name, name), ("res.partner", "dunning_collector_id")
                        )
