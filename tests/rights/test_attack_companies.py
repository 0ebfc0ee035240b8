from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import day
from .test_attack_journals import AttackCommon


@tagged("post_install", "-at_install")
class TestAttackCompanies(AttackCommon):
    """A collection manager of Azur tries to set up Abroad SA, where she does not work.

    Azur South   a branch of Azur; its manager and collectors are others
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_company(name="Azur South", parent_id=cls.company.id)
        cls.hidden = (
            cls.env["dunning.action"]
            .sudo()
            .create(
                {
                    "company_id": cls.abroad.id,
                    "partner_id": cls._create_customer("Secret Customer").id,
                    "channel": "phone",
                }
            )
        )

    def _switch_off(self, user, company):
        golive = self.env["dunning.golive"].with_user(user)
        return golive.create({"company_id": company.id}).action_switch_off()

    def test_nobody_sets_up_a_company_where_they_do_not_work(self):
        self.abroad.dunning_is_live = True
        with self.assertRaises(AccessError):
            self._switch_off(self.manager, self.abroad)
        own = self.env["dunning.golive"].with_user(self.manager).create({})
        for values in (
            {"company_id": self.abroad.id},
            {"company_id": self.abroad.id, "scenario_id": self.scenario.id},
            {"company_id": self.abroad.id, "collector_id": self.manager.id},
            {"company_id": self.abroad.id, "start_date": day("01-01")},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                own.write(values)
            own.invalidate_recordset()
        self.assertTrue(self.abroad.dunning_is_live)
        self.assertFalse(self.abroad.dunning_go_live_date)

    def test_company_has_to_be_switched_on_too(self):
        """Of two companies of one's own, only the one chosen at the top is meant."""
        self.manager.company_ids |= self.abroad
        both = (self.company | self.abroad).ids
        own = self.env["dunning.golive"].with_user(self.manager)
        one = own.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            one.create({"company_id": self.abroad.id})
        two = own.with_context(allowed_company_ids=both)
        self.assertTrue(two.create({"company_id": self.abroad.id}).action_switch_off())

    def test_golive_made_before_is_checked_again(self):
        self.manager.company_ids |= self.abroad
        golive = self.env["dunning.golive"].with_user(self.manager)
        both = (self.company | self.abroad).ids
        made = golive.with_context(allowed_company_ids=both).create(
            {"company_id": self.abroad.id}
        )
        self.manager.company_ids -= self.abroad
        made = golive.browse(made.id)
        with self.assertRaises(AccessError):
            made.action_switch_off()
        with self.assertRaises(AccessError):
            made.start_date = day("01-01")

    def test_every_dialog_asks_for_ones_own_companies(self):
        """Whatever dialog has a company: it is one of the user's."""
        models = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("dunning.")
            and model._transient
            and "company_id" in model._fields
            and model._fields["company_id"].store
        ]
        self.assertIn("dunning.golive.intake", models)
        for name in models:
            wizard = self.env[name].with_user(self.manager)
            values = {
                "company_id": self.abroad.id,
                "partner_id": self.customer.id,
                "scenario_id": self.scenario.id,
                "file": b"e30=",
            }
            values = {key: values[key] for key in values if key in wizard._fields}
            with self.subTest(name), self.assertRaises(AccessError):
                with self.env.cr.savepoint():
                    wizard.create(
                        {**wizard.default_get(list(wizard._fields)), **values}
                    )

    def test_every_dialog_of_ours_is_guarded(self):
        for name, model in self.env.registry.items():
            if name.startswith("dunning.") and model._transient and model._auto:
                known = name == "dunning.golive.step"
                with self.subTest(name):
                    self.assertTrue(known or hasattr(model, "_check_shown"))

    def test_dialog_shows_no_names_of_others(self):
        """Anybody may open the dialog of a customer's answer; it tells no name of a
        record that they may not read."""
        entries = self.env["dunning.entry"].with_user(self.paul)
        foreign = self._create_claim(day("02-20"), 300, self.borel)
        secret = self.claim.move_id.message_post(body="They are broke")
        for values in (
            {"action_id": self.hidden.id},
            {"action_id": self.hidden.id, "partner_id": self.hidden.partner_id.id},
            {"message_id": secret.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                with self.env.cr.savepoint():
                    entries.create({"partner_id": self.customer.id, **values})
            defaults = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(defaults), self.assertRaises(AccessError):
                entries.with_context(**defaults).default_get(list(values))
        lines = [Command.create({"move_line_id": foreign.id})]
        entry = entries.create({"partner_id": self.customer.id, "line_ids": lines})
        self.assertFalse(entry.line_ids.move_line_id or entry.line_ids.name)

    def test_salesperson_notes_about_their_own_customers(self):
        entry = (
            self.env["dunning.entry"]
            .with_user(self.sarah)
            .create({"partner_id": self.customer.id, "channel": "phone"})
        )
        self.assertEqual(entry.line_ids.mapped("name"), [self.claim.move_id.name])
        entry.line_ids = [Command.create({"move_line_id": self.other_claim.id})]
        self.assertEqual(entry.line_ids.move_line_id, self.claim)

    def test_contact_of_somebody_else_is_no_subject(self):
        call = (
            self.env["dunning.action"]
            .sudo()
            .create({"partner_id": self.borel.id, "channel": "phone", "state": "done"})
        )
        entry = (
            self.env["dunning.entry"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": self.customer.id,
                    "action_id": call.id,
                    "note": "They pay",
                }
            )
        )
        with self.assertRaises(AccessError):
            entry.action_save()
        self.assertFalse(call.outcome)

    def test_set_up_of_one_company_becomes_no_others(self):
        """Every model of the set-up that has a company keeps it; what is shared may be
        given to one of one's own by who works wherever the follow-up is on."""
        self.abroad.dunning_is_live = False
        self.manager.company_ids |= self.branch
        mine = self.env["dunning.segment"].with_user(self.manager)
        mine = mine.with_context(allowed_company_ids=(self.company | self.branch).ids)
        own = mine.create(
            {"name": "Schools", "code": "own", "company_id": self.company.id}
        )
        shared = mine.create({"name": "Others", "code": "all", "company_id": False})
        for company in (self.branch, self.abroad, self.company.browse()):
            with self.subTest(company.name), self.assertRaises(UserError):
                own.company_id = company
            own.invalidate_recordset()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            shared.company_id = self.abroad
        shared.invalidate_recordset()
        shared.company_id = self.company
        self.assertEqual(own.company_id | shared.company_id, self.company)

    def test_every_record_with_a_company_is_guarded(self):
        """A model of ours that has a company, or keeps history, is guarded."""
        for name, model in self.env.registry.items():
            if (
                name.startswith("dunning.")
                and model._auto
                and not model._abstract
                and not model._transient
                and "company_id" in model._fields
            ):
                with self.subTest(name):
                    self.assertTrue(hasattr(model, "_holds_journal"))

    def test_figures_of_the_glance_are_of_ones_own_companies(self):
        """Azur owes 100 here, and to the branch: shown to who works there."""
        glance = self.env["dunning.glance"].with_user(self.collector)
        balance = glance._get(self.customer.with_user(self.collector))["balance"]
        self.assertEqual((balance["overdue"], balance["total"]), (100, 100))
        self.assertFalse(balance["note"])
        self._owe_to_branch(400)
        balance = glance._get(self.customer.with_user(self.collector))["balance"]
        self.assertEqual((balance["overdue"], balance["total"]), (100, 100))
        self.assertIn("companies that you do not see", balance["note"])
        self.collector.company_ids |= self.branch
        both = (self.company | self.branch).ids
        seen = self.customer.with_user(self.collector)
        seen = seen.with_context(allowed_company_ids=both)
        balance = seen.env["dunning.glance"]._get(seen)["balance"]
        self.assertEqual((balance["overdue"], balance["total"]), (500, 500))
        self.assertFalse(balance["note"])

    def test_explanation_hides_sums_of_other_companies(self):
        self._owe_to_branch(400)
        for user in (self.collector, self.accountant):
            rules = self.claim.with_user(user).env["dunning.planner"]
            (answer,) = rules._explain(self.claim.with_user(user), self.TODAY)
            values = {rule["code"]: rule["value"] for rule in answer["rules"]}
            with self.subTest(user=user.name):
                self.assertEqual((values["net"], values["minimum"]), (None, None))

    def _owe_to_branch(self, amount):
        """Post what Azur owes to the branch."""
        cls, env = type(self), self.env
        self.env.user.company_ids |= self.branch
        both = (self.company | self.branch).ids
        cls.env = env(context={**env.context, "allowed_company_ids": both})
        cls._create_claim(day("02-20"), amount, company_id=self.branch.id)
        cls.env = env
