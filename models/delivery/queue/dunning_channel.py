from odoo import models

SERVER_ANSWER_LENGTH = 200


class DunningChannel(models.AbstractModel):
    """Texts and failed addresses for the results of Odoo's outgoing queue: those of
    e-mails, which a channel with other messages overrides."""

    _inherit = "dunning.channel"

    def _explain_failure(self, delivery):
        """Return the reason why a message did not leave the queue, in the company's
        language."""
        env = delivery.with_context(lang=delivery.company_id._dunning_get_lang()).env
        answer = " ".join((delivery.mail_mail_id.failure_reason or "").split())
        values = {"address": delivery.address, "answer": answer[:SERVER_ANSWER_LENGTH]}
        match delivery._get_mail_result():
            case "cancelled":
                return env._("The e-mail was cancelled in Odoo's outgoing queue.")
            case "address":
                return env._(
                    "The mail server refuses the address %(address)s: correct it on "
                    "the customer. Its answer: %(answer)s",
                    **values,
                )
            case "transport":
                return env._(
                    "The mail server could not be reached after several attempts. Try "
                    "again when it works; its last answer: %(answer)s",
                    **values,
                )
        return env._(
            "The mail server refuses the e-mail to %(address)s. Show its answer to "
            "your administrator: %(answer)s",
            **values,
        )

    def _explain_return(self, delivery, email, answer):
        """Return the reason why a message came back, in the company's language.

        :param email: normalized address that it came back from, if that is known
        :param answer: answer of the service, if any
        """
        lang = delivery.company_id._dunning_get_lang()
        return delivery.with_context(lang=lang).env._(
            "The e-mail to %(address)s came back: correct the address on the "
            "customer. %(answer)s",
            address=email or delivery.address,
            answer=(answer or "")[:SERVER_ANSWER_LENGTH],
        )

    def _flag_address(self, delivery, email):
        """Record on the customer's contacts that an address does not work."""
        contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "in", delivery.action_id.partner_id.ids)]
        )
        (contacts | delivery.contact_id)._dunning_flag_emails([email])
