import ast
import doctest
import json
from itertools import product
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.mail.models.mail_render_mixin import MailRenderMixin

from ...models.scenario.file import scenario_placeholders
from .test_scenario_file import MODULE, FileCommon

EDITORS = "mail.group_mail_template_editor"
# What a stranger would have Odoo do, in a line and in HTML.
ATTACKS = (
    "{{ object.env['ir.config_parameter'].sudo().get_param('database.secret') }}",
    "{{ int(str(user.env['account.move'].sudo().search([]).mapped('name'))) }}",
    "{{ object.partner_id.write({'name': 'pwned'}) }}",
    "{{ object.greeting and object.env.cr.commit() }}",
    "{{ object.greeting ||| x }} {{ env }}",
    "{{ object.partner_id.name if ctx else user }}",
    "{{ [c for c in object.env] }}",
    "{{ object['env'] }}",
    "{{ object.contact_id.with_user(1).name }}",
    "{{ format_date(object.env) }}",
    "{{ format_date(object.request_date, lang_code=env) }}",
    "{{{ object.totals_text }}",
    "{{ object.totals_text",
    "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
)
ATTACKS_IN_HTML = (
    "<p t-out=\"object.env['res.users'].sudo().search([])\"/>",
    '<p t-att-title="object.env.cr.commit()">x</p>',
    '<p t-attf-title="{{ object.env }}">x</p>',
    '<t t-foreach="object.env[\'res.users\'].search([])" t-as="u"><p>x</p></t>',
    '<t t-set="x" t-value="object.env"/><p>x</p>',
    "<t t-if=\"object.partner_id.write({'name': 'pwned'})\"><p>x</p></t>",
    '<t t-call="web.layout"/><p>x</p>',
    "<p T-OUT='object.env'>x</p>",
    '<p><svg><t t-out="user.password"/></svg></p>',
    '<p t-field="object.partner_id.name"/>',
    '<p groups="base.group_system">x</p>',
)


