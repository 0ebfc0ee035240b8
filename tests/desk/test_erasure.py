from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..rights.rights_world import RightsWorld

TEXTS = ("char", "text", "html")
# Models that hold what was agreed about amounts and days.
FIGURES = {"dunning.legal.agreement"}
# Stored texts of what is kept of customers that say nothing of a person.
KEPT = {"key", "reference", "step_code"}


@tagged("post_install", "-at_install")
class TestErasure(RightsWorld):
    """Azur Interior paid everything, and asks that what is kept of them be erased."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.erased = cls.env["res.partner"]._get_dunning_erased()
        del cls.erased["res.partner"]
        cls.admin = new_test_user(
            cls.env,
            "adele",
            groups="base.group_system,base.group_partner_manager",
            company_id=cls.company.id,
        )

    def _settle(self):
        """Let nothing be open or under way any more."""
        customer = self.customer.sudo()
        self.samples["dunning.dispute"].write(
            {"state": "settled", "outcome": "unfounded", "resolution": "explanation"}
        )
        self.samples["dunning.promise"].write({"state": "kept"})
        self.samples["dunning.handover"].write({"taken_back_date": self.TODAY})
        self.action.sudo().write({"state": "done"})
        items = self.env["account.move.line"].sudo()
        is_open = items._get_dunning_open_domain(self.company, self.TODAY.max)
        items = items.search([*is_open, ("partner_id", "=", customer.id)])
        self.env["account.payment.register"].sudo().with_context(
            active_model="account.move.line", active_ids=items.ids
        ).create({"group_payment": False})._create_payments()
        actions = self.env["dunning.action"].sudo()
        actions.search([("partner_id", "=", customer.id)]).write({"state": "done"})

    def _erase(self, user=None):
        return self.customer.with_user(user or self.admin).action_erase_dunning_data()

    def _get_texts(self, record):
        record = record.sudo().exists()
        return {
            field.name: record[field.name]
            for field in record._fields.values()
            if field.store and field.type in TEXTS and not field.related
        }

    def test_who_owes_is_remembered(self):
        with self.assertRaisesRegex(UserError, "still has open items"):
            self._erase()
        self.assertTrue(self.samples["dunning.delivery"].address)

    def test_who_erases(self):
        self._settle()
        for role in ("internal", "accountant", "collector", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._erase(self.users[role])

    def test_words_and_addresses_go(self):
        """Amounts and days stay: what was asked, when, and how often."""
        self._settle()
        kept = {
            name: self.samples[name] for name in self.erased if name in self.samples
        }
        action = self.action.sudo()
        before = (action.performed_date, action.line_ids.mapped("amount_residual"))
        file = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "letter.pdf",
                    "raw": b"Dear Azur",
                    "res_model": "dunning.action",
                    "res_id": action.id,
                }
            )
        )
        action.message_post(body="Dear Azur Interior")
        self._erase()
        for model, records in kept.items():
            for record in records:
                for name, value in self._get_texts(record).items():
                    if name in self.erased[model]:
                        with self.subTest(f"{model}.{name}"):
                            self.assertIn(value, (False, "", "–"))
            if "message_ids" in records._fields:
                self.assertFalse(records.message_ids, model)
        self.assertFalse(file.exists())
        self.assertFalse(self.customer.sudo().dunning_bounced_email)
        self.assertFalse(self.customer.sudo().dunning_stop_reason)
        after = (action.performed_date, action.line_ids.mapped("amount_residual"))
        self.assertEqual(after, before)
        self.assertTrue(self._erase(), "once more does no harm")

    def test_every_text_is_erased_or_said_to_stay(self):
        """A new field of what is kept of a customer is one or the other."""
        unknown = []
        for model in self.erased:
            for field in self.env[model]._fields.values():
                is_text = field.store and field.type in TEXTS
                if not is_text or field.related or field.name in models.MAGIC_COLUMNS:
                    continue
                if field.name not in (*self.erased[model], *KEPT):
                    unknown.append(f"{model}.{field.name}")
        self.assertFalse(unknown)

    def test_every_model_about_customers_is_erased_or_said_to_stay(self):
        """What leads to a customer, or to a contact with one."""
        leads = {"res.partner", "dunning.action", "dunning.delivery"}
        found = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("dunning.")
            and not (model._abstract or model._transient)
            and model._auto
            and any(
                field.store and field.type == "many2one" and field.comodel_name in leads
                for field in model._fields.values()
            )
        }
        self.assertEqual(found - self.erased.keys(), FIGURES)
