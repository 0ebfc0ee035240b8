from odoo import Command
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from ...models.scenario.filters.filter_scope import FilterScope
from ...models.scenario.filters.stored_filter import search_filter, search_items
from ..common import day
from .test_attack_journals import AttackCommon

MODULE = "account_dunning_scenario"
# What a manager asks about records behind a claim: (path, true of Abroad SA's).
QUESTIONS = (
    "[('partner_id.invoice_ids.amount_total', '=', 555)]",
    "[('partner_id', 'any', [('invoice_ids.amount_total', '=', 555)])]",
    "[('partner_id.invoice_ids', 'any', [('amount_total', '=', 555)])]",
    "[('partner_id.invoice_ids', 'ilike', '%(name)s')]",
    "[('partner_id.invoice_ids', '=', '%(name)s')]",
    "[('partner_id.invoice_ids', 'in', ['%(name)s', 'None'])]",
    "[('partner_id.invoice_ids', 'in', [%(id)s])]",
    "['!', ('partner_id.invoice_ids', 'not any', [('amount_total', '=', 555)])]",
    "['!', ('partner_id.invoice_ids', 'not in', [%(id)s])]",
    "['!', ('partner_id.invoice_ids', '!=', '%(name)s')]",
    "['!', ('partner_id.invoice_ids', 'not ilike', '%(name)s')]",
    "[('move_id.partner_id.commercial_partner_id.invoice_ids.id', '=', %(id)s)]",
)


