import os
import tempfile
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

from ...dev import check_terms, terms

MODULE = "account_dunning_scenario"
SPAN = '<span invisible="days != 1">(1 day)</span>'
VIEW = [("model_terms:ir.ui.view,arch_db:x.y", "")]
CODE = [("code:addons/x/y.py", "0")]


@tagged("post_install", "-at_install")
class TestTerms(TransactionCase):
    """What translators get, and what of it has to come back as it was."""

    def _check(self, source, translation, occurrences=()):
        """Return what the check says about one term, in one text."""
        catalog = polib.POFile()
        catalog.append(
            polib.POEntry(msgid=source, msgstr=translation, occurrences=occurrences)
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fr.po")
            catalog.save(str(path))
            found = [problem for _line, problem, _term in check_terms.check_file(path)]
        return " ".join(found)

    def test_terms_of_the_module_are_sound(self):
        for path in Path(get_module_path(MODULE), "i18n").glob("*.po*"):
            self.assertEqual(list(check_terms.check_file(path)), [], path.name)

    def test_code_is_no_term_of_a_view(self):
        """The sentence of a screen has no condition inside it, even left as it is."""
        self.assertIn("code in a term", self._check(SPAN, SPAN, VIEW))
        for code in (
            '<b t-if="x">a</b>',
            '<a href="/my">here</a>',
            '<i name="x">a</i>',
            "<b context=\"{'x': 1}\">a</b>",
        ):
            self.assertIn("code in a term", self._check(code, code, VIEW), code)
        looks = '<i class="fa fa-fax" title="Fax"/>'
        self.assertEqual(
            self._check(looks, looks.replace("Fax", "Télécopie"), VIEW), ""
        )

    def test_code_of_a_text_stays_as_it_is(self):
        """The text of a letter holds its figures: a translator moved a blank."""
        text = '<p>You owe <t t-out="o.amount"/> (<b>now</b>)</p>'
        self.assertEqual(self._check(text, text.replace("You owe", "Reste dû")), "")
        for wrong in (
            text.replace("o.amount", "o.\N{NO-BREAK SPACE}amount"),
            text.replace("t-out", "t-esc"),
            text.replace('<t t-out="o.amount"/>', ""),
            text.replace("<b>now</b>", "now"),
            text.replace("<b>", "<i>").replace("</b>", "</i>"),
            text.replace("<p>", '<p class="x">'),
            text + text,
        ):
            self.assertIn("differ from the source", self._check(text, wrong), wrong)
        self.assertIn("not well-formed", self._check(text, text[:-3]))
        self.assertIn("has tags", self._check("Paid", "<b>Payé</b>"))

    def test_placeholders_survive_translation(self):
        """A French message takes the same values as the English one."""
        text = "%(count)s of %(total)s (%(part)s %%)"
        self.assertEqual(self._check(text, "%(part)s %% : %(count)s, %(total)s"), "")
        for wrong in (
            text.replace("count", "nombre"),
            text.replace("%(total)s", "total"),
            text.replace("%(total)s", "%(total)d"),
            text.replace("%%", "%"),
            text + " à 5 % des",
        ):
            self.assertTrue(self._check(text, wrong, CODE), wrong)
        for source, wrong in (
            ("{{ object.name }}: paid", "{{ object.nom }} : payé"),
            ("{{ object.name }}: paid", "{{ object.name\N{NO-BREAK SPACE}}} : payé"),
            ("%s of %s", "%s sur"),
            ("Paid", "Payé %(x)s"),
        ):
            self.assertIn("placeholders", self._check(source, wrong), wrong)
        self.assertEqual(self._check("100 % of it", "100 % de tout"), "")

    def test_name_of_a_printed_file_is_no_term(self):
        """Odoo has it translated although it is an expression."""
        place = [("model:ir.actions.report,print_report_name:x.y", "")]
        words = "'Calls - %s' % object.name"
        self.assertIn("words in code", self._check(words, "", place))
        code = "object.display_name"
        self.assertEqual(self._check(code, code, place), "")
        self.assertIn("leave it", self._check(code, "object.nom", place))


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Odoo's own export of the terms, on the checkout of a developer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(get_module_path(MODULE), "i18n")

    def _export(self):
        """Return {term: places}; those of the demo data have no translation."""
        exported = {}
        reader = TranslationModuleReader(self.env.cr, [MODULE])
        for _module, kind, name, place, source, _value, _comments in reader:
            if not str(place).endswith("_demo"):
                where = f"{kind}:{name}" + (f":{place}" if kind != "code" else "")
                exported.setdefault(source, set()).add(where)
        return exported

    def test_every_term_is_translated(self):
        """A French user meets no English word: labels, helps, messages, views, data.

        When this fails: `make terms`, then complete the language.
        """
        terms = set(self._export())
        self.assertTrue(terms)
        for path in self.folder.glob("*.po"):
            written = {
                entry.msgid
                for entry in polib.pofile(str(path))
                if entry.msgstr and not entry.fuzzy
            }
            self.assertFalse(sorted(terms - written), f"Not in {path.name}")

    def test_no_link_leads_to_where_it_lies(self):
        """What follows all links through the module comes to an end: no folder of the
        module is met twice."""
        seen = set()
        for folder, _names, _files in os.walk(
            get_module_path(MODULE), followlinks=True
        ):
            place = os.path.realpath(folder)
            self.assertNotIn(place, seen)
            seen.add(place)
        self.assertIn(os.path.realpath(get_module_path(MODULE) + "/models"), seen)

    def test_template_holds_every_term(self):
        """The template in i18n is what an export would write (`make terms`)."""
        exported = self._export()
        template = polib.pofile(str(self.folder / f"{MODULE}.pot"))
        committed = {
            entry.msgid: {where for where, _line in entry.occurrences}
            for entry in template
        }
        self.assertEqual(
            sorted(committed.keys() ^ exported.keys()), [], "Run `make terms`"
        )
        self.assertEqual(committed, exported, "Run `make terms`")

    def test_new_terms_keep_the_translations(self):
        """A language loses what is gone, gets what is new, keeps the rest."""
        template, language = polib.POFile(), polib.POFile()
        for msgid in ("Kept", "New"):
            template.append(polib.POEntry(msgid=msgid, occurrences=VIEW))
        for msgid, msgstr in (("Gone", "Parti"), ("Kept", "Gardé")):
            language.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fr.po")
            language.save(str(path))
            missing = terms.merge(path, template)
            merged = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
        self.assertEqual([entry.msgid for entry in missing], ["New"])
        self.assertEqual(merged, {"Kept": "Gardé", "New": ""})
