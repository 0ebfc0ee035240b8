import ast
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.modules import get_module_path
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.safe_eval import datetime, safe_eval, time

from ...dev.check_terms import WORDS
from ..answers.test_entry import EntryCommon

MODULE = "account_dunning_scenario"
ROLES = {
    "manager": f"{MODULE}.dunning_group_manager",
    "collector": f"{MODULE}.dunning_group_collector",
    "salesperson": "base.group_user",
    "accountant": "account.group_account_invoice",
}
EXPRESSIONS = {
    "column_invisible",
    "context",
    "domain",
    "filter_domain",
    "invisible",
    "options",
    "readonly",
    "required",
}


def is_expression(name):
    return name in EXPRESSIONS or name.startswith("decoration-")


def get_code(arch):
    """Return tags, nesting and attributes of a view: what no language may change."""
    return [
        (
            sum(1 for _parent in node.iterancestors()),
            node.tag,
            {name: text for name, text in node.attrib.items() if name not in WORDS},
        )
        for node in arch.iter(etree.Element)
    ]


class LanguagesCommon(EntryCommon):
    """Four people, in each language that the module is translated into."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.langs = ["en_US", *cls._load_languages()]
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"{role} of languages",
                groups=f"base.group_user,{group}",
                company_id=cls.company.id,
                company_ids=[fields.Command.set(cls.company.ids)],
            )
            for role, group in ROLES.items()
        }

    @classmethod
    def _load_languages(cls):
        """Load what lies in i18n; return the codes of the languages."""
        Lang = cls.env["res.lang"].sudo().with_context(active_test=False)
        names = [p.stem for p in Path(get_module_path(MODULE), "i18n").glob("*.po")]
        langs = Lang.search([("iso_code", "in", names)])
        for lang in langs.filtered(lambda lang: not lang.active):
            lang._activate_lang(lang.code)
            cls.env["ir.module.module"].sudo()._load_module_terms([MODULE], [lang.code])
        return langs.mapped("code")

    def _get_readers(self):
        """Yield role, language and an environment, for all of them."""
        for role, user in self.users.items():
            for lang in self.langs:
                user.sudo().lang = lang
                yield role, lang, self.env(user=user, context={"lang": lang})

    @classmethod
    def _get_views(cls):
        """Return the module's views of data, and those of Odoo that it extends."""
        data = cls.env["ir.model.data"].sudo()
        rows = data.search([("module", "=", MODULE), ("model", "=", "ir.ui.view")])
        views = cls.env["ir.ui.view"].sudo().browse(rows.mapped("res_id"))
        shown = views.browse()
        for view in views.filtered(lambda view: view.type != "qweb"):
            while view.mode == "extension":
                view = view.inherit_id
            shown |= view
        return shown

    def _evaluate(self, text, values, parent=None):
        """Evaluate an expression of a view as a client does.

        :param values: of the record shown, see `Values`
        :raise SyntaxError: a client could not read it, a no-break space for instance
        """
        tree = ast.parse(text.strip(), mode="eval")
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        today = date(2026, 3, 4)
        known = {
            "active_id": values.record.id,
            "active_ids": values.record.ids,
            "active_model": values.record._name,
            "allowed_company_ids": self.company.ids,
            "context": {},
            "context_today": lambda: today,
            "current_date": str(today),
            "datetime": datetime,
            "false": False,
            "parent": parent,
            "raw_value": "Azur",
            "relativedelta": relativedelta,
            "self": "Azur",
            "time": time,
            "true": True,
            "uid": values.record.env.uid,
        }
        return safe_eval(
            text,
            {n: known[n] if n in known else getattr(values, n) for n in names},
        )


class Many(list):
    """Ids as the expressions of a client see them."""

    @property
    def length(self):
        return len(self)


class Values:
    """The values of a record as a client has them, those of a new one if there is
    none yet."""

    def __init__(self, record):
        self.record = record

    def __getattr__(self, name):
        field = self.record._fields[name]
        if field.type in ("one2many", "many2many"):
            return Many(self.record[name].ids)
        if not self.record:
            empty = {"integer": 0, "float": 0.0, "monetary": 0.0, "json": Many()}
            return empty.get(field.type, False)
        value = self.record[name]
        if field.type == "many2one":
            return value.id
        return str(value) if isinstance(value, date) else value


