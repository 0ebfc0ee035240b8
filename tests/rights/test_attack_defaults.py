import ast
from collections import defaultdict
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...models.setup.guard.guard import by_code
from ..common import day
from .test_attack_journals import AttackCommon

ROOT = Path(__file__).parents[2]
MAKERS = ("create", "activity_schedule")
SPY = "spy@rival.example.com"


class Maker(ast.NodeVisitor):
    """Finds where code makes records of other modules' models as the caller says."""

    def __init__(self, path):
        self.found = []
        self.path = path
        self.model = ""
        self.named = {}

    def visit_ClassDef(self, node):
        said = {
            target.id: part.value.value
            for part in node.body
            if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
            for target in part.targets
        }
        self.model = said.get("_name") or said.get("_inherit") or ""
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.named = defaultdict(list)
        for part in ast.walk(node):
            if isinstance(part, ast.Assign):
                for target in part.targets:
                    self.named[ast.unparse(target)].append(part.value)
        self.generic_visit(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        function = node.func
        if not (isinstance(function, ast.Attribute) and function.attr in MAKERS):
            return
        receiver = ast.unparse(function.value)
        if receiver.startswith("super(") or receiver.endswith("Command"):
            return
        parts = [part for one in self._trace(function.value) for part in ast.walk(one)]
        names = {part.id for part in parts if isinstance(part, ast.Name)}
        if "by_code" in names or self._is_ours(parts, names, function.attr):
            return
        self.found.append(f"{self.path}:{node.lineno}: {receiver}.{function.attr}")

    def _trace(self, node):
        """Return a receiver and what its names were given in the function."""
        nodes, seen = [node], set()
        for one in nodes:
            for part in ast.walk(one):
                name = part.id if isinstance(part, ast.Name) else None
                if name and name not in seen:
                    seen.add(name)
                    nodes += self.named.get(name, [])
        return nodes

    def _is_ours(self, parts, names, maker):
        """Tell whether the records are ours: those start as their model has it."""
        if maker != "create":
            return False
        models = {
            part.slice.value
            for part in parts
            if isinstance(part, ast.Subscript)
            and ast.unparse(part.value).endswith("env")
            and isinstance(part.slice, ast.Constant)
        }
        models = models or ({self.model} if "self" in names else set())
        return bool(models) and all(name.startswith("dunning.") for name in models)


class TestMakers(TransactionCase):
    def test_all_that_code_makes_is_made_by_code(self):
        """Wherever a mail, a task, a file or an entry is made: no caller fills it."""
        found = []
        for folder in ("models", "wizard", "report", "controllers"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                maker = Maker(path.relative_to(ROOT))
                maker.visit(ast.parse(path.read_text(encoding="utf-8")))
                found += maker.found
        self.assertFalse(found, "\n" + "\n".join(found))


@tagged("post_install", "-at_install")
class TestAttackDefaults(AttackCommon):
    """Camille collects for Azur: her context and the default values that she keeps for
    herself fill nothing that the module makes with more rights than hers."""

    def _keep_spying(self):
        for model, name in (("mail.mail", "email_cc"), ("mail.activity", "summary")):
            self._set_default(self.collector, model, name, SPY)

    def _send_statement(self, **context):
        known = self.env["mail.mail"].search([])
        wizard = self.env["dunning.statement.send"].with_user(self.collector)
        wizard = wizard.with_context(
            active_model="res.partner", active_ids=self.customer.ids
        ).create({})
        wizard.with_context(**context).action_send()
        return self.env["mail.mail"].search([]) - known

    def test_mails_have_no_reader_of_the_callers(self):
        self.customer.email = "azur@example.com"
        press = self.env.registry[
            "report.account_dunning_scenario.statement_of_account"
        ]
        self.patch(
            press,
            "_get_pdfs",
            lambda _self, partners, *_args, **_kwargs: {
                partner: b"%PDF" for partner in partners
            },
        )
        self._keep_spying()
        mail = self._send_statement(
            default_email_cc=SPY,
            default_headers="{'Bcc': 'spy@rival.example.com'}",
            default_auto_delete=True,
            default_is_internal=True,
            default_public=True,
        )
        self.assertFalse(mail.email_cc or mail.headers or mail.auto_delete)
        self.assertFalse(mail.attachment_ids.filtered("public"))

    def test_tasks_are_given_whatever_the_caller_says(self):
        """Skipped by a key of Odoo's, or filled with words of the caller's."""
        self._keep_spying()
        self.customer.email = False
        noted = self.env["dunning.nonpayment"].with_user(self.collector)
        noted = noted.with_context(
            mail_activity_automation_skip=True,
            default_summary=SPY,
            default_active=False,
            default_stand_in_for_id=self.manager.id,
        )
        noted._note(self.claim.with_user(self.collector), "not_received")
        (task,) = self.claim.move_id.activity_ids
        self.assertTrue(task.active)
        self.assertNotIn(SPY, task.summary or "")
        self.assertFalse(task.stand_in_for_id)

    def test_what_is_ours_starts_as_the_model_has_it(self):
        """Whichever model of ours code makes, whatever a caller says of its fields."""
        forged = self.env(
            user=self.collector,
            su=True,
            context={"default_state": "failed", "default_dry_run": True},
        )
        deposits = forged["dunning.deposit"]._add_missing_default_values({})
        honest = self.env(su=True)["dunning.deposit"]._add_missing_default_values({})
        self.assertEqual(deposits.get("state"), honest.get("state"))
        self._set_default(self.collector, "dunning.trouble", "try_count", 7)
        trouble = forged["dunning.trouble"]._add_missing_default_values({})
        self.assertNotEqual(trouble.get("try_count"), 7)

    def test_defaults_of_all_still_count(self):
        """What an administrator sets for everybody is heard."""
        defaults = self.env["ir.default"].sudo()
        defaults.set("mail.mail", "reply_to", "answers@azur.example.com")
        mails = by_code(self.env["mail.mail"].with_user(self.collector))
        values = mails._add_missing_default_values({})
        self.assertEqual(values["reply_to"], "answers@azur.example.com")

    def test_day_is_kept(self):
        """What code itself says in the context goes on."""
        told = by_code(
            self.customer.with_context(dunning_day=day("03-05"), lang="en_US")
        )
        self.assertEqual(told.env.context["dunning_day"], day("03-05"))
        self.assertEqual(told.env.context["lang"], "en_US")
