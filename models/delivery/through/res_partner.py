from odoo import api, fields, models
from odoo.exceptions import UserError

from ...scenario.dunning_segment import CONTACT_RULES


class ResPartner(models.Model):
    """Contact rule of a customer (S3-03): the follow-up, or their salesperson only."""

    _inherit = "res.partner"

    dunning_contact_rule = fields.Selection(
        selection=CONTACT_RULES,
        string="Contact Through",
        company_dependent=True,
        tracking=True,
        help="Through the salesperson only: messages to the customer become tasks of "
        "the salesperson, ready to send. Empty: same as the segment.",
        groups="base.group_user",
    )

    def _dunning_is_through_salesperson(self, company):
        """Return whether only the salesperson may contact this customer: by its rule in
        the company or a parent company, else by the rule of its segment."""
        self.ensure_one()
        rules = [seen.dunning_contact_rule for seen in self._dunning_in_chain(company)]
        segment = self._dunning_get_segment(company)
        return next(filter(None, rules), segment.contact_rule) == "salesperson"

    def _dunning_check_written_to(self, message, contacts):
        """Check that a message that is to count as sent goes to the customer.

        :param message: mail.message
        :param contacts: res.partner, the intended readers
        :raise UserError: it is a note, or goes to nobody of the customer
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        readers = message.partner_ids.filtered(
            lambda reader: reader.commercial_partner_id == customer
        )
        if message.is_internal or not (readers | (message.partner_ids & contacts)):
            raise UserError(
                self.env._(
                    "Nobody at %(customer)s gets this message: choose a recipient, and "
                    "send it as a message, not as a note.",
                    customer=customer.name,
                )
            )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "dunning_contact_rule"]

    @api.model
    def _get_dunning_collector_fields(self):
        return super()._get_dunning_collector_fields() | {"dunning_contact_rule"}
