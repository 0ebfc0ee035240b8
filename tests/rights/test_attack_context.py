import ast
from pathlib import Path

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import day
from .rights_world import KEY, ROLES, RightsWorld
from .test_attack_journals import AttackCommon

ROOT = Path(__file__).parents[2]
SEALED = "only code puts it there: see `is_sealed`, `get_sealed`, `get_day`"
READERS = ("is_sealed", "get_sealed")
# What protects each key of ours that code reads in the context.
KEYS = {
    "dunning_by_code": SEALED,
    "dunning_binds_later": SEALED,
    "dunning_compiled": SEALED,
    "dunning_customer_told": SEALED,
    "dunning_days": SEALED,
    "dunning_drafting": SEALED,
    "dunning_film_logged": SEALED + "; it counts for the steps of these scenarios",
    "dunning_findings": SEALED,
    "dunning_grayscale": SEALED,
    "dunning_in_place": SEALED,
    "dunning_is_filtering": SEALED,
    "dunning_journal": SEALED + "; it opens the models that code names",
    "dunning_recall": SEALED,
    "dunning_registered": SEALED,
    "dunning_skip_pdf": SEALED,
    "dunning_taking": SEALED + "; lines of others are no part of what is taken",
    "dunning_day": SEALED + ": a date, which no call from outside holds",
    "dunning_channel": SEALED + ": it brings the keys of pages",
    "dunning_pass_on": "a command, checked: `_check_may_pass_on`",
    "dunning_dispute_answer": "a command, checked: `_check_answer`",
    "dunning_dispute_id": "looked for among what the user reads",
    "dunning_domain": "bounded, and looked for among what the user reads",
    "dunning_item_ids": "compared with items that the user reads",
}
# Odoo's own keys that our code reads, besides `default_*`.
CORE_KEYS = {
    "active_id": "read with the rights of the user",
    "active_ids": "read with the rights of the user",
    "active_model": "compared with the name of a model",
    "default_action_id": "read with the rights of the user",
    "install_mode": "counts for the superuser only",
}


