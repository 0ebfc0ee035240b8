import base64

from odoo import models

from ....setup.guard.guard import by_code


class DunningChannelLetter(models.AbstractModel):
    """Ordinary letters by Odoo's postal service, where the company uses it: they wait
    until the service has sent them, and go back to the desk if it cannot.

    Letters that a person posts, and registered ones, never go there.
    """

    _inherit = "dunning.channel.letter"

    def _deliver(self, deliveries, now):
        result = super()._deliver(deliveries, now)
        self._hand_to_service(deliveries.filtered(self._is_for_service))
        return result

    def _get_service(self, delivery):
        if delivery.snailmail_letter_id:
            return self.env._("the postal service")
        return super()._get_service(delivery)

    def _is_for_service(self, delivery):
        setup = delivery.company_id._dunning_setup_company()
        return (
            setup.dunning_is_snailmail
            and delivery.state == "waiting"
            and delivery.attachment_id
            and not delivery.is_by_hand
            and not delivery.snailmail_letter_id
        )

    def _hand_to_service(self, deliveries):
        """Queue the letters with the postal service.

        A letter that it would refuse, to an address without street, postcode, town or
        country, is not handed over.
        """
        letters = by_code(self.env["snailmail.letter"])
        complete = deliveries.filtered(
            lambda delivery: letters._is_valid_address(delivery.contact_id)
        )
        (deliveries - complete)._fail(
            self.env._(
                "The postal service needs street, postcode, town and country: complete "
                "the customer's address and try again, or post the letter yourself."
            )
        )
        created = letters.create([self._prepare_letter_values(d) for d in complete])
        for delivery, letter in zip(complete, created, strict=True):
            letter.attachment_id = self._create_service_file(delivery, letter)
            delivery.snailmail_letter_id = letter
        if created:
            self.env.ref("snailmail.snailmail_print")._trigger()

    def _prepare_letter_values(self, delivery):
        """Return the values of a letter with a cover page: the service does not print
        the address where the window of our envelopes is."""
        return {
            "model": "dunning.action",
            "res_id": delivery.action_id.id,
            "partner_id": delivery.contact_id.id,
            "company_id": delivery.company_id.id,
            "user_id": self.env.uid,
            "cover": True,
            "color": delivery.company_id.snailmail_color,
            "duplex": delivery.company_id.snailmail_duplex,
        }

    def _create_service_file(self, delivery, letter):
        """Return the letter in the service's format: white margins, cover page."""
        pdf = letter._append_cover_page(
            letter._overwrite_margins(delivery.attachment_id.raw)
        )
        return by_code(self.env["ir.attachment"]).create(
            {
                "name": delivery.attachment_id.name,
                "datas": base64.b64encode(pdf),
                "res_model": "snailmail.letter",
                "res_id": letter.id,
            }
        )

    def _withdraw(self, deliveries):
        """Withdraw the letters from the queue of the service, too."""
        deliveries._recall_letters()
        return super()._withdraw(deliveries)