@tagged("post_install", "-at_install")
class TestAttackFilters(AttackCommon):
    """Marion, manager of Azur only, lets filters answer questions: what is planned or
    given to a team tells what she may not read.

    Azur Interior   has an invoice of 555 in Abroad SA, too
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()
        cls.abroad = cls.other["company"]
        cls.abroad.dunning_is_live = False
        cls.invoice = (
            cls.env["account.move"]
            .sudo()
            .with_company(cls.abroad)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_date": day("02-20"),
                    "journal_id": cls.other["default_journal_sale"].id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Work", "price_unit": 555, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        cls.invoice.name = "ABROAD/1"
        cls.invoice.action_post()
        cls.items = cls.env["account.move.line"].sudo().with_company(cls.company)
        cls.within = cls.items._get_dunning_open_domain(cls.company, cls.TODAY)

    def _ask(self, text):
        return search_items(self.items, text, self.within)

    def _write_filter(self, text, user=None):
        step = self._get_step("reminder_1").with_user(user or self.manager)
        step.domain = text
        step.flush_recordset()

    # ---- other companies -------------------------------------------------------------

    def test_filters_ask_nothing_about_other_companies(self):
        values = {"id": self.invoice.id, "name": self.invoice.name}
        for text in QUESTIONS:
            with self.subTest(text):
                self.assertNotIn(self.claim.id, self._ask(text % values))

    def test_the_same_questions_about_ones_own(self):
        """They are answered about Azur's own invoices."""
        move = self.claim.move_id
        values = {"id": move.id, "name": move.name}
        for text in QUESTIONS:
            with self.subTest(text):
                text = text.replace("555", str(move.amount_total)) % values
                self.assertIn(self.claim.id, self._ask(text))

    def test_what_is_hidden_counts_as_not_there(self):
        self.customer.sudo().invoice_ids.filtered(
            lambda move: move.company_id == self.company
        ).line_ids.flush_recordset()
        ids = self.customer.sudo().invoice_ids.ids
        for text, is_found in (
            ("[('partner_id.invoice_ids', '=', False)]", False),
            ("[('partner_id.invoice_ids', '!=', False)]", True),
            (f"[('partner_id.invoice_ids', 'not in', {ids})]", False),
            (f"[('partner_id.invoice_ids', 'not in', [{self.invoice.id}])]", True),
        ):
            with self.subTest(text):
                self.assertEqual(self.claim.id in self._ask(text), is_found)

    def test_rules_of_teams_ask_nothing_either(self):
        customers = self.env["res.partner"].sudo().with_company(self.company)
        for text in (
            "[('invoice_ids.amount_total', '=', 555)]",
            f"[('invoice_ids', 'in', [{self.invoice.id}])]",
        ):
            with self.subTest(text):
                self.assertNotIn(self.customer.id, search_filter(customers, text))

    def test_planning_and_its_author(self):
        """What is planned does not depend on who presses the button."""
        text = "[('partner_id.invoice_ids.amount_total', '=', 555)]"
        everywhere = new_test_user(
            self.env,
            "gaspard",
            groups=f"{MODULE}.dunning_group_manager",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | self.abroad).ids)],
        )
        for user in (self.manager, everywhere):
            self._write_filter(text, user)
            with self.subTest(user=user.name):
                claim = self.claim.with_user(user)
                self.assertNotEqual(self._get_next(claim)[0], "reminder_1")

    def test_records_of_nobody_in_person(self):
        """Rules that name their user find nothing, whoever applies the filter."""
        self.env["ir.rule"].sudo().create(
            {
                "name": "Own tags",
                "model_id": self.env["ir.model"]._get_id("res.partner.category"),
                "domain_force": "[('create_uid', '=', user.id)]",
            }
        )
        tag = self.env["res.partner.category"].with_user(self.manager)
        tag = tag.sudo().create({"name": "Friend"})
        self.customer.sudo().category_id = tag
        for user in (self.manager, self.collector):
            items = self.items.with_user(user).sudo()
            text = "[('partner_id.category_id.name', '=', 'Friend')]"
            with self.subTest(user=user.name):
                self.assertFalse(search_items(items, text, self.within))

    # ---- what filters cannot ask -----------------------------------------------------

    def test_nobodys_rules_lead_there(self):
        """Messages, tasks and files say by their methods who reads them."""
        for text in (
            "[('partner_id.message_ids.body', 'ilike', 'secret')]",
            "[('partner_id.activity_ids.note', 'ilike', 'secret')]",
            "[('move_id.attachment_ids.index_content', 'ilike', 'secret')]",
            "[('partner_id.user_ids.totp_secret', '=like', 'A%')]",
            "[('create_uid.password', '=like', '$%')]",
        ):
            with self.subTest(text), self.assertRaises(ValidationError):
                self._write_filter(text)
            rule = self.env["dunning.team.rule"].sudo()
            team = self.env["dunning.team"].sudo().create({"name": "North"})
            with self.subTest(text), self.assertRaises(ValidationError):
                rule.with_user(self.manager).sudo().create(
                    {
                        "team_id": team.id,
                        "domain": text.replace("partner_id.", "").replace(
                            "move_id", "invoice_ids"
                        ),
                    }
                )

    def test_settings_of_the_server(self):
        """Fields that a manager does not read are not theirs to ask, by code that
        copies their step neither."""
        text = "[('partner_id.signup_type', '!=', False)]"
        with self.assertRaises(ValidationError):
            self._write_filter(text)
        step = self._get_step("reminder_1").with_user(self.manager).sudo()
        with self.assertRaises(ValidationError):
            step.domain = text
        step.with_user(self.env.ref("base.user_root")).domain = text

    def test_filters_go_so_far(self):
        hops = "commercial_partner_id." * 30
        with self.assertRaisesRegex(ValidationError, "more than 6 lists"):
            self._write_filter(f"[('partner_id.{hops}name', '=', 'x')]")

    def test_everyday_filters(self):
        """Nothing of what people choose by is lost."""
        tag, old = (
            self.env["res.partner.category"]
            .sudo()
            .create([{"name": "Trade"}, {"name": "Old", "active": False}])
        )
        self.customer.sudo().write(
            {
                "category_id": [Command.set((tag | old).ids)],
                "country_id": self.env.ref("base.fr").id,
            }
        )
        for text in (
            "[('partner_id', 'ilike', 'Azur')]",
            "[('partner_id', '=', 'Azur Interior')]",
            f"[('partner_id', 'child_of', {self.customer.id})]",
            f"[('partner_id', 'in', [{self.customer.id}])]",
            "[('partner_id.country_id.code', '=', 'FR')]",
            "[('partner_id.category_id', '=', 'Trade')]",
            f"[('partner_id.category_id', 'in', [{old.id}])]",
            f"[('partner_id.category_id', 'child_of', {tag.id})]",
            "[('partner_id.user_id', '!=', False)]",
            "[('journal_id.code', '!=', 'NONE')]",
            "[('move_id.invoice_line_ids.account_id.code', '!=', False)]",
            "[('move_id.invoice_date', '<', '2026-12-31')]",
            "['|', ('name', '=', 'x'), ('amount_residual', '>', 0)]",
            "[('company_id.name', '!=', False)]",
            "[('date.month_number', '>', 0)]",
        ):
            with self.subTest(text):
                self.customer.sudo().user_id = self.sarah
                self._write_filter(text)
                self.assertIn(self.claim.id, self._ask(text))

    def test_every_hop_is_narrowed(self):
        """Whichever field leads somewhere: what stands behind is narrowed."""
        scope = FilterScope(self.items.env)
        for field in self.items._fields.values():
            if not (field.relational and field._description_searchable):
                continue
            comodel = self.items.env[field.comodel_name]
            try:
                readable = scope.get_readable(comodel)
            except Exception:
                continue
            domain = scope.narrow(Domain(f"{field.name}.id", ">", 0), self.items)
            with self.subTest(field.name):
                (condition,) = domain.iter_conditions()
                self.assertEqual(condition.operator, "any")
                if not readable.is_true():
                    for one in readable.iter_conditions():
                        self.assertIn(str(one)[1:-1], str(condition.value))
