from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import day
from .test_attack_journals import AttackCommon

OWNED = (
    "dunning.scenario",
    "dunning.segment",
    "dunning.dispute.reason",
    "dunning.team",
)


@tagged("post_install", "-at_install")
class TestAttackSetUp(AttackCommon):
    """Marion, collection manager of Azur, at what Abroad SA plays.

    Abroad SA   switched on; Chloé collects there and there only
    Gaspard     manager of all companies
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad.dunning_is_live = True
        cls.everybody = cls.env["res.company"].sudo().search([])
        cls.chloe, cls.gaspard = (
            new_test_user(
                cls.env,
                login=login,
                groups=f"account_dunning_scenario.dunning_group_{role}",
                company_id=companies[0].id,
                company_ids=[Command.set(companies.ids)],
            )
            for login, role, companies in (
                ("chloe", "collector", cls.abroad),
                ("gaspard", "manager", cls.company | cls.everybody),
            )
        )
        env = cls.env(su=True)
        cls.segment = env["dunning.segment"].create({"name": "Shops", "code": "shops"})
        cls.team = env["dunning.team"].create({"name": "Quality"})
        cls.reason = env["dunning.dispute.reason"].create({"name": "Broken"})
        cls.shared = (cls.scenario, cls.segment, cls.reason, cls.team)
        cls.owner = {"company_id": cls.company.id}

    def _create_own(self, model, **values):
        if model == "dunning.segment":
            values["code"] = "own"
        return (
            self.env[model]
            .with_user(self.manager)
            .create({"name": "Own", **self.owner, **values})
        )

    def _get_tables(self):
        """Return a record of each model that is shared, and never a company's."""
        names = [
            name
            for name, model in sorted(self.env.registry.items())
            if name.startswith("dunning.")
            and not model._abstract
            and hasattr(model, "_get_uses")
            and "company_id" not in model._fields
        ]
        tables = [self.env[name] for name in names]
        return [
            table.search([], limit=1) or table.create(self._get_values(table._name))
            for table in tables
        ]

    def _get_values(self, name):
        self.assertEqual(name, "dunning.country.calendar")
        calendar = self.env["resource.calendar"].create(
            {"name": "Spain", "company_id": False}
        )
        return {
            "country_id": self.env.ref("base.es").id,
            "calendar_id": calendar.id,
        }

    def assertRefused(self, function, error=AccessError):
        with self.assertRaises(error) as refused, self.env.cr.savepoint():
            function()
        self.env.invalidate_all()
        return str(refused.exception)

    # ---- what is shared --------------------------------------------------------------

    def test_nobody_takes_what_all_share(self):
        for record in self.shared:
            mine = record.with_user(self.manager)
            for values in (self.owner, {"active": False}, {"name": "Mine"}):
                with self.subTest(record._name, **values):
                    words = self.assertRefused(lambda m=mine, v=values: m.write(v))
                    self.assertIn(self.abroad.name, words)
                    self.assertIn("Duplicate it", words)
            with self.subTest(record._name):
                self.assertRefused(mine.unlink)
            self.assertTrue(record.with_user(self.chloe).name)

    def test_steps_of_shared_scenario_stay(self):
        step = self.scenario.step_ids[0].with_user(self.manager)
        for values in (
            {"is_enabled": False},
            {"domain": "[('id', '=', 0)]"},
            {"email_from": "marion@azur.example"},
            {"active": False},
        ):
            with self.subTest(**values):
                self.assertRefused(lambda v=values: step.write(v))
                edit = [Command.update(step.id, values)]
                scenario = self.scenario.with_user(self.manager)
                self.assertRefused(lambda s=scenario, e=edit: s.write({"step_ids": e}))
        self.assertRefused(step.unlink)
        self.assertRefused(lambda: step.copy({"code": "more"}))

    def test_rules_of_shared_teams_stay(self):
        rule = self.env["dunning.team.rule"].sudo().create({"team_id": self.team.id})
        rules = rule.with_user(self.manager)
        self.assertRefused(lambda: rules.write({"amount_from": 1}))
        self.assertRefused(rules.unlink)
        self.assertRefused(lambda: rules.create({"team_id": self.team.id}))

    def test_what_counts_for_all_stays(self):
        """Rates, indemnities, rules, limitations, delays, words, holidays, guidance."""
        tables = self._get_tables()
        self.assertEqual(len(tables), 8)
        for record in tables:
            with self.subTest(record._name):
                mine = record.with_user(self.manager)
                mine.check_access("read")
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(mine.has_access(operation))
                words = self.assertRefused(lambda m=mine: m.write({"id": m.id}))
                self.assertIn(self.abroad.name, words)
                self.assertRefused(mine.unlink)

    def test_everything_with_or_without_company_is_kept(self):
        """Whatever manager's table may be shared: it is one of those looked at."""
        manager = self.env.ref("account_dunning_scenario.dunning_group_manager")
        rights = self.env["ir.model.access"].sudo()
        written = rights.search(
            [("group_id", "=", manager.id), ("perm_write", "=", True)]
        ).model_id.mapped("model")
        for name in written:
            model = self.env[name]
            field = model._fields.get("company_id")
            if model._transient or (field and (field.required or field.related)):
                continue
            if name in ("dunning.nonpayment", "dunning.provider.field"):
                continue  # of a customer's payment, of a company's provider
            with self.subTest(name):
                self.assertTrue(hasattr(model, "_get_uses"))

    def test_what_names_a_shared_record_is_its_use(self):
        """A record of a company's that names what is shared: a use of it, or a part."""
        parts = {
            ("dunning.step", "scenario_id"),
            ("dunning.team.rule", "team_id"),
            # Of a step and of a channel nobody but those of all companies decides.
            ("dunning.step", "anchor_step_id"),
            ("dunning.action", "step_id"),
            ("dunning.action.line", "step_id"),
            ("dunning.segment", "refused_channel_ids"),
            ("res.partner", "dunning_refused_channel_ids"),
        }
        named, used = set(), set()
        shared = self.env.registry["dunning.shared.mixin"]
        for name, model in self.env.registry.items():
            if issubclass(model, shared) and not model._abstract:
                used |= set(self.env[name]._get_uses())
            if model._abstract or model._transient or not model._auto:
                continue
            named |= {
                (name, field.name)
                for field in model._fields.values()
                if field.type in ("many2one", "many2many")
                and (field.store or field.company_dependent)
                and issubclass(self.env.registry[field.comodel_name], shared)
            }
        self.assertEqual(named - parts, used)

    def _give_text(self, model, owner):
        """Return a text of a user's, as Odoo lets them write it."""
        values = {
            "name": "Ours",
            "model_id": self.env["ir.model"]._get_id("dunning.action"),
        }
        if model == "sms.template":
            values["body"] = "Pay"
        text = self.env[model].sudo().create(values)
        if model == "mail.template":
            text.user_id = owner
        return text

    def test_texts_of_shared_steps_stay(self):
        """Marion edits texts; those that Abroad SA sends, too, are not hers."""
        editor = self.env.ref("mail.group_mail_template_editor")
        system = self.env.ref("base.group_system")
        step = self.scenario.step_ids[0]
        for model, name, group in (
            ("mail.template", "mail_template_id", editor),
            ("mail.template", "letter_template_id", self.env["res.groups"]),
            ("sms.template", "sms_template_id", system),
        ):
            self.manager.sudo().group_ids |= group
            text = self._give_text(model, self.manager)
            mine = text.with_user(self.manager)
            mine.name = "Before a step sends it"
            step.sudo()[name] = text
            body = "body" if model == "sms.template" else "body_html"
            for values in ({"name": "Mine"}, {body: "<p>Pay me</p>"}):
                with self.subTest(name, **values):
                    words = self.assertRefused(lambda m=mine, v=values: m.write(v))
                    self.assertIn(self.abroad.name, words)
                    self.assertIn("Duplicate it", words)
            with self.subTest(name):
                self.assertRefused(mine.unlink)
                texts = {self.env.lang or "en_US": {"Before": "After"}}
                self.assertRefused(
                    lambda m=mine, b=body, t=texts: m.update_field_translations(b, t)
                )
            mine.copy({"name": "A copy"}).with_user(
                self.manager
            ).name = "A copy of mine"
            step.sudo()[name] = False
            mine.name = "No step sends it"

    def test_files_of_shared_texts_stay(self):
        """Nor does what is attached to the text change."""
        self.manager.sudo().group_ids |= self.env.ref("mail.group_mail_template_editor")
        text = self._give_text("mail.template", self.manager)
        self.scenario.step_ids[0].sudo().mail_template_id = text
        file = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "terms.txt",
                    "raw": b"Terms",
                    "res_model": text._name,
                    "res_id": text.id,
                }
            )
        )
        text.attachment_ids = file
        self.assertRefused(lambda: file.with_user(self.manager).write({"raw": b"Mine"}))

    def test_texts_of_another_company_stay(self):
        """One scenario of Abroad SA sends it, nobody else."""
        self.manager.sudo().group_ids |= self.env.ref("mail.group_mail_template_editor")
        scenario = self.scenario.sudo().copy({"company_id": self.abroad.id})
        text = self._give_text("mail.template", self.manager)
        scenario.step_ids[0].mail_template_id = text
        mine = text.with_user(self.manager)
        self.assertRefused(lambda: mine.write({"name": "Mine"}))
        scenario.company_id = self.company
        mine.name = "Ours"

    # ---- what one makes instead ------------------------------------------------------

    def test_copies_and_new_ones_are_ones_own(self):
        for record in self.shared:
            with self.subTest(record._name):
                copied = record.with_user(self.manager).copy()
                self.assertEqual(copied.company_id, self.company)
                copied.name = "Ours"
        copied = self.scenario.with_user(self.manager).copy()
        copied.step_ids[0].is_enabled = False
        new = self.env["dunning.segment"].with_user(self.manager)
        self.assertEqual(
            new.create({"name": "New", "code": "new"}).company_id, self.company
        )
        values = {"name": "New", "code": "all", "company_id": False}
        self.assertRefused(lambda: new.create(values))

    def test_who_works_in_all_companies_sets_up_for_all(self):
        step = self.scenario.step_ids[0].with_user(self.gaspard)
        step.is_enabled = False
        self.reason.with_user(self.gaspard).name = "Damaged"
        new = self.env["dunning.team"].with_user(self.gaspard).create({"name": "All"})
        self.assertFalse(new.company_id or new.copy().company_id)
        for record in self._get_tables():
            with self.subTest(record._name):
                self.assertTrue(record.with_user(self.gaspard).has_access("write"))

    def test_companies_that_are_not_switched_on_hold_up_nobody(self):
        self.everybody.filtered(lambda c: c != self.company).dunning_is_live = False
        self.abroad.dunning_scenario_id = False
        for record in self.shared:
            with self.subTest(record._name):
                self.assertTrue(record.with_user(self.manager).has_access("write"))
        self.segment.with_user(self.manager).write(self.owner)
        self.assertEqual(self.segment.company_id, self.company)

    def test_branch_with_its_parents_set_up_holds_up_nobody(self):
        self.everybody.filtered(lambda c: c != self.company).dunning_is_live = False
        branch = self._create_company(name="South", parent_id=self.company.id)
        branch.dunning_is_live = True
        self.assertTrue(self.segment.with_user(self.manager).has_access("write"))
        branch.dunning_is_own_setup = True
        self.assertFalse(self.segment.with_user(self.manager).has_access("write"))

    # ---- what a company uses ---------------------------------------------------------

    def test_what_others_use_is_not_given_away(self):
        """Gaspard works everywhere; what Abroad SA uses is not Azur's all the same."""
        self.abroad.dunning_scenario_id = False
        customer = self.customer.sudo().with_company(self.abroad)
        dispute_values = {
            "partner_id": self.customer.id,
            "company_id": self.abroad.id,
            "reason_id": self.reason.id,
            "team_id": self.team.id,
        }
        scenario = self.env["dunning.scenario"].sudo().create({"name": "Calls"})
        uses = [
            (scenario, self.abroad, {"dunning_scenario_id": scenario.id}),
            (scenario, customer, {"dunning_scenario_id": scenario.id}),
            (self.segment, customer, {"dunning_segment_id": self.segment.id}),
        ]
        for record, user, values in uses:
            with self.subTest(record._name, user=user._name):
                user.sudo().write(values)
                words = self.assertRefused(
                    lambda r=record: r.with_user(self.gaspard).write(self.owner),
                    ValidationError,
                )
                self.assertIn(self.abroad.name, words)
                user.sudo().write(dict.fromkeys(values, False))
        self.segment.scenario_id = scenario
        customer.dunning_segment_id = self.segment
        self.assertRefused(
            lambda: scenario.with_user(self.gaspard).write(self.owner), ValidationError
        )
        self.env["dunning.dispute"].sudo().create(dispute_values)
        for record in (self.reason, self.team):
            with self.subTest(record._name):
                self.assertRefused(
                    lambda r=record: r.with_user(self.gaspard).write(self.owner),
                    ValidationError,
                )

    def test_what_a_branch_uses_is_not_archived_over_its_head(self):
        branch = self._create_company(name="South", parent_id=self.company.id)
        own = {model: self._create_own(model) for model in OWNED}
        scenario, segment, reason, team = (own[model] for model in OWNED)
        scenario.sudo().copy({"name": "Unused"})
        branch.dunning_scenario_id = scenario
        self.customer.sudo().with_company(branch).dunning_segment_id = segment
        for record in (scenario, segment):
            with self.subTest(record._name):
                words = self.assertRefused(
                    lambda r=record: r.write({"active": False}), ValidationError
                )
                self.assertIn("South", words)
                self.assertRefused(record.unlink, ValidationError)
        self.manager.company_ids |= branch
        for record in (scenario, segment, reason, team):
            record.active = False
        self.assertFalse(segment.active)

    def test_ones_own_is_ones_own(self):
        """What only one's own company uses is archived and deleted as before."""
        claim = self._create_claim(day("02-20"), 50)
        for model in OWNED:
            own = self._create_own(model)
            if model == "dunning.scenario":
                claim.move_id.sudo().dunning_scenario_id = own
            with self.subTest(model):
                own.active = False
                own.active = True
            claim.move_id.sudo().dunning_scenario_id = False
            own.unlink()
            self.assertFalse(own.exists())