def find_keys(path):
    """Return {key: names of the functions that read it} of a file."""
    found = {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        key, reader = None, None
        if isinstance(node, ast.Call):
            function = ast.unparse(node.func)
            if function.endswith("context.get") and node.args:
                key, reader = node.args[0], "get"
            elif function in READERS:
                key, reader = node.args[1], function
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if ast.unparse(node.value).endswith(".context"):
                key, reader = node.slice, "get"
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            if ast.unparse(node.comparators[0]).endswith(".context"):
                key, reader = node.left, "get"
        if key is None:
            continue
        text = getattr(key, "value", None) or texts.get(ast.unparse(key))
        found.setdefault(text or ast.unparse(key), set()).add(reader)
    return found


class TestContextKeys(TransactionCase):
    def test_every_key_is_known(self):
        """Whatever is read in the context is named here, with what protects it."""
        found = {}
        for folder in ("models", "wizard", "report", "controllers"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                for key, readers in find_keys(path).items():
                    if path.name != "guard.py" or key.startswith("dunning_"):
                        found.setdefault(key, set()).update(readers)
        found.pop("key", None)  # keys of Odoo's own, for its cache of texts
        self.assertEqual(found.keys() - KEYS.keys() - CORE_KEYS.keys(), set())
        self.assertEqual((KEYS.keys() | CORE_KEYS.keys()) - found.keys(), set())
        for key, protection in KEYS.items():
            is_own_reader = key in ("dunning_channel", "dunning_day", "dunning_journal")
            if protection.startswith(SEALED) and not is_own_reader:
                with self.subTest(key):
                    self.assertLessEqual(found[key], set(READERS))


@tagged("post_install", "-at_install")
class TestAttackLines(AttackCommon):
    """What is opened for one record is not opened for the lines of another."""

    def assertRefused(self, function):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            function()
        self.env.invalidate_all()

    def _get_commands(self, line, values):
        return (
            Command.update(line.id, values),
            Command.link(line.id),
            Command.set(line.ids),
            Command.delete(line.id),
            Command.unlink(line.id),
        )

    def test_promise_takes_no_claim_of_another(self):
        promises = self.env["dunning.promise"].with_user(self.collector)
        values = {"partner_id": self.customer.id, "amount": 10, "date": day("03-10")}
        first = promises.create(values)
        for name, said in (("claim_ids", {"amount": 1}), ("term_ids", {"amount": 1})):
            line = first[name][:1]
            before = line.sudo().read()[0]
            for command in self._get_commands(line, said):
                with self.subTest(name, command=command[0]):
                    self.assertRefused(
                        lambda n=name, c=command: promises.create({**values, n: [c]})
                    )
                    self.assertEqual(line.sudo().read()[0], before)

    def test_steps_are_changed_where_it_is_told(self):
        """Marion changes a step of one scenario in the form of another."""
        first, second = (
            self.env["dunning.scenario"]
            .with_user(self.manager)
            .create(
                {
                    "name": name,
                    "company_id": self.company.id,
                    "step_ids": [
                        Command.create(
                            {"name": "Call", "code": "call", "channel": "phone"}
                        )
                    ],
                }
            )
            for name in ("First", "Second")
        )
        step = second.step_ids
        for command in self._get_commands(step, {"delay": 99}):
            with self.subTest(command=command[0]):
                self.assertRefused(lambda c=command: first.write({"step_ids": [c]}))
                self.assertRefused(
                    lambda c=command: first.create(
                        {"name": "New", "company_id": self.company.id, "step_ids": [c]}
                    )
                )
        second.write({"step_ids": [Command.update(step.id, {"delay": 9})]})
        self.assertEqual(step.delay, 9)

    def test_installing_is_the_superusers(self):
        """A manager says that she installs: the scenario tells of her change."""
        scenario = self.scenario.with_user(self.manager).sudo()
        before = scenario.message_ids
        step = scenario.step_ids[0].with_context(install_mode=True)
        step.is_enabled = False
        self.assertTrue(scenario.message_ids - before)


@tagged("post_install", "-at_install")
class TestAttackKeys(RightsWorld, HttpCase):
    """Keys of pages are nobody's to read but the customer's whom they were sent to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.samples["dunning.delivery"].write(
            {"state": "done", "channel": "interactive_email"}
        )
        cls.claim.move_id.sudo()._portal_ensure_token()
        cls.action.sudo()._ensure_keys()
        cls.keys = {
            "page": KEY,
            "rating": cls.samples["rating.rating"].access_token,
        }

    def _read(self, record):
        """Return what a user reads of a record, as one text; no file."""
        names = [
            name
            for name, info in record.fields_get(attributes=["type"]).items()
            if info["type"] in ("char", "text", "html")
        ]
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return str(record.read(names))
        except Exception:
            return "".join(self._read_one(record, name) for name in names)

    def _read_one(self, record, name):
        self.env.invalidate_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return str(record.read([name]))
        except Exception:
            return ""

    def test_nobody_reads_keys(self):
        told = []
        for role in ROLES:
            if role == "settings":
                continue  # who sets the server up reads its database, too
            for model, sample in self.samples.items():
                if model in ("rating.rating", "account.move"):
                    continue  # Odoo's own fields: who sees the record sees its key
                for channel in (False, "email", "interactive_email", "letter"):
                    record = self._as(role)[model].browse(sample.ids[:1])
                    record = record.with_context(dunning_channel=channel)
                    if channel and model != "dunning.action":
                        continue
                    if not record.has_access("read"):
                        continue
                    text = self._read(record)
                    told += [
                        f"{role} reads the key of the {kind} in {model} ({channel})"
                        for kind, key in self.keys.items()
                        if key in text
                    ]
        self.assertFalse(told, "\n" + "\n".join(told))
