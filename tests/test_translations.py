import os
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

MODULE = "account_dunning_scenario"
LEFT_OUT = ("dev", "tests")
# How to find the terms of a file: method, names of the functions that mark them.
METHODS = {
    ".py": ("odoo.tools.babel:extract_python", {"_": None, "_lt": None}),
    ".js": ("odoo.tools.babel:extract_javascript", {"_t": None}),
    ".xml": ("odoo.tools.translate:babel_extract_qweb", {}),
}


class ModuleTerms(TranslationModuleReader):
    """What an export of this module's terms would contain.

    Odoo's own export walks every folder of every module: here that means the whole
    development stack.
    """

    def _export_translatable_resources(self):
        module = Path(get_module_path(MODULE))
        addons = str(module.parent)
        self._path_list = [(addons, True)]
        for root, folders, files in os.walk(module):
            folders[:] = [
                f for f in folders if f[0] != "." and f not in ("dev", "tests")
            ]
            is_front = "static/src" in Path(root).as_posix()
            for name in files:
                suffix = Path(name).suffix
                if suffix == ".py" or (is_front and suffix in METHODS):
                    method, keywords = METHODS[suffix]
                    self._babel_extract_terms(
                        name, addons, root, method, extract_keywords=keywords
                    )


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_every_term_is_written_in_french(self):
        """A French user meets no English word: labels, helps, messages, views, data.

        When this fails, export the terms and complete i18n/fr.po.
        """
        path = Path(get_module_path(MODULE), "i18n", "fr.po")
        entries = polib.pofile(str(path))
        written = {entry.msgid for entry in entries if entry.msgstr and not entry.fuzzy}
        terms = {
            source
            for _module, _type, _name, res_id, source, _value, _comments in ModuleTerms(
                self.env.cr, [MODULE]
            )
            if not str(res_id).endswith("_demo")
        }
        self.assertTrue(terms)
        self.assertFalse(sorted(terms - written), "Terms without French")

    def test_placeholders_survive_translation(self):
        """A French message takes the same values as the English one."""
        path = Path(get_module_path(MODULE), "i18n", "fr.po")
        for entry in filter(lambda entry: entry.msgstr, polib.pofile(str(path))):
            for mark in ("%(", "{{"):
                self.assertEqual(entry.msgid.count(mark), entry.msgstr.count(mark))
