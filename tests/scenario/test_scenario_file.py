import base64
import json
from itertools import product

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import DunningCommon

MODULE = "account_dunning_scenario"
DELIVERED = ("standard", "standard_post", "export", "key_account", "bad_payer")
# Relations of a step that the file names in its own way.
NAMED = {
    "anchor_step_id",
    "copy_user_ids",  # colleagues are others in another database
    "letter_template_id",
    "mail_template_id",
    "scenario_id",
    "sms_template_id",
}


class FileCommon(DunningCommon):
    """Scenarios as files, in English and French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])

    def _import(self, data):
        """Import data, or text; return the new scenario."""
        action = self._choose(data).action_import()
        return self.env["dunning.scenario"].browse(action["res_id"])

    def _choose(self, data):
        content = data if isinstance(data, str) else json.dumps(data)
        return self.env["dunning.scenario.import"].create(
            {"file": base64.b64encode(content.encode())}
        )

    def _ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")


@tagged("post_install", "-at_install")
class TestScenarioRoundTrip(FileCommon):
    """A scenario leaves one database and comes back as it was (S0-43)."""

    def test_delivered_scenarios_come_back_the_same(self):
        """Equal film, equal texts in both languages; the original is not touched."""
        for name in DELIVERED:
            with self.subTest(scenario=name):
                original = self._ref(f"dunning_scenario_{name}")
                before = original._export_json()
                imported = self._import(before)
                self.assertNotEqual(imported, original)
                self.assertEqual(imported._export_json(), before)
                self.assertEqual(original._export_json(), before)
                for lang in ("en_US", "fr_FR"):
                    self.assertEqual(
                        imported.with_context(lang=lang).summary,
                        original.with_context(lang=lang).summary,
                    )

    def test_anchors_point_to_the_steps_that_were_imported(self):
        imported = self._import(self.scenario._export_json())
        base = self._get_step("reminder_1", imported)
        self.assertEqual(self._get_step("reminder_2", imported).anchor_step_id, base)
        self.assertEqual(imported.step_ids.scenario_id, imported)

    def test_texts_that_are_there_are_used_again(self):
        """Importing twice makes no second copy of texts that say the same."""
        standard = self._ref("dunning_scenario_standard")
        count = self.env["mail.template"].search_count([])
        imported = self._import(standard._export_json())
        self.assertEqual(self.env["mail.template"].search_count([]), count)
        self.assertEqual(
            self._get_step("notice", imported).mail_template_id,
            self._get_step("notice", standard).mail_template_id,
        )

    def test_text_messages_travel(self):
        """A scenario with a text message is played elsewhere with the same words."""
        text = self._ref("sms_template_reminder_firm")
        step = self._get_step("reminder_1")
        step.write({"channel": "sms", "sms_template_id": text.id})
        data = self.scenario._get_export()
        same = self._get_step("reminder_1", self._import(data)).sms_template_id
        self.assertEqual(same, text)
        data["sms_texts"]["sms_1"]["body"] = {"en_US": "Hello", "fr_FR": "Bonjour"}
        new = self._get_step("reminder_1", self._import(data)).sms_template_id
        self.assertEqual(new.with_context(lang="fr_FR").body, "Bonjour")
        self.assertEqual(new.model, "dunning.action")
        data["sms_texts"]["sms_1"]["body"]["en_US"] = "{{ object.nothing }}"
        self.assertIn("cannot be filled", self._choose(data).problems)

    def test_texts_that_differ_come_in_beside(self):
        """The text was changed here since: the file's becomes a text of its own, in
        both languages."""
        standard = self._ref("dunning_scenario_standard")
        content = standard._export_json()
        text = self._get_step("notice", standard).mail_template_id
        subjects = {
            lang: text.with_context(lang=lang).subject for lang in ("en_US", "fr_FR")
        }
        text.with_context(lang="fr_FR").subject = "Autre chose"
        new = self._get_step("notice", self._import(content)).mail_template_id
        self.assertNotEqual(new, text)
        for lang, subject in subjects.items():
            self.assertEqual(new.with_context(lang=lang).subject, subject)
        self.assertEqual(text.with_context(lang="fr_FR").subject, "Autre chose")
        self.assertEqual(new.model, "dunning.action")

    def test_file_holds_all_of_a_step_and_no_id(self):
        """A field that is added to steps one day travels too, or is named here."""
        stored = {
            name
            for name, field in self.env["dunning.step"]._fields.items()
            if field.store and field.copy and field.relational
        }
        self.assertEqual(stored - {"create_uid", "write_uid"}, NAMED)
        data = self.scenario._get_export()
        self.assertNotRegex(json.dumps(data), r'"[a-z_]*_ids?":')

    def test_html_is_cleaned(self):
        data = self._ref("dunning_scenario_standard")._get_export()
        evil = '<p onclick="steal()">Hello<script>steal()</script></p>'
        data["steps"][0]["script"] = {"en_US": evil, "fr_FR": evil}
        for key, lang in product(data["texts"], ("en_US", "fr_FR")):
            data["texts"][key]["body_html"][lang] = evil
        imported = self._import(data)
        steps = imported.step_ids
        for lang in ("en_US", "fr_FR"):
            texts = steps.with_context(lang=lang)
            bodies = texts.mail_template_id | texts.letter_template_id
            for said in (texts[0].script, *bodies.mapped("body_html")):
                self.assertIn("Hello", said)
                self.assertNotIn("steal", said)

    def test_language_that_is_not_spoken_here_is_left_out(self):
        data = self.scenario._get_export()
        data["scenario"]["name"]["nl_BE"] = "Verhaal"
        self.assertEqual(self._import(data).name, "Story")

    def test_amounts_in_another_currency_are_said(self):
        data = self.scenario._get_export()
        self.assertNotIn("currency", self._choose(data).content)
        data["currency"] = "XXX"
        self.assertIn("Its amounts are in XXX", self._choose(data).content)


@tagged("post_install", "-at_install")
class TestScenarioFileRefused(FileCommon):
    """A broken file is refused with a sentence per problem; nothing is written."""

    def setUp(self):
        super().setUp()
        self.data = self._ref("dunning_scenario_standard")._get_export()

    def _assert_refused(self, data, *words):
        models = ("dunning.scenario", "dunning.step", "mail.template", "dunning.action")
        before = [self.env[model].search_count([]) for model in models]
        wizard = self._choose(data)
        self.assertFalse(wizard.content)
        with self.assertRaises(UserError) as refusal:
            wizard.action_import()
        said = str(refusal.exception)
        self.assertEqual(said, wizard.problems)
        self.assertEqual(len(said.split("\n")), len(words), said)
        for sentence, word in zip(said.split("\n"), words, strict=True):
            self.assertIn(word, sentence)
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(after, before)

    def test_something_else_than_json(self):
        self._assert_refused("%PDF-1.7", "cannot be read as JSON")
        self._assert_refused("[" * 100_000, "cannot be read as JSON")

    def test_json_that_is_no_scenario(self):
        self._assert_refused([], "is not a scenario")
        self._assert_refused({**self.data, "format": "other"}, "is not a scenario")
        self._assert_refused({**self.data, "steps": {}}, "parts that do not belong")

    def test_file_of_another_version(self):
        self._assert_refused({**self.data, "version": 2}, "version 2")

    def test_unknown_channel(self):
        self.data["steps"][1]["channel"] = "pigeon"
        self._assert_refused(self.data, "“pigeon” is not known here")

    def test_anchor_to_unknown_step(self):
        self.data["steps"][3]["anchor_step"] = "reminder_9"
        self._assert_refused(self.data, "“reminder_9”, which is not in the file")

    def test_anchor_to_a_later_step(self):
        self.data["steps"][3]["anchor_step"] = "reminder_5"
        self._assert_refused(self.data, "which is not in the file before it")

    def test_placeholders_that_cannot_be_filled_in(self):
        """In each language: the French text is as good as the English one."""
        text = self.data["texts"]["text_1"]
        text["subject"]["en_US"] = "{{ object.no_such_field }}"
        text["body_html"]["fr_FR"] = "<p><t t-out='object.nothing'/></p>"
        self._assert_refused(self.data, "no_such_field", "fr_FR")

    def test_each_problem_has_its_sentence(self):
        steps = self.data["steps"]
        steps[0]["channel"] = "pigeon"
        steps[1]["delay"] = "soon"
        steps[2]["color"] = 3
        steps[7]["mail_text"] = "text_99"
        self.data["scenario"]["grouping"] = "family"
        self._assert_refused(
            self.data, "family", "pigeon", "wrong kind", "“color”", "“text_99”"
        )

    def test_filters(self):
        """A filter that cannot be read, or that means other records here."""
        steps = self.data["steps"]
        steps[0]["domain"] = "[('no_such_field', '=', 1)]"
        steps[1]["domain"] = "__import__('os').getcwd()"
        steps[2]["domain"] = "[('move_id.journal_id', 'in', [3])]"
        steps[3]["anchor_step"] = "reminder_1"
        self._assert_refused(self.data, "cannot be read", "cannot be read", "by number")

    def test_what_the_form_refuses_is_refused_in_its_words(self):
        """A notice after the due date: nothing is kept of what was created before."""
        self.data["steps"][1]["delay"] = 3
        scenarios = self.env["dunning.scenario"].search_count([])
        with (
            self.assertRaisesRegex(ValidationError, "comes before the due date"),
            self.env.cr.savepoint(),
        ):
            self._choose(self.data).action_import()
        self.assertEqual(self.env["dunning.scenario"].search_count([]), scenarios)

    def test_filter_by_number_is_not_exported(self):
        step = self._get_step("reminder_1")
        step.domain = f"[('partner_id', '=', {self.customer.id})]"
        with self.assertRaisesRegex(UserError, "names records by number"):
            self.scenario.action_export()
        step.domain = "[('partner_id.name', 'ilike', 'Azur')]"
        self.assertIn("scenario/", self.scenario.action_export()["url"])

    def test_collector_imports_nothing(self):
        """S3-01: the manager writes the scenarios, a collector plays them."""
        collector = new_test_user(
            self.env, login="carl", groups=f"{MODULE}.dunning_group_collector"
        )
        with self.assertRaises(AccessError):
            self.env["dunning.scenario.import"].with_user(collector).create({})


@tagged("post_install", "-at_install")
class TestScenarioDownload(FileCommon, HttpCase):
    """The button gives a file; the user's rights decide which scenario."""

    def test_manager_downloads(self):
        new_test_user(self.env, login="emma", groups=f"{MODULE}.dunning_group_manager")
        self.authenticate("emma", "emma")
        standard = self._ref("dunning_scenario_standard")
        answer = self.url_open(standard.action_export()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Standard.json", answer.headers["Content-Disposition"])
        self.assertEqual(answer.json(), standard._get_export())

    def test_scenario_of_another_company_is_not_found(self):
        new_test_user(self.env, login="emma", groups=f"{MODULE}.dunning_group_manager")
        other = self.setup_other_company()["company"]
        scenario = self.scenario.copy({"company_id": other.id})
        self.authenticate("emma", "emma")
        answer = self.url_open(f"/{MODULE}/scenario/{scenario.id}")
        self.assertEqual(answer.status_code, 404)
