import contextlib
import inspect
import re
from base64 import b64encode
from collections import defaultdict
from pathlib import Path

from odoo import Command, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import day
from .rights_table import read_table
from .rights_world import KEY, MODULE, ROLES, RightsWorld

CODE = f"odoo.addons.{MODULE}"
# Models whose fields have rows of their own: core's, and those that keep history.
HISTORY = (
    "dunning.absence",
    "dunning.action",
    "dunning.action.line",
    "dunning.call",
    "dunning.committee",
    "dunning.committee.case",
    "dunning.declaration",
    "dunning.declaration.line",
    "dunning.declaration.term",
    "dunning.delivery",
    "dunning.deposit",
    "dunning.dispatch",
    "dunning.dispute",
    "dunning.dispute.claim",
    "dunning.handover",
    "dunning.handover.cost",
    "dunning.legal.agreement",
    "dunning.legal.charge",
    "dunning.legal.waiver",
    "dunning.nonpayment",
    "dunning.promise",
    "dunning.promise.claim",
    "dunning.promise.term",
    "dunning.submission",
    "dunning.visit",
)
TEXTS = ("char", "text", "html")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Roles of the README, and what its columns stand for in the table.
README_HEAD = "Who may do what"
README_ROLES = {
    "visitor": "visitor",
    "customer on the portal": "portal_own",
    "another customer on the portal": "portal_other",
    "colleague": "internal",
    "colleague who keeps contacts": "contacts",
    "salesperson of a customer": "salesperson",
    "billing": "billing",
    "accountant": "accountant",
    "collector": "collector",
    "collector of another company": "collector_elsewhere",
    "collector of a branch": "collector_branch",
    "collection manager": "manager",
    "manager of another company": "manager_elsewhere",
    "settings": "settings",
}
README_COLUMNS = {
    "sees the follow-up": ("model", "dunning.action", "", "r"),
    "prints the statement": ("report", "statement_of_account", "", "x"),
    "notes answers": ("method", "dunning.action", "action_note_answer", "x"),
    "works the desk": ("method", "dunning.action", "action_confirm", "x"),
    "decides in the committee": (
        "method",
        "dunning.committee.case",
        "action_decide",
        "x",
    ),
    "sets up": ("model", "dunning.scenario", "", "w"),
}
README = Path(__file__).parents[2] / "README.md"


class Undone(Exception):
    """Ends what was tried, so that nothing of it stays."""


