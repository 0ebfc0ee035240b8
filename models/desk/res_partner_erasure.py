from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..journal.dunning_action import OPEN_STATES

# Personal details beyond amounts and days: addresses, and what was written and said.
# All of it is text, cleared in every record.
ERASED = {
    "dunning.action": (
        "mail_body",
        "mail_subject",
        "reason",
        "satisfaction_words",
        "untick_note",
    ),
    "dunning.action.line": ("reason",),
    "dunning.call": ("note", "phone"),
    "dunning.declaration": (
        "address_prefix",
        "author_name",
        "description",
        "form_token",
        "new_contact_email",
        "new_contact_name",
        "new_contact_phone",
        "note",
        "payment_reference",
        "refusal_text",
    ),
    "dunning.delivery": (
        "key_hash",
        "address",
        "failure_reason",
        "tracking_number",
        "wait_text",
    ),
    "dunning.dispute": ("description", "resolution_note"),
    "dunning.handover": ("note",),
    "dunning.legal.waiver": ("reason",),
    "dunning.nonpayment": ("note", "payment_reference"),
    "dunning.promise": ("note",),
    "dunning.statement.sending": (),
    "dunning.submission": ("last_error", "text"),
    "dunning.visit": ("address", "agreement", "next_step", "situation_text"),
}
ERASED_OF_CONTACTS = (
    "dunning_bounced_email",
    "dunning_lre_consent_date",  # meaningless without its means and proof
    "dunning_lre_consent_means",
    "dunning_lre_consent_proof",
    "dunning_lre_consent_proof_name",
    "dunning_orders_blocked_reason",
    "dunning_returned_address",
    "dunning_stop_reason",
    "dunning_title",
)
ERASED_WORD = "–"  # for required fields
OPEN_ANSWERS = {
    "dunning.declaration": [("state", "=", "new")],
    "dunning.dispute": [("state", "!=", "settled")],
    "dunning.promise": [("state", "=", "open")],
    "dunning.handover": [("taken_back_date", "=", False)],
}


class ResPartner(models.Model):
    """Extend the customer with the erasure of follow-up data on demand, once all is
    settled; amounts and days stay, for accounting and figures."""

    _inherit = "res.partner"

    def action_erase_dunning_data(self):
        """Erase the follow-up data of these customers and their contacts, except
        amounts and days: addresses, texts, letters, messages, ratings.

        :raise AccessError: the user is not an administrator
        :raise UserError: something is still open
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator (Settings) may erase personal data.")
            )
        self.check_access("read")
        # sudo: histories are written by methods only, in all companies
        customers_sudo = self.sudo().commercial_partner_id
        customers_sudo._check_dunning_erasable()
        customers_sudo.with_context(tracking_disable=True)._dunning_erase()
        for customer in self.commercial_partner_id:
            customer.sudo()._message_log(
                body=self.env._(
                    "The follow-up data of this customer was erased by %(user)s; "
                    "amounts and dates stay.",
                    user=self.env.user.name,
                )
            )
        return True

    def _check_dunning_erasable(self):
        for customer in self:
            if customer._dunning_has_open():
                raise UserError(
                    self.env._(
                        "%(customer)s still has open items or actions under way: "
                        "settle them first, in all companies.",
                        customer=customer.name,
                    )
                )

    def _dunning_has_open(self):
        """Return whether anything of the customer is open, in any company."""
        mine = Domain("partner_id", "=", self.id)
        companies = self._dunning_get_companies()
        items = self.env["account.move.line"]
        is_open = items._get_dunning_open_domain(companies, date.max)
        is_theirs = Domain("partner_id", "child_of", self.id)
        waits = Domain("state", "in", OPEN_STATES)
        return bool(
            items.search(is_open & is_theirs, limit=1)
            or self.env["dunning.action"].search(mine & waits, limit=1)
            or any(
                self.env[model].search(mine & Domain(domain), limit=1)
                for model, domain in OPEN_ANSWERS.items()
            )
        )

    def _dunning_get_companies(self):
        """Return all companies, archived ones included."""
        companies = self.env["res.company"].with_context(active_test=False)
        return companies.search([("id", ">", 0)])

    @api.model
    def _get_dunning_erased(self):
        """Add the fields that the rooms do not name themselves."""
        erased = super()._get_dunning_erased()
        for model, names in ERASED.items():
            erased[model].update(names)
        erased["res.partner"].update(ERASED_OF_CONTACTS)
        return erased

    # ---- erasing ---------------------------------------------------------------------

    def _dunning_erase(self):
        erased = self._get_dunning_erased()
        of_contacts = dict.fromkeys(erased.pop("res.partner"), False)
        records = {model: self._dunning_get_kept(model) for model in erased}
        for model, kept in records.items():
            kept.write(
                {
                    name: kept._fields[name].required and ERASED_WORD
                    for name in erased[model]
                }
            )
        self._dunning_erase_files(records)
        self._dunning_erase_messages(records)
        contacts = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        for company in self._dunning_get_companies():
            contacts.with_company(company).write(of_contacts)

    def _dunning_get_kept(self, model):
        """Return the records of a model that are about these customers."""
        path = {"dunning.delivery": "action_id.partner_id"}.get(model, "partner_id")
        if model == "dunning.legal.waiver":
            path = "move_id.commercial_partner_id"
        kept = self.env[model].with_context(active_test=False, tracking_disable=True)
        return kept.search([(path, "in", self.ids)])

    def _dunning_erase_files(self, records):
        """Delete letters, proofs and attachments; also merged files and deposits shared
        with letters of other customers, which are kept elsewhere on their own."""
        deposits = records["dunning.submission"].deposit_id
        files = deposits.filtered("deposited_date").attachment_id
        for model, kept in records.items():
            files |= files.search(
                [("res_model", "=", model), ("res_id", "in", kept.ids)]
            )
            for field in kept._fields.values():
                if field.store and field.comodel_name == files._name:
                    files |= kept[field.name]
        files.unlink()

    def _dunning_erase_messages(self, records):
        """Delete the messages of these records and those copied to the customers,
        finished activities and the comments of ratings."""
        messages = self.env["mail.message"]
        tasks = self.env["mail.activity"].with_context(active_test=False)
        ratings = self.env["rating.rating"]
        for model, kept in records.items():
            mine = Domain("res_id", "in", kept.ids)
            messages |= messages.search(mine & Domain("model", "=", model))
            of_model = mine & Domain("res_model", "=", model)
            tasks |= tasks.search(of_model & Domain("active", "=", False))
            ratings |= ratings.search(of_model)
        ratings.write({"feedback": False})
        tasks.unlink()
        self.env["dunning.chronicle"]._withdraw(messages)
