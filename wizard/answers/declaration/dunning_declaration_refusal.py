from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningDeclarationRefusal(models.TransientModel):
    """Refuse declarations with words for the customers, who get them by e-mail."""

    _name = "dunning.declaration.refusal"
    _description = "Refusal of Declarations"
    _inherit = ["dunning.wizard.mixin"]

    declaration_ids = fields.Many2many(
        comodel_name="dunning.declaration", string="Declarations"
    )
    declaration_count = fields.Integer(
        string="Selected Declarations", compute="_compute_declaration_count"
    )
    text = fields.Text(
        string="Words for the Customer",
        compute="_compute_text",
        store=True,
        readonly=False,
        help="Empty: the usual words for each kind of declaration, in the language of "
        "its reader.",
    )
    unreachable_text = fields.Char(compute="_compute_unreachable_text")

    @api.depends("declaration_ids")
    def _compute_declaration_count(self):
        for refusal in self:
            refusal.declaration_count = len(refusal.declaration_ids)

    @api.depends("declaration_ids")
    def _compute_text(self):
        """Propose the usual words where they are the same for all."""
        for refusal in self:
            texts = set(refusal._get_usual_texts().values())
            refusal.text = texts.pop() if len(texts) == 1 else False

    @api.depends("declaration_ids")
    def _compute_unreachable_text(self):
        for refusal in self:
            declarations = refusal.declaration_ids._origin
            missing = declarations.filtered(lambda d: not d.contact_ids)
            refusal.unreachable_text = bool(missing) and self.env._(
                "No working e-mail address: %(customers)s. Tell them by other means.",
                customers=", ".join(missing.partner_id.mapped("name")),
            )

    def _get_usual_texts(self):
        """Return {declaration: usual words in its reader's language}."""
        return {
            declaration: declaration.with_context(
                lang=declaration.contact_lang
            )._get_refusal_words()
            for declaration in self.declaration_ids._origin
        }

    def action_refuse(self):
        """Refuse the declarations and write to the customers.

        :raise UserError: nothing is selected, or one is decided already
        """
        self.ensure_one()
        declarations = self.declaration_ids
        declarations.check_access("write")
        if not declarations:
            raise UserError(self.env._("Select the declarations first."))
        texts = self._get_usual_texts()
        if text := (self.text or "").strip():
            texts = dict.fromkeys(texts, text)
        declarations._refuse(texts)
        return {"type": "ir.actions.act_window_close"}
