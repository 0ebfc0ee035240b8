from odoo import api, fields, models


class DunningCorrespondenceMixin(models.AbstractModel):
    """Correspondence with a customer about a promise or a dispute.

    It goes to the addressees of follow-up messages; answers come back to the record. It
    is no reminder: it does not count for the days between contacts.
    """

    _name = "dunning.correspondence.mixin"
    _description = "Correspondence with a Customer"

    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Recipients",
        compute="_compute_contact_ids",
        compute_sudo=True,
    )
    contact_name = fields.Char(compute="_compute_contact_ids", compute_sudo=True)

    @api.depends("partner_id", "company_id")
    def _compute_contact_ids(self):
        Action = self.env["dunning.action"]
        # Addressed like every message of the follow-up; the actions are never saved.
        messages = {
            record: Action.new(
                {"company_id": record.company_id.id, "partner_id": record.partner_id.id}
            )
            for record in self.filtered("partner_id")
        }
        readers = self.env["dunning.envelope"]._get_readers(
            Action.concat(*messages.values())
        )
        for record in self:
            contacts = readers.get(messages.get(record), self.env["res.partner"])
            record.contact_ids = contacts
            person = contacts[:1].filtered(lambda contact: not contact.is_company)
            record.contact_name = person.name

    def _write_to_customers(self, xmlid):
        """Queue an e-mail per record, in the reader's language, in one batch.

        :param xmlid: xml id of a mail.template of this model, without its module
        :return: the records with a reachable customer
        """
        reached = self.filtered("contact_ids")
        if reached:
            template = self.env.ref(f"account_dunning_scenario.{xmlid}")
            template.send_mail_batch(reached.ids)
        return reached