class RoleCommon(FileCommon):
    """Emma manages the follow-up, Adam administers everything, Carl collects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.emma = cls._create_user("emma", f"{MODULE}.dunning_group_manager")
        cls.carl = cls._create_user("carl", f"{MODULE}.dunning_group_collector")
        cls.adam = cls._create_user(
            "adam", f"base.group_system,{MODULE}.dunning_group_manager"
        )
        cls.standard = cls._ref(cls, "dunning_scenario_standard")

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _take_editing_away(self):
        """Let no user but administrators write texts that name details, as a company
        may choose in the general settings."""
        editors = self.env.ref(EDITORS).sudo()
        implying = (
            self.env["res.groups"].sudo().search([("implied_ids", "in", editors.ids)])
        )
        implying.implied_ids = [Command.unlink(editors.id)]
        self.adam.group_ids = [Command.link(editors.id)]
        self.assertFalse(self.emma.has_group(EDITORS))

    def _assert_refused(self, user, data, *words):
        """Assert that a user is told what is wrong, that nothing is filled in to find
        out, and that nothing is left behind."""
        models = ("dunning.scenario", "dunning.step", "mail.template", "sms.template")
        self.env.flush_all()
        before = [self.env[model].search_count([]) for model in models]
        rendering = AssertionError("a text of a file was filled in")
        with (
            patch.object(MailRenderMixin, "_render_template", side_effect=rendering),
            self.assertRaises(UserError) as refusal,
        ):
            wizard = self._choose(data).with_user(user)
            said = wizard.problems
            self.assertFalse(wizard.content)
            wizard.action_import()
        self.assertEqual(str(refusal.exception), said)
        for word in words:
            self.assertIn(word, said)
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(after, before)
        return said


@tagged("post_install", "-at_install")
class TestScenarioFileIsNoCode(RoleCommon):
    """A stranger's file is read, never run: neither to look at it nor to import it."""

    def setUp(self):
        super().setUp()
        self.data = self.standard._get_export()

    def test_places_are_a_list_of_ours(self):
        """Each detail of the list exists, so that a text that names it can be sent."""
        for path in sorted(scenario_placeholders.PATHS):
            model = self.env["dunning.action"]
            for name in path.split(".")[1:]:
                self.assertIn(name, model._fields, path)
                field = model._fields[name]
                model = self.env[field.comodel_name] if field.relational else model

    def test_examples(self):
        self.assertFalse(doctest.testmod(scenario_placeholders).failed)

    def test_subjects_and_senders_run_nothing(self):
        """Whoever imports: the file's author is the same stranger."""
        text = self.data["texts"]["text_1"]
        for user, attack in product((self.emma, self.adam), ATTACKS):
            for values in (
                {"subject": {"en_US": attack}},
                {"subject": {"en_US": "Hello", "fr_FR": attack}, "email_from": attack},
                {"name": {"en_US": attack}},
            ):
                self.data["texts"]["text_1"] = text | values
                with self.subTest(user=user.login, values=values):
                    self._assert_refused(
                        user, self.data, "“text_1”", "cannot be filled"
                    )

    def test_bodies_run_nothing(self):
        body = self.data["texts"]["text_1"]["body_html"]
        for user, attack in product((self.emma, self.adam), ATTACKS_IN_HTML):
            for lang in ("en_US", "fr_FR"):
                with self.subTest(user=user.login, attack=attack, lang=lang):
                    data = json.loads(json.dumps(self.data))
                    text = {key: attack for key in body} | {lang: attack}
                    data["texts"]["text_1"]["body_html"] = text
                    self._assert_refused(user, data, "“text_1”", lang)
        self.assertNotEqual(self.customer.name, "pwned")

    def test_text_messages_run_nothing(self):
        for user, attack in product((self.emma, self.adam), ATTACKS):
            data = {**self.data, "sms_texts": {"s": {"name": {"en_US": "SMS"}}}}
            data["sms_texts"]["s"]["body"] = {"en_US": attack}
            with self.subTest(user=user.login, attack=attack):
                self._assert_refused(user, data, "“s”", "cannot be filled")

    def test_script_of_a_call_is_shown_not_run(self):
        """Braces in a script and in a name are what they are: braces."""
        step = self.data["steps"][0]
        step["script"] = {"en_US": "<p>{{ object.env }} <t t-out='1/0'/></p>"}
        step["name"]["en_US"] = "{{ 1/0 }}"
        step["name"].pop("fr_FR", None)
        imported = self._import(self.data).step_ids[0]
        self.assertEqual(imported.name, "{{ 1/0 }}")
        self.assertIn("{{ object.env }}", imported.script)

    def test_manager_imports_a_scenario_of_another_database(self):
        """Its texts are those that are here: nothing is written that Emma may not."""
        self._take_editing_away()
        wizard = self._choose(self.data).with_user(self.emma)
        self.assertFalse(wizard.problems)
        wizard.action_import()

    def test_manager_brings_in_what_they_may_write(self):
        """Odoo lets Emma write plain texts; it leaves details to template editors."""
        self._take_editing_away()
        text = self.data["texts"]["text_1"]
        text["subject"] = {"en_US": "Please pay", "fr_FR": "Merci de payer"}
        text["body_html"] = {"en_US": "<p>Dear all</p>", "fr_FR": "<p>Bonjour</p>"}
        wizard = self._choose(self.data).with_user(self.emma)
        self.assertFalse(wizard.problems)
        action = wizard.action_import()
        scenario = self.env["dunning.scenario"].browse(action["res_id"])
        texts = scenario.step_ids.mail_template_id
        new = texts.filtered(lambda text: text.subject == "Please pay")
        self.assertEqual(new.with_context(lang="fr_FR").subject, "Merci de payer")
        self.assertEqual(new.partner_to, "{{ object.contact_id.id }}")
        text["subject"]["en_US"] = "{{ object.totals_text }} to pay"
        self._assert_refused(self.emma, self.data, "“text_1”", "Template Editor")
        self.assertFalse(self._choose(self.data).with_user(self.adam).problems)

    def test_texts_of_ones_own_travel(self):
        """A manager's text names what the delivered ones name, and other details of
        the list, with conditions and defaults."""
        text = self.data["texts"]["text_1"]
        text["subject"] = {
            "en_US": "{{ object.collector_name or '' }} {{ object.payment_reference }}"
        }
        text["body_html"] = {
            "en_US": "<p t-if=\"object.days_late and object.kind != 'notice'\">"
            "<t t-out='object.partner_id.name'>you</t></p><p t-else=''>"
            "<t t-out='format_date(object.request_date)'/></p>"
        }
        imported = self._import(self.data)
        exported = imported._get_export()
        self.assertEqual(
            exported["steps"], self._import(exported)._get_export()["steps"]
        )

    def test_collector_reads_no_file(self):
        self.data["texts"]["text_1"]["subject"]["en_US"] = ATTACKS[0]
        wizard = self._choose(self.data).with_user(self.carl)
        with self.assertRaises(AccessError):
            _said = wizard.problems