@tagged("post_install", "-at_install")
class TestLanguages(LanguagesCommon):
    """Every screen opens, whoever looks at it, in whatever language."""

    def test_every_language_has_its_terms(self):
        self.assertIn("fr_FR", self.langs)

    def test_no_language_changes_code(self):
        """The views of data, pages and letters alike: a language brings words."""
        rows = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", MODULE), ("model", "=", "ir.ui.view")])
        )
        for view in self.env["ir.ui.view"].sudo().browse(rows.mapped("res_id")):
            english, *others = (
                get_code(etree.fromstring(view.with_context(lang=lang).arch_db))
                for lang in self.langs
            )
            for lang, code in zip(self.langs[1:], others, strict=True):
                with self.subTest(view=view.xml_id, lang=lang):
                    self.assertEqual(code, english)

    def test_every_view_opens(self):
        """Manager, collector, salesperson, accountant: what they may see, they see."""
        views = self._get_views()
        opened = dict.fromkeys(self.users, 0)
        expressions = {}
        for role, _lang, env in self._get_readers():
            for view in views.with_env(env):
                if not env[view.sudo().model].has_access("read"):
                    continue
                kind = view.sudo().type
                arch = env[view.sudo().model].get_view(view.id, kind)["arch"]
                opened[role] += 1
                for key in self._get_expressions(etree.fromstring(arch), view.sudo()):
                    expressions.setdefault(key, view.sudo().xml_id)
        self.assertGreater(len(expressions), 300)
        for role, count in opened.items():
            self.assertTrue(count, role)
        for (model, outer, name, text), view in expressions.items():
            with self.subTest(view=view, attribute=name, text=text):
                parent = outer and self._get_example(outer)
                self._evaluate(text, self._get_example(model), parent)

    def _get_expressions(self, arch, view):
        """Yield (model, model around it, attribute, expression) of a view and of those
        inside it."""
        stack = [(arch, view.model, None)]
        while stack:
            node, model, outer = stack.pop()
            for name, text in node.attrib.items():
                if is_expression(name) and text:
                    yield model, outer, name, text
            if node.tag == "field" and len(node):
                field = self.env[model]._fields[node.get("name")]
                model, outer = field.comodel_name or model, model
            children = node.iterchildren(etree.Element)
            stack += [(child, model, outer) for child in children]

    def _get_example(self, model):
        Model = self.env[model].sudo()
        is_stored = not (Model._transient or Model._abstract)
        return Values(Model.search([], limit=1) if is_stored else Model)

    def test_every_filter_searches(self):
        """What a search view offers is a domain or a context in every language."""
        views = self._get_views().filtered(lambda view: view.type == "search")
        self.assertTrue(views)
        for role, lang, env in self._get_readers():
            for view in views.with_env(env):
                Model = env[view.sudo().model]
                if not Model.has_access("read"):
                    continue
                arch = etree.fromstring(Model.get_view(view.id, "search")["arch"])
                for node in arch.iter("filter"):
                    name = f"{view.sudo().xml_id}/{node.get('name')}"
                    with self.subTest(role=role, lang=lang, filter=name):
                        self._apply(node, Model)

    def _apply(self, node, Model):
        """Press a filter: search, or group."""
        if domain := node.get("domain"):
            Model.search(self._evaluate(domain, Values(Model)), limit=1)
        context = self._evaluate(node.get("context") or "{}", Values(Model))
        if group := context.get("group_by"):
            self.assertIn(group.split(":")[0], Model._fields)

    def test_every_menu_leads_somewhere(self):
        """The actions of the windows: domain, context, and what an empty one says."""
        rows = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", MODULE), ("model", "=", "ir.actions.act_window")])
        )
        actions = self.env["ir.actions.act_window"].sudo().browse(rows.mapped("res_id"))
        self.assertTrue(actions)
        for _role, lang, env in self._get_readers():
            for action in actions.with_context(lang=lang):
                Model = env[action.res_model]
                domain = self._evaluate(action.domain or "[]", Values(Model))
                self._evaluate(action.context or "{}", Values(Model))
                if action.help:
                    etree.fromstring(f"<div>{action.help}</div>", etree.HTMLParser())
                if Model.has_access("read") and not Model._transient:
                    Model.search(domain, limit=1)

    def test_every_page_compiles(self):
        """Letters, e-mails, pages of customers: QWeb reads them in every language."""
        views = (
            self.env["ir.ui.view"]
            .sudo()
            .search([("type", "=", "qweb"), ("key", "=like", f"{MODULE}.%")])
        )
        self.assertTrue(views)
        for lang in self.langs:
            qweb = self.env["ir.qweb"].with_context(lang=lang)
            for view in views:
                with self.subTest(page=view.key, lang=lang):
                    qweb._compile(view.id)

    def test_language_loaded_after_installing(self):
        """A company that loads a language later has what it had from the start."""
        for lang in self.langs[1:]:
            before = self._forget(lang)
            self.env["ir.module.module"].sudo()._load_module_terms([MODULE], [lang])
            self.env.invalidate_all()
            after = self._get_terms(lang)
            self.assertTrue(after)
            for key, text in before.items():
                with self.subTest(lang=lang, term=key):
                    self.assertEqual(after[key], text)

    def _get_terms(self, lang):
        """Return {(model, id, field): text} of the module's records in a language."""
        rows = self.env["ir.model.data"].sudo().search([("module", "=", MODULE)])
        terms = {}
        for model, ids in rows.grouped("model").items():
            Model = self.env.get(model)
            if Model is None or model.startswith("ir.model"):
                continue
            records = Model.sudo().browse(ids.mapped("res_id")).exists()
            for name, field in records._fields.items():
                if field.translate and field.store:
                    for record in records.with_context(lang=lang):
                        terms[model, record.id, name] = record[name]
        return terms

    def _forget(self, lang):
        """Make the database what it was before the language; return its terms."""
        terms = self._get_terms(lang)
        self.env.flush_all()
        for model, name in {(model, name) for model, _id, name in terms}:
            ids = [row[1] for row in terms if (row[0], row[2]) == (model, name)]
            table = self.env[model]._table
            self.env.cr.execute(
                f'UPDATE "{table}" SET "{name}" = "{name}" - %s WHERE id = ANY(%s)',
                [lang, ids],
            )
        self.env.invalidate_all()
        self.assertNotEqual(terms, self._get_terms(lang))
        return terms


@tagged("post_install", "-at_install", "browser")
class TestLanguagesInBrowser(LanguagesCommon, HttpCase):
    """What the web client does with it."""

    def test_dispute_opens_in_every_language(self):
        """Litiges, then the first one: the form is there, and no error in its place."""
        dispute = self._dispute(self.late)
        user = self.collector
        user.sudo().tour_enabled = False
        for lang in self.langs:
            user.sudo().lang = lang
            self.browser_js(
                f"/odoo/action-{MODULE}.dunning_dispute_action/{dispute.id}",
                "console.log('test successful')",
                ready="document.querySelector("
                "'.o_form_view [name=opened_date]')"
                " && !document.querySelector('.o_error_dialog')",
                login=user.login,
            )
