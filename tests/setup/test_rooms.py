import doctest
from textwrap import dedent

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning_scenario.dev.rooming import codes, plan, walls

PROMISE = """
    from odoo import fields, models

    class DunningPromise(models.Model):
        _name = "dunning.promise"

        broken_date = fields.Date()

        def _judge_items(self, items):
            pass
"""
CUSTOMER = """
    from odoo import fields, models

    class ResPartner(models.Model):
        _inherit = "res.partner"

        dunning_promise_ids = fields.One2many("dunning.promise", "partner_id")
        dunning_kept_rate = fields.Float(related="dunning_promise_ids.broken_date")

        def _tell_promises(self):
            pass

        def _note(self):
            return super()._note()

        def write(self, vals):
            return super().write(vals)
"""
PHONE = """
    from odoo import models

    class DunningChannelPhone(models.AbstractModel):
        _name = "dunning.channel.phone"
        _inherit = ["dunning.channel"]

        def _dial(self, number):
            pass
"""
LETTER = PHONE.replace("Phone", "Letter").replace("phone", "letter")
REGISTERED = """
    from odoo import models

    class DunningChannelRegisteredLetter(models.AbstractModel):
        _name = "dunning.channel.registered_letter"
        _inherit = ["dunning.channel.letter"]
"""
PORT = """
    from odoo import models

    class DunningChannel(models.AbstractModel):
        _name = "dunning.channel"
"""
LISTS = """
    <odoo>
        <record id="dunning_promise_action" model="ir.actions.act_window">
            <field name="res_model">dunning.promise</field>
        </record>
    </odoo>
"""
HOUSE = {
    "models/answers/promise/dunning_promise.py": PROMISE,
    "models/answers/promise/res_partner.py": CUSTOMER,
    "models/scenario/dunning_channel.py": PORT,
    "models/channels/phone/channel.py": PHONE,
    "models/channels/letter/channel.py": LETTER,
    "models/channels/registered_letter/channel.py": REGISTERED,
    "views/answers/dunning_promise_views.xml": LISTS,
}
ITEM = "models/ledger/account_move_line.py"


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """A room knows those it builds on: a folder can be read, or removed, alone."""

    def _find(self, text, name=ITEM):
        """Return what is wrong with one file in the house."""
        sources = {**HOUSE, name: text}
        found = walls.find({name: dedent(text) for name, text in sources.items()})
        return [what for place, what in found if place == name]

    def _find_in_method(self, *lines, name=ITEM):
        """The same of a method of journal items, on which customers promise to pay."""
        head = (
            "from odoo import models",
            "class AccountMoveLine(models.Model):",
            '    _inherit = "account.move.line"',
            "    def _do(self, partner, invoices, values):",
        )
        return self._find("\n".join([*head, *(f"        {x}" for x in lines)]), name)

    def test_doctests(self):
        for module in (codes, plan, walls):
            self.assertFalse(doctest.testmod(module).failed)

    def test_house_holds_by_itself(self):
        found = walls.find({name: dedent(text) for name, text in HOUSE.items()})
        self.assertEqual(found, {})

    def test_rooms_build_on_rooms_below_them(self):
        """Only the paper lies beside the others; none knows itself by another."""
        below = ["paper"]
        for room, known in plan.MAY_KNOW.items():
            if room != "paper":
                self.assertLessEqual({*known}, {*below}, room)
                below.append(room)

    def test_import_of_a_higher_room(self):
        known = "imports models/answers/promise/dunning_promise.py of answers"
        for statement in (
            "from ..answers.promise import dunning_promise",
            "from ..answers.promise.dunning_promise import DunningPromise",
            "import odoo.addons.account_dunning_scenario.models.answers.promise."
            "dunning_promise",
        ):
            self.assertEqual(self._find(statement), [known], statement)
            self.assertEqual(self._find(f"def do():\n    {statement}"), [known])
            self.assertEqual(self._find(statement, "models/law/interest.py"), [])

    def test_model_of_a_higher_room(self):
        """However it is named: as an environment has it, as a field, as a list."""
        for line in (
            'self.env["dunning.promise"].sudo()._judge_items(self)',
            'fields.Many2one(comodel_name="dunning.promise")',
            'fields.Many2one("dunning.promise")',
            'for model in ("dunning.promise", "res.partner"): pass',
            "self.env.cr.execute('SELECT 1 FROM dunning_promise p')",
            "tables = ('dunning_promise', 'res_partner')",
            "self.promise_id._judge_items(self)",
        ):
            found = self._find_in_method(line)
            self.assertEqual(found, ["knows model dunning.promise of answers"], line)
            self.assertEqual(self._find_in_method(line, name="models/law/x.py"), [])
        mixed = """
            class AccountMove(models.Model):
                _name = "account.move"
                _inherit = ["account.move", "dunning.promise"]
        """
        self.assertEqual(self._find(mixed), ["knows model dunning.promise of answers"])

    def test_field_of_a_higher_room(self):
        """On a record, along a path, as a condition, as a value, as a column."""
        for line in (
            "partner.dunning_promise_ids.unlink()",
            "self.partner_id.mapped('dunning_promise_ids')",
            "self.mapped('partner_id.dunning_promise_ids')",
            "self.search([('partner_id.dunning_promise_ids', '=', False)])",
            "Domain('partner_id.dunning_promise_ids', '=', False)",
            "partner.write({'dunning_promise_ids': values})",
            "SQL('SELECT p.dunning_promise_ids FROM res_partner p')",
        ):
            found = self._find_in_method(line)
            known = ["knows field dunning_promise_ids of answers"]
            self.assertEqual(found, known, line)
        path = """
            class AccountMoveLine(models.Model):
                _inherit = "account.move.line"
                dunning_promises = fields.Many2many(
                    related="partner_id.dunning_promise_ids"
                )

                @api.depends("partner_id.dunning_promise_ids.broken_date")
                def _compute_x(self):
                    pass
        """
        self.assertEqual(
            self._find(path),
            [
                "knows field dunning_promise_ids of answers",
                "knows model dunning.promise of answers",
            ],
        )

    def test_method_of_a_higher_room(self):
        known = ["knows method _tell_promises of answers"]
        self.assertEqual(self._find_in_method("partner._tell_promises()"), known)
        self.assertEqual(self._find_in_method("values[0]._tell_promises()"), known)
        self.assertEqual(self._find_in_method("kinds = ('_tell_promises',)"), known)

    def test_hook_lies_in_the_lower_room(self):
        """What answers extend, they do not bring: who calls it knows its own room."""
        hook = """
            class ResPartner(models.Model):
                _inherit = "res.partner"

                def _note(self):
                    return self._tell()

                def _tell(self):
                    return self._note()
        """
        self.assertEqual(self._find(hook), [])

    def test_methods_of_odoo_are_nobodys(self):
        self.assertEqual(self._find_in_method("partner.write({'name': 'x'})"), [])
        self.assertEqual(self._find_in_method("invoices._note()"), [])
        self.assertEqual(self._find_in_method("invoices.broken_date"), [])
        self.assertEqual(self._find_in_method("values._name"), [])

    def test_words_are_no_names(self):
        """A docstring may tell of promises, and a context be called like a field."""
        self.assertEqual(self._find('"""See dunning.promise."""'), [])
        self.assertEqual(self._find_in_method("values[f'{self.id}_judge_items']"), [])
        line = "self.env.context.get('dunning_promise_ids')"
        self.assertEqual(self._find_in_method(line), [])

    def test_record_of_a_higher_room(self):
        known = ["knows record dunning_promise_action of answers"]
        name = "account_dunning_scenario.dunning_promise_action"
        self.assertEqual(self._find_in_method(f"self.env.ref('{name}')"), known)
        button = """
            <odoo>
                <record id="x" model="ir.ui.view">
                    <field name="arch" type="xml">
                        <button name="%(dunning_promise_action)d" type="action" />
                    </field>
                </record>
            </odoo>
        """
        self.assertEqual(self._find(button, "views/ledger/x_views.xml"), known)
        self.assertEqual(self._find(button, "views/law/x_views.xml"), [])
        model = LISTS.replace("dunning_promise_action", "x")
        known = ["knows model dunning.promise of answers"]
        self.assertEqual(self._find(model, "views/ledger/x_views.xml"), known)

    def test_field_and_button_of_a_view(self):
        """What a view shows of a customer, in a list within it, too."""
        view = """
            <odoo>
                <record id="x" model="ir.ui.view">
                    <field name="model">res.company</field>
                    <field name="arch" type="xml">
                        <form>
                            <field name="partner_id">
                                <list>%s</list>
                            </field>
                        </form>
                    </field>
                </record>
            </odoo>
        """
        for part, known in (
            (
                '<field name="dunning_promise_ids" />',
                "knows field dunning_promise_ids of answers",
            ),
            (
                '<button name="_tell_promises" type="object" />',
                "knows method _tell_promises of answers",
            ),
        ):
            found = self._find(view % part, "views/ledger/x_views.xml")
            self.assertEqual(found, [known])
            self.assertEqual(self._find(view % part, "views/law/x_views.xml"), [])
            added = view.replace('name="partner_id"', 'name="name" position="after"')
            added = added.replace("res.company", "res.partner") % part
            self.assertEqual(self._find(added, "views/ledger/x_views.xml"), [known])
        name = '<field name="name" />'
        self.assertEqual(self._find(view % name, "views/ledger/x_views.xml"), [])

    def test_channel_knows_its_parents_alone(self):
        letter = 'ports = env["dunning.channel.letter"]'
        known = ["knows model dunning.channel.letter of channels/letter"]
        self.assertEqual(self._find(letter, "models/channels/phone/x.py"), known)
        self.assertEqual(self._find(letter, "models/channels/task_channel.py"), known)
        self.assertEqual(self._find(letter, "models/channels/letter/x.py"), [])
        for name in ("models/channels/registered_letter/x.py", "wizard/channels/x.py"):
            self.assertEqual(self._find(letter, name), [])
        listed = "from . import phone\nfrom . import letter"
        self.assertEqual(self._find(listed, "models/channels/__init__.py"), [])

    def test_code_of_a_channel_outside_its_folder(self):
        known = ['names channel "phone" of channels/phone']
        for line in (
            "self.channel == 'phone'",
            "self.step_id.channel in ('phone', 'other')",
            "self.env.context.get('dunning_channel') == 'phone'",
            "self.search([('step_id.channel', '=', 'phone')])",
            "Domain('channel', '!=', 'phone')",
            "self.create({'channel': 'phone' if values else 'other'})",
            "self.with_context(dunning_channel='phone')",
            "self.channel = 'phone'",
            "costs['phone'] = 1",
            "channel = fields.Selection(default='phone')",
            "self.env['dunning.channel']._get('phone')",
        ):
            self.assertEqual(self._find_in_method(line, name="wizard/desk/x.py"), known)
            home = "wizard/channels/phone/x.py"
            self.assertEqual(self._find_in_method(line, name=home), [], line)
        line = "values = ['registered_letter']"
        known = ['names channel "registered_letter" of channels/registered_letter']
        self.assertEqual(self._find_in_method(line), known)

    def test_phone_of_a_customer_is_no_channel(self):
        for line in (
            "partner.read(['phone', 'letter'])",
            "partner.mapped('phone')",
            "{'phone': partner.phone}",
            "values['phone']",
            "source = fields.Selection([('phone', 'Phone')], default='phone')",
        ):
            self.assertEqual(self._find_in_method(line), [], line)

    def test_files_lie_in_rooms(self):
        self.assertEqual(self._find("", "models/x.py"), ["lies in no room"])
        self.assertEqual(self._find("", "models/attic/x.py"), ["attic is no room"])
        self.assertEqual(self._find("", "models/__init__.py"), [])