@tagged("post_install", "-at_install")
class TestScenarioFileHasBounds(RoleCommon):
    """What no database keeps is told in words, each by its place in the file."""

    def setUp(self):
        super().setUp()
        self.data = self.standard._get_export()
        self.step = self.data["steps"][1]

    def test_numbers(self):
        for name, value in product(
            ("delay", "request_days", "amount_from", "items_to", "send_hour"),
            (
                10**12 + 1,
                -(10**13),
                float("inf"),
                float("nan"),
                "5",
                [5],
                {"a": 1},
                True,
            ),
        ):
            data = json.loads(json.dumps(self.data))
            data["steps"][1][name] = value
            with self.subTest(name=name, value=value):
                self._assert_refused(self.emma, data, "Step 2")

    def test_limits_of_the_database(self):
        """Asked beforehand, in the words that the form would say."""
        for name, value, words in (
            ("delay", 4000, "between -3650 and 3650"),
            ("send_hour", 25, "between 0:00 and 23:59"),
            ("amount_from", -1, "cannot be negative"),
            ("sms_max_parts", 0, "1 to 100 parts"),
        ):
            data = json.loads(json.dumps(self.data))
            data["steps"][1][name] = value
            with self.subTest(name=name):
                self._assert_refused(self.emma, data, "Step 2", words)
        data = json.loads(json.dumps(self.data))
        data["scenario"]["amount_minimum"] = -5
        self._assert_refused(self.emma, data, "Scenario", "cannot be negative")

    def test_characters(self):
        for bad in ("a\0b", "\ud800", "\udfff!"):
            for place in ("code", "domain", "email_from", "anchor_step"):
                data = json.loads(json.dumps(self.data))
                data["steps"][1][place] = bad
                with self.subTest(bad=bad, place=place):
                    self._assert_refused(self.emma, data, f"steps.2.{place}")
            data = json.loads(json.dumps(self.data))
            data["texts"][bad] = data["texts"]["text_1"]
            self._assert_refused(self.emma, data, "texts")
            self._assert_refused(self.emma, {**self.data, "currency": bad}, "currency")

    def test_lengths(self):
        self.step["code"] = "x" * 5000
        self.step["name"] = {"en_US": "y" * 5000}
        self.step["script"] = {"en_US": "<b>" * 50_000}
        self.data["texts"]["text_1"]["subject"] = {"en_US": "{{" * 100_000}
        said = self._assert_refused(self.emma, self.data, "characters", "the maximum")
        self.assertLess(len(said), 2000)

    def test_html_without_end(self):
        """Thousands of boxes within boxes: read, or refused, in a moment."""
        text = self.data["texts"]["text_1"]
        text["body_html"] = {"en_US": "<div>" * 15_000 + "{{ x }}" + "<t t-out='x'/>"}
        self._assert_refused(self.emma, self.data, "“text_1”")

    def test_kinds(self):
        for values in (
            {"channel": ["email"]},
            {"channel": {}},
            {"mode": None},
            {"code": ""},
            {"code": None},
            {"name": {"en_US": ""}},
            {"name": {"en_US": 5}},
            {"name": []},
            {"anchor": "step", "anchor_step": ["notice"]},
            {"mail_text": ["text_1"]},
            {"mail_text": {}},
            {"letter_text": 5},
            {"domain": 5},
            {"domain": ["|"]},
        ):
            data = json.loads(json.dumps(self.data))
            data["steps"][1] |= values
            with self.subTest(values=values):
                self._assert_refused(self.emma, data, "Step 2")
        for part in ("currency", "scenario", "steps", "texts", "sms_texts"):
            for value in (None, 5, "x", [5], {"a": 5}):
                with self.subTest(part=part, value=value):
                    data = {**self.data, part: value}
                    if part == "currency" and value == "x":
                        continue
                    self._assert_refused(self.emma, data)

    def test_text_of_another_kind(self):
        """An e-mail text is no text message, whatever its key says."""
        self.data["sms_texts"] = {"s": {"name": {"en_US": "S"}, "body": {"en_US": "B"}}}
        self.step["mail_text"] = "s"
        self._assert_refused(self.emma, self.data, "Step 2", "“s” is not in the file")

    def test_deep_values(self):
        deep = json.loads("[" * 500 + "]" * 500)
        self.step["delay"] = deep
        self._assert_refused(self.emma, self.data, "Step 2")

    def test_file_that_was_damaged(self):
        wizard = self.env["dunning.scenario.import"].new({"file": b"abc"})
        self.assertIn("damaged", wizard.problems)

    def test_filters(self):
        """Tried as the one who imports would apply it."""
        for text in (
            "[('amount_residual', '>', 'abc')]",
            "[('dunning_why', 'ilike', 'x')]",
            "[('partner_id.dunning_gap', '=', 'step')]",
            "[('partner_id.user_ids.totp_secret', 'like', 'A')]",
            "(" * 300,
            "[('name', 'ilike', '\\x00')]",
            "[" + "'!'," * 4000 + "]",
            "[('name', '=', '" + "x" * 20_000 + "')]",
        ):
            self.step["domain"] = text
            with self.subTest(text=text[:40]):
                self._assert_refused(self.emma, self.data, "Step 2")


class TestNotes(TransactionCase):
    """Notes of tasks are HTML: what a customer or colleague typed is text there."""

    MARKUP = ("escape", "plaintext2html", "_get_note")

    def test_notes_of_tasks_are_escaped(self):
        for folder in ("models", "wizard"):
            for path in sorted((Path(__file__).parents[2] / folder).rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if not (
                        isinstance(node, ast.Call)
                        and ast.unparse(node.func).endswith(".activity_schedule")
                    ):
                        continue
                    for keyword in node.keywords:
                        if keyword.arg == "note":
                            with self.subTest(path.name, line=node.lineno):
                                self.assertIsInstance(keyword.value, ast.Call)
                                maker = ast.unparse(keyword.value.func)
                                self.assertTrue(maker.endswith(self.MARKUP), maker)

    def test_reason_with_markup_is_text(self):
        """Orders are blocked for a reason that looks like a link."""
        customer = self.env["res.partner"].create(
            {"name": "Azur", "user_id": self.env.ref("base.user_admin").id}
        )
        customer._dunning_block_orders('<a href="https://rival.example">Pay</a>')
        self.assertIn("&lt;a href", customer.activity_ids.note)
