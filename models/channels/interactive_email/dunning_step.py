from odoo import fields, models


class DunningStep(models.Model):
    """Extend steps with answer buttons in their e-mails."""

    _inherit = "dunning.step"

    has_answer_buttons = fields.Boolean(
        string="With Answer Buttons",
        help="The e-mail has buttons that open the customer's own page, to announce a "
        "payment, report a problem or ask a question. Interactive e-mails always have "
        "them.",
    )