@tagged("post_install", "-at_install")
class TestRights(RightsWorld, HttpCase):
    """Who may do what, told by hand in `rights.csv`, tried thing by thing.

    The table has a row per class of things and a column per role. `kind` is

        model   `of` names models: r read, w write, c create, u delete, of a record that
                is about the customer of the story (see `RightsWorld`)
        field   `names` of the model: r reads what is there (neither refused nor shown
                as empty), w may write another value by hand; lists of other records are
                written as those are
        method  `names` of public methods: x may call them on that record
        report  x may print or see it about the customer, whichever way
        route   x is given the page
        wizard  x may open the dialog about the customer

    Several models or names stand in one cell, separated by spaces. An empty cell is
    nothing; so is what is not named: a thing without a row fails this test, as does a
    row without its thing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read_table()
        cls.ours = {
            name: cls.env[name]
            for name, model in cls.env.registry.items()
            if model._original_module == MODULE
        }

    def setUp(self):
        super().setUp()
        self._start_stubs()
        self.truths = {}
        self.env.flush_all()

    # ---- comparing -------------------------------------------------------------------

    def assertTable(self, kind, found):
        """Compare what was found with the table; all differences are told at once.

        :param found: {(model, name): {role: letters}}
        """
        told = {key[1:]: cells for key, cells in self.table.items() if key[0] == kind}
        lines = [f"no row: {kind} {' '.join(key)}" for key in found.keys() - told]
        lines += [
            f"there is none: {kind} {' '.join(key)}" for key in told.keys() - found
        ]
        for key in sorted(found.keys() & told):
            for role in ROLES:
                may, should = (
                    "".join(sorted(letters)) or "nothing"
                    for letters in (found[key][role], told[key][role])
                )
                if may != should:
                    lines.append(
                        f"{kind} {' '.join(key)}: {role} may {may}, table: {should}"
                    )
        self.assertFalse(lines, "\n" + "\n".join(sorted(lines)))

    @contextlib.contextmanager
    def _undone(self):
        """Try something, and undo it."""
        with contextlib.suppress(Undone), self.env.cr.savepoint():
            yield
            raise Undone
        self.env.invalidate_all()

    def _is_allowed(self, function, refusals=AccessError):
        """Tell whether something is not refused; what fails otherwise is allowed."""
        self.env.invalidate_all()
        try:
            with mute_logger("odoo.sql_db"), self._undone():
                function()
        except refusals as error:
            return isinstance(error, ValidationError)
        except Exception:
            return True
        return True

    def _get_sample(self, model, role):
        return self._as(role)[model].browse(self.samples[model].ids)

    # ---- models ----------------------------------------------------------------------

    def test_models(self):
        """Whoever reads, writes, creates or deletes what."""
        found = {}
        for name, model in self.ours.items():
            if model._abstract or model._transient:
                continue
            self.assertTrue(self.samples[name], f"{name} has no record in the story")
            found[name, ""] = {
                role: {
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self._get_sample(name, role).has_access(operation)
                }
                for role in ROLES
            }
        self.assertTable("model", found)

    # ---- fields ----------------------------------------------------------------------

    def _get_fields(self):
        """Return {model: names of our fields} of core's models and of the history."""
        found = {}
        for name in self.env.registry:
            model = self.env[name]
            if model._abstract or (name in self.ours and name not in HISTORY):
                continue
            names = [
                field.name
                for field in model._fields.values()
                if set(field._modules) == {MODULE}
                and not (field.inherited or field.name in models.MAGIC_COLUMNS)
            ]
            if names:
                found[name] = names
        return found

    def _get_read(self, model, names, role):
        """Return which of the fields a role reads as they are."""
        sample = self._get_sample(model, role)
        if not sample.has_access("read"):
            return set()
        truth = self._get_truth(model, names)

        def read(some):
            self.env.invalidate_all()
            try:
                row = sample.read(some, load="")[0]
            except AccessError:
                return set()
            return {n for n in some if row[n] or not truth[n]}

        together = read(names)
        return together or {name for name in names if read([name])}

    def _get_truth(self, model, names):
        if model not in self.truths:
            self.env.invalidate_all()
            self.truths[model] = self.samples[model].read(names, load="")[0]
        return self.truths[model]

    def _get_written(self, model, names, role):
        """Return which of the fields a role may write by hand."""
        sample = self._get_sample(model, role)
        if not sample.has_access("write"):
            return set()
        written = set()
        for name in names:
            field = sample._fields[name]
            if not (field.store or field.inverse) or field.type == "one2many":
                continue
            value = self._get_another(field, self.samples[model])
            if self._is_allowed(
                lambda name=name, value=value: sample.write({name: value}),
                (AccessError, UserError),
            ):
                written.add(name)
        return written

    def _get_another(self, field, record):
        """Return another value than a field has, as it is written."""
        value = record[field.name]
        if field.type == "many2many":
            return [Command.set(value.ids[1:])]
        if field.type == "many2one":
            others = {"res.partner": self.borel, "res.users": self.users["manager"]}
            wanted = [("id", "!=", value.id)]
            other = others.get(field.comodel_name)
            return (other or self.su[field.comodel_name].search(wanted, limit=1)).id
        if field.type == "selection":
            codes = field.get_values(self.env)
            return next(code for code in codes if code != value)
        if field.type == "boolean":
            return not value
        if field.type in ("date", "datetime"):
            return day("03-25")
        if field.type == "binary":
            return b64encode(b"another")
        return f"{value or ''}1" if field.type in TEXTS else value + 1

    def test_fields(self):
        """Whoever reads and writes what is in a field of ours."""
        found = {}
        for model, names in self._get_fields().items():
            if model not in self.samples:
                continue  # dialogs: see the wizards
            cells = {name: defaultdict(set) for name in names}
            for role in ROLES:
                for name in self._get_read(model, names, role):
                    cells[name][role].add("r")
                for name in self._get_written(model, names, role):
                    cells[name][role].add("w")
            found |= {(model, name): cells[name] for name in names}
        self.assertTable("field", found)

    def test_what_is_not_read_is_not_found(self):
        """Neither a search nor an order nor a sum tells what a field holds."""
        told = []
        for (kind, model, name), cells in self.table.items():
            field = kind == "field" and self.env[model]._fields.get(name)
            if not field or not field._description_searchable:
                continue
            if field.type == "one2many":
                continue  # told by Odoo to whoever reads the list, by its rules
            for role in ROLES:
                if "r" in cells[role] or not self._get_sample(model, role).has_access(
                    "read"
                ):
                    continue
                found = self._find_by(model, field, role)
                if found:
                    told.append(f"{role} finds {model} by {name}: {found}")
        self.assertFalse(told, "\n".join(told))

    def _find_by(self, model, field, role):
        """Return how a role finds the sample by a field; None: it does not."""
        sample = self._get_sample(model, role)
        mine = [("id", "in", sample.ids)]
        value = self.samples[model][field.name]
        value = value.ids if field.relational else value
        operator = "in" if field.relational else "="
        ways = {
            "set": lambda: sample.search([*mine, (field.name, "!=", False)]),
            "value": lambda: (
                value
                and field.type != "binary"
                and sample.search([*mine, (field.name, operator, value)])
            ),
            "group": lambda: (
                field.store
                and any(row[0] for row in sample._read_group(mine, [field.name]))
            ),
            "order": lambda: (
                field.store
                and not sample._has_field_access(field, "read")
                and sample.search(mine, order=field.name)
            ),
        }
        for way, function in ways.items():
            self.env.invalidate_all()
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    if function():
                        return way
            except Exception:
                continue
        return None

    def test_fields_of_users(self):
        """What a user inherits from their contact is shown to the same groups."""
        for model in ("res.users", "account.bank.statement.line"):
            for field in self.env[model]._fields.values():
                if field.inherited and set(field._modules) == {MODULE}:
                    with self.subTest(model=model, field=field.name):
                        self.assertEqual(field.groups, field.related_field.groups)

    # ---- methods ---------------------------------------------------------------------

    def _get_methods(self):
        """Return {model: names of public methods} that our classes define; what every
        model of Odoo has is told by the rows of kind model and field."""
        everywhere = set(dir(self.env.registry["base"]))
        found = defaultdict(set)
        for name, model in self.env.registry.items():
            core = () if name in self.ours else self._get_core_names(model)
            for part in model.__mro__:
                if not part.__module__.startswith(CODE):
                    continue
                found[name].update(
                    method
                    for method, function in vars(part).items()
                    if inspect.isfunction(function)
                    and not method.startswith("_")
                    and method not in everywhere
                    and method not in core
                )
        abstract = {
            name
            for name, model in self.ours.items()
            if model._abstract and name.endswith(".mixin")
        }
        return {
            name: names
            for name, names in found.items()
            if names and name not in abstract
        }

    def _get_core_names(self, model):
        parts = [part for part in model.__mro__ if not part.__module__.startswith(CODE)]
        return set().union(*map(vars, parts))

    def test_methods(self):
        """Whoever may call what, by a button or otherwise."""
        found = {}
        for model, methods in self._get_methods().items():
            roles = self._get_openers(model)
            for method in methods:
                found[model, method] = {
                    role: {"x"}
                    if role in roles and self._may_call(model, method, role)
                    else set()
                    for role in ROLES
                }
        self.assertTable("method", found)

    def _get_openers(self, model):
        """Return the roles that may open a dialog; of other models, all."""
        if not self.env[model]._transient:
            return ROLES
        return [role for role in ROLES if self._may_open(model, role)]

    def _may_open(self, model, role):
        return self._is_allowed(lambda: self._open_dialog(model, self._as(role)))

    def _may_call(self, model, method, role):
        Model = self._as(role)[model]

        def call():
            if Model._transient:
                records = self._open_dialog(model, Model.env)
            elif Model._abstract:
                records = Model
            else:
                records = self._get_sample(model, role)
            if getattr(getattr(Model, method), "_api_model", False):
                records = Model
            getattr(records, method)(*self._get_arguments(method))

        return self._is_allowed(call)

    def _get_arguments(self, method):
        """Return what a method is called with, nothing by default."""
        arguments = {
            "action_change_channel": ("letter",),
            "action_postpone": (day("03-20"),),
            "get_desk_summary": ([],),
            "get_preview": ("2026-03-04", "2026-03-05"),
            "rating_apply": (3, self.samples["rating.rating"].access_token),
        }
        return arguments.get(method, ())

    # ---- dialogs ---------------------------------------------------------------------

    def test_wizards(self):
        """Whoever may open a dialog about the customer."""
        found = {}
        for name, model in self.ours.items():
            if not model._transient:
                continue
            roles = self._get_openers(name)
            found[name, ""] = {
                role: {"x"} if role in roles else set() for role in ROLES
            }
        self.assertTable("wizard", found)

    def test_dialogs_are_ones_own(self):
        """What the manager types, and about whom, is read by nobody else."""
        for name, model in self.ours.items():
            if not model._transient:
                continue
            with self._undone():
                dialog = self._open_dialog(name, self._as("manager"))
                for role in ROLES:
                    if role != "manager":
                        with self.subTest(dialog=name, role=role):
                            other = dialog.with_env(self._as(role))
                            self.assertFalse(other.has_access("read"))

    # ---- reports ---------------------------------------------------------------------

    def _get_reports(self):
        """Return our reports, and the sample that each is about."""
        reports = self.su["ir.actions.report"].search(
            [("report_name", "like", f"{MODULE}.%")]
        )
        return [(report, self.samples[report.model]) for report in reports]

    def _render(self, report, record, role):
        """See a report as its page and as PDF; refuse what shows nothing of the claim
        that the customer has."""
        reports = self._as(role)["ir.actions.report"]
        page, _type = reports._render_qweb_html(report.report_name, record.ids)
        reports._render_qweb_pdf(report.report_name, record.ids)
        if self.claim.move_id.name.encode() not in page:
            raise AccessError(report.name)

    def test_reports(self):
        """Whoever prints a customer's documents."""
        found = {}
        for report, record in self._get_reports():
            name = report.report_name.removeprefix(f"{MODULE}.")
            found[name, ""] = {
                role: {"x"}
                if self._is_allowed(
                    lambda r=report, c=record, role=role: self._render(r, c, role)
                )
                else set()
                for role in ROLES
            }
        self.assertTable("report", found)

    # ---- routes ----------------------------------------------------------------------

    def _get_routes(self):
        """Return {route of ours: (address in the story, what its page shows)}."""
        delivery = self.samples["dunning.delivery"]
        key = self.samples["rating.rating"].access_token
        ours = f"/{MODULE}"
        preview = (
            f"channel=letter&company_id={self.company.id}&action_id={self.action.id}"
        )
        return {
            # It leads to the page.
            "/my/follow-up/<string:delivery_id>/<string:token>": (
                f"/my/follow-up/{delivery.id}/{KEY}",
                self.claim.move_id.name,
            ),
            "/f/<string:key>": (f"/f/{KEY}", self.claim.move_id.name),
            "/f/<string:key>/statement.<string:kind>": (
                f"/f/{KEY}/statement.xlsx",
                "PK",
            ),
            "/f/<string:key>/invoice/<string:item>": (
                f"/f/{KEY}/invoice/{self.claim.id}",
                self.claim.move_id.name,
            ),
            # What is sent is not asked for; nothing was answered; there is no account.
            "/f/<string:key>/answer": (f"/f/{KEY}/answer", self.claim.move_id.name),
            "/f/<string:key>/done/<string:number>": (f"/f/{KEY}/done/1", "Thank you"),
            "/f/<string:key>/code": (f"/f/{KEY}/code?i={self.claim.id}", "PNG"),
            # Why there is no letter: so much stands in its way.
            f"{ours}/preview": (f"{ours}/preview?{preview}", "would be sent"),
            f"{ours}/scenario/<string:scenario_id>": (
                f"{ours}/scenario/{self.scenario.id}",
                "reminder_1",
            ),
            "/rate/<string:token>/<string:rate>": (f"/rate/{key}/3", "score_5"),
            "/rate/<string:token>/submit_feedback": (
                f"/rate/{key}/submit_feedback",
                "score_5",
            ),
        }

    def test_routes(self):
        """Whoever is given a page by its address, not one to log in."""
        rules = _generate_routing_rules(self.env.registry._init_modules, False)
        ours = {url for url, page in rules if page.__module__.startswith(CODE)}
        routes = self._get_routes()
        found = {(route, ""): defaultdict(set) for route in ours}
        for role in ROLES:
            login = role != "visitor" and self.users[role].login
            self.authenticate(login or None, login or None)
            for route in ours & routes.keys():
                address, shown = routes[route]
                answer = self.url_open(address, allow_redirects=False)
                if answer.status_code == 200 and shown in answer.text:
                    found[route, ""][role].add("x")
        self.assertTable("route", found)

    # ---- README ----------------------------------------------------------------------

    def _read_readme(self):
        """Return the table of the README: {role: {head of a column: cell}}."""
        text = README.read_text(encoding="utf-8")
        (section,) = re.findall(rf"^#+ {README_HEAD}$(.*?)^#", text, re.S | re.M)
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("|")
        ]
        heads, _rule, *rows = rows
        return {
            row[0].lower(): dict(zip(heads[1:], row[1:], strict=True)) for row in rows
        }

    def test_readme(self):
        """The table of the README names the roles, and agrees where it says *yes*."""
        for name, cells in self._read_readme().items():
            self.assertIn(name, README_ROLES)
            for head in cells.keys() & README_COLUMNS.keys():
                *key, letter = README_COLUMNS[head]
                should = letter in self.table[tuple(key)][README_ROLES[name]]
                with self.subTest(role=name, column=head):
                    self.assertEqual(cells[head].startswith("yes"), should)
