from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rights_world import PDF, RightsWorld

READERS = ("salesperson", "billing", "accountant", "collector", "manager")
AMOUNT = "777"  # what the customer owes
NEW_ACCOUNT = "LT121000011101001000"
# What protects records of Odoo's that are about any other record, ours too.
POINTERS = {
    "calendar.event": "private: see the stories of visits",
    "ir.attachment": "Odoo asks for the record; `IrAttachment` for what is kept",
    "mail.activity": "Odoo asks for the record; `MailActivity` for whose it is",
    "mail.followers": "administrators'",
    "mail.mail": "administrators'",
    "mail.message": "Odoo asks for the record; `MailMessage` for what is kept",
    "mail.scheduled.message": "Odoo asks for the record",
    "product.document": "made by who keeps products, of files that they read",
    "rating.rating": "rules of ours, and what it becomes about",
    "res.users.settings.embedded.action": "one's own settings",
    "snailmail.letter": "rules of ours",
}


@tagged("post_install", "-at_install")
class TestAttackOdoo(RightsWorld):
    """What Odoo's own records and dialogs hold of the follow-up obeys its rights."""

    def _get_others(self):
        """Return who has no business with the customer, outsiders first."""
        return [role for role in self.users if role not in (*READERS, "settings")]

    def assertRefused(self, role, function):
        with mute_logger("odoo.sql_db"), self.subTest(role=role):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                function()
        self.env.invalidate_all()

    # ---- where else it stands --------------------------------------------------------

    def test_everything_that_points_anywhere_is_known(self):
        """A record of Odoo's that names any other record may be about ours."""
        found = set()
        for name, model in self.env.registry.items():
            fields = model._fields
            is_pointing = {"res_id"} <= set(fields) and (
                {"model", "res_model", "res_model_id"} & set(fields)
            )
            if name.startswith(("dunning.", "ir.model")) or not is_pointing:
                continue
            if model._abstract or model._transient or not model._auto:
                continue
            found.add(name)
        is_read = {
            name
            for name in found
            if self._as("internal")[name].has_access("read")
            or self._as("portal_own")[name].has_access("read")
        }
        self.assertEqual(is_read - POINTERS.keys(), set())

    def _keep_letter(self):
        """Let the reminder be a letter in the hands of Odoo's postal service."""
        letter = self.su["snailmail.letter"].create(
            {
                "model": "dunning.action",
                "res_id": self.action.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.users["collector"].id,
            }
        )
        letter.attachment_id = self._keep_file(letter)
        return letter

    def _keep_file(self, record, **values):
        place = {"res_model": record._name, "res_id": record.id}
        content = {"name": "letter.pdf", "raw": PDF}
        return self.su["ir.attachment"].create({**place, **content, **values})

    def test_letters_in_the_hands_of_the_postal_service(self):
        """Odoo shows every colleague all of them, and lets them say what became of
        them."""
        letter = self._keep_letter()
        for role in self._get_others():
            mine = letter.with_env(self._as(role))
            self.assertRefused(role, lambda m=mine: m.read(["attachment_datas"]))
            self.assertRefused(role, lambda m=mine: m.write({"state": "sent"}))
            file = letter.attachment_id.with_env(self._as(role))
            self.assertRefused(role, lambda f=file: f.read(["raw"]))
        for role in READERS:
            mine = letter.with_env(self._as(role))
            with self.subTest(role=role):
                self.assertTrue(mine.read(["attachment_datas"]))
            self.assertRefused(role, lambda m=mine: m.write({"state": "sent"}))
            self.assertRefused(role, lambda m=mine: m.write({"info_msg": "Sent"}))
            if role not in ("collector", "manager"):
                self.assertRefused(role, lambda m=mine: m.cancel())
        self.assertEqual(letter.state, "pending")
        self._as("internal")["snailmail.letter"].search([]).read(["state"])
        letter.with_env(self._as("collector")).cancel()
        self.assertEqual(letter.state, "canceled")

    # ---- what dialogs say ------------------------------------------------------------

    def test_no_dialog_says_a_message_to_who_may_not_read_it(self):
        """Texts are tried on records in Odoo's dialogs, which do not all ask first."""
        sms = self.su["sms.template"].search([("model", "=", "dunning.action")])
        mail = self.su["mail.template"].search([("model", "=", "dunning.action")])
        self.assertTrue(sms and mail)
        for role in self._get_others():
            env = self._as(role)
            for dialog, values in self._get_text_dialogs(sms[:1], mail[:1]):
                self.assertNotIn(AMOUNT, self._open(env[dialog], values), role)
        said = [
            self._open(self._as("collector")[dialog], values)
            for dialog, values in self._get_text_dialogs(sms[:1], mail[:1])
        ]
        self.assertTrue(all(AMOUNT in text for text in said[:2]), said)

    def _get_text_dialogs(self, sms, mail):
        about = {"res_model": "dunning.action", "res_id": self.action.id}
        named = {"model": "dunning.action", "res_ids": str(self.action.ids)}
        reference = f"dunning.action,{self.action.id}"
        yield (
            "sms.composer",
            {"template_id": sms.id, "composition_mode": "comment", **about},
        )
        yield "mail.compose.message", {"template_id": mail.id, **named}
        yield (
            "sms.template.preview",
            {"sms_template_id": sms.id, "resource_ref": reference},
        )
        yield (
            "mail.template.preview",
            {"mail_template_id": mail.id, "resource_ref": reference},
        )

    def _open(self, dialog, values):
        """Return all that a dialog shows, as one text; nothing where it is refused."""
        names = [n for n, field in dialog._fields.items() if field.type != "reference"]
        self.env.invalidate_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return str(dialog.create(values).read(names))
        except Exception:
            return ""

    # ---- where customers pay ---------------------------------------------------------

    def test_whoever_keeps_contacts_does_not_say_where_customers_pay(self):
        account = {"partner_id": self.company.partner_id.id, "sequence": -5}
        self._as("contacts")["res.partner.bank"].create(
            {**account, "acc_number": NEW_ACCOUNT}
        )
        self.env.invalidate_all()
        self.assertEqual(self.company.sudo().bank_ids[:1].acc_number[:4], "LT12")
        self.assertFalse(self._get_banks())
        journal = self.company_data["default_journal_bank"].sudo()
        journal.bank_account_id = self.su["res.partner.bank"].create(
            {**account, "acc_number": "FR7630006000011234567890189", "sequence": 50}
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_banks(), journal.bank_account_id)
        trusted = self.su["res.partner.bank"].create(
            {
                **account,
                "acc_number": "FR1420041010050500013M02606",
                "sequence": 60,
                "allow_out_payment": True,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_banks(), trusted)

    def _get_banks(self):
        """Return the accounts that the reminder and the statement name."""
        statements = self.su["report.account_dunning_scenario.statement_of_account"]
        sections = self.su["dunning.statement"]._get_sections_by_customer(
            self.customer.sudo(), self.TODAY, self.company
        )
        values = statements._prepare_statement_values(
            self.customer.sudo(),
            sections[self.customer.sudo()],
            self.TODAY,
            self.company,
        )
        banks = [slip["bank"] for slip in values["slips"] if slip["bank"]]
        return self.action.sudo().bank_account_id.union(*banks)

    def test_nobody_lets_a_company_speak_no_language(self):
        """Everybody writes the language of contacts, and users their own: one that is
        not there would stop all that is said in it."""
        contacts = self._as("contacts")["res.partner"]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            contacts.browse(self.customer.id).lang = "xx_YY"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            contacts.browse(self.company.partner_id.id).lang = "xx_YY"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            contacts.create({"name": "New", "lang": "../../x"})
        portal = self._as("portal_own")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            portal.user.lang = "xx_YY"
        self.env.invalidate_all()
        contacts.browse(self.customer.id).lang = "fr_FR"
        self.assertEqual(self.customer.sudo()._dunning_get_lang(self.company), "fr_FR")

    # ---- what it becomes about -------------------------------------------------------

    def test_no_answer_is_made_of_another_rating(self):
        """The rules look at what it was about; it becomes no customer's answer."""
        self.samples["rating.rating"].unlink()
        models = self.env["ir.model"]
        about = {
            "res_model_id": models._get_id("dunning.action"),
            "res_id": self.action.id,
        }
        for role in ("internal", "accountant", "collector"):
            ratings = self._as(role)["rating.rating"]
            other = ratings.create(
                {
                    "res_model_id": models._get_id("res.partner"),
                    "res_id": self.customer.id,
                    "rating": 5,
                    "consumed": True,
                }
            )
            self.assertRefused(role, lambda o=other: o.write(about))
            self.assertRefused(
                role, lambda r=ratings: r.create({**about, "rating": 5}).flush_model()
            )
        self.assertFalse(self.action.sudo().rating_ids)

    # ---- files and messages ----------------------------------------------------------

    def test_proof_of_consent_is_not_written_as_a_file(self):
        """A field's file is the field: who may not write one does not write the
        other."""
        files = self.su["ir.attachment"]
        place = {"res_model": "res.partner", "res_id": self.customer.id}
        field = {"res_field": "dunning_lre_consent_proof"}
        proof = files.search([(name, "=", v) for name, v in {**place, **field}.items()])
        self.assertTrue(proof)
        for role in ("contacts", "internal", "portal_own"):
            env = self._as(role)
            mine = proof.with_env(env)
            self.assertRefused(role, lambda m=mine: m.write({"raw": b"forged"}))
            self.assertRefused(role, lambda m=mine: m.write({"res_id": 0}))
            self.assertRefused(role, lambda m=mine: m.unlink())
            new = {"name": "proof", "raw": b"forged"}
            self.assertRefused(
                role,
                lambda e=env, v={**place, **field, **new}: e["ir.attachment"].create(v),
            )
        own = self._as("contacts")["ir.attachment"].create(
            {"name": "proof", "raw": b"forged", **place}
        )
        self.assertRefused("contacts", lambda: own.write(field))
        customer = self.customer.with_env(self._as("collector"))
        customer.dunning_lre_consent_proof = b64encode(b"signed again")
        mine = proof.search([("id", "in", proof.ids), ("res_field", "!=", False)])
        mine.with_env(self._as("collector")).write({"raw": b"signed once more"})

    def test_what_was_sent_stays_in_files_and_messages(self):
        """Collectors and managers work the action; they do not rewrite what left."""
        delivery, action = self.samples["dunning.delivery"], self.action.sudo()
        delivery.attachment_id = self._keep_file(action)
        annex = self._keep_file(action, name="invoice.pdf")
        sent = action.message_post(
            body="Please pay", message_type="comment", attachment_ids=annex.ids
        )
        sent.author_id = self.users["collector"].partner_id
        delivery.mail_message_id = sent
        answer = self.samples["mail.message"]
        for role in ("salesperson", "accountant", "collector", "manager"):
            env = self._as(role)
            for file in (delivery.attachment_id, annex):
                mine = file.with_env(env)
                self.assertRefused(role, lambda m=mine: m.write({"raw": b"forged"}))
                self.assertRefused(role, lambda m=mine: m.write({"res_id": 0}))
                self.assertRefused(role, lambda m=mine: m.unlink())
            for message in (sent, answer):
                mine = message.with_env(env)
                self.assertRefused(role, lambda m=mine: m.write({"body": "Forged"}))
                self.assertRefused(role, lambda m=mine: m.unlink())
        self.assertEqual(delivery.attachment_id.raw, PDF)
        self.assertIn("Please pay", sent.body)

    def test_log_of_the_set_up_is_nobodys_to_rewrite(self):
        note = self.scenario.sudo().message_post(
            body="Changed", author_id=self.users["manager"].partner_id.id
        )
        mine = note.with_env(self._as("manager"))
        self.assertRefused("manager", lambda: mine.write({"body": "Nothing changed"}))
        self.assertRefused("manager", lambda: mine.unlink())

    def test_ones_own_comments_are_ones_own(self):
        """They are mended and taken back, with their files, as anywhere in Odoo."""
        action = self.action.with_env(self._as("collector"))
        comment = action.message_post(
            body="Ask Jane",
            message_type="comment",
            attachments=[("a.txt", b"Jane")],
        )
        comment.attachment_ids.name = "b.txt"
        comment.body = "Ask Jeanne"
        comment.attachment_ids.unlink()
        comment.unlink()
        self.assertFalse(comment.exists())

    def test_task_is_done_with_a_file(self):
        task = self.samples["mail.activity"].with_env(self._as("collector"))
        file = task.env["ir.attachment"].create({"name": "a.txt", "raw": b"Notes"})
        task.action_feedback(feedback="Done", attachment_ids=file.ids)
        self.assertIn(file, self.action.sudo().message_ids.attachment_ids)
