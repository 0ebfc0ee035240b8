from contextlib import suppress

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...setup.guard.guard import by_code
from .dunning_nonpayment import NOT_RECEIVED

TASK = "account_dunning_scenario.mail_activity_type_send_invoice"


class DunningNonpayment(models.Model):
    """Extend the reason with invoices that were not received: they are sent again at
    once, and their scenario restarts on that day (S2-15)."""

    _name = "dunning.nonpayment"
    _inherit = ["dunning.nonpayment", "dunning.correspondence.mixin"]

    resent_date = fields.Date(
        string="Sent Again On",
        readonly=True,
        copy=False,
        help="Day from which the follow-up of the invoice counts.",
    )
    cycle = fields.Integer(
        readonly=True, copy=False, help="Follow-up cycle that began with this reason."
    )

    def _take_effect(self):
        result = super()._take_effect()
        missing = self.filtered(lambda record: record.reason == NOT_RECEIVED)
        for company, records in missing.grouped("company_id").items():
            day = company._dunning_today()
            sent = records._send_invoices()
            sent._journal().resent_date = day
            (records - sent)._ask_to_send()
            records._restart_claims(day)
        return result

    def _get_log_text(self, labels):
        text = super()._get_log_text(labels)
        if self.reason != NOT_RECEIVED:
            return text
        if self.resent_date:
            return self.env._(
                "%(text)s. Sent again to %(addresses)s.",
                text=text,
                addresses=", ".join(self.contact_ids.mapped("email_normalized")),
            )
        return self.env._("%(text)s. To be sent by other means.", text=text)

    def _move_to(self, item):
        """Move to the replacing item, which continues in the cycle that began with the
        resend."""
        result = super()._move_to(item)
        days = [day for day in self.mapped("resent_date") if day]
        item.write(
            {
                "dunning_cycle": max(item.dunning_cycle, *self.mapped("cycle")),
                "dunning_counted_from": max(days, default=item.dunning_counted_from),
            }
        )
        return result

    # ---- sending ---------------------------------------------------------------------

    def _send_invoices(self):
        """Send the invoices by e-mail, as Odoo itself does, to the recipients of
        follow-up messages, each once whatever the number of its instalments.

        :return: the records whose invoice was sent; those whose document Odoo refuses
            to make are left out, and all else that was noted stands
        """
        sent = self.browse()
        sendable = self.filtered(
            lambda record: (
                record.contact_ids
                and record.move_id.is_sale_document(include_receipts=True)
            )
        )
        # Imported invoices are signed by the company, not by OdooBot.
        robot = self.env.ref("base.user_root")
        sendable.move_id.filtered(
            lambda move: move.invoice_user_id == robot
        ).invoice_user_id = False
        for contacts, records in sendable.grouped("contact_ids").items():
            with suppress(UserError), self.env.cr.savepoint():
                self.env["account.move.send"]._generate_and_send_invoices(
                    records.move_id,
                    sending_methods=["email"],
                    mail_partner_ids=contacts.ids,
                )
                sent |= records
        return sent

    def _ask_to_send(self):
        """Ask the collectors to send the invoices that cannot leave by e-mail."""
        for user, records in self._get_by_collector().items():
            quiet = by_code(records.move_id).with_context(
                mail_activity_quick_update=True
            )
            quiet.activity_schedule(
                TASK,
                note=escape(
                    self.env._(
                        "The customer did not receive the invoice, and it cannot be "
                        "sent by e-mail: there is no working address, or no invoice to "
                        "print. Its follow-up counts from the day on which this task "
                        "is done."
                    )
                ),
                user_id=user.id,
            )

    def _restart_claims(self, day):
        self.move_line_id._dunning_restart(day)
        by_cycle = self.grouped(lambda record: record.move_line_id.dunning_cycle)
        for cycle, records in by_cycle.items():
            records._journal().cycle = cycle

    @api.model
    def _register_sent(self, moves):
        """Restart the scenario today for invoices that a user sent by other means.

        :param moves: account.move
        """
        # sudo: the user who does the task may not write follow-up records
        missing_sudo = self.sudo().search(
            [
                ("move_id", "in", moves.ids),
                ("reason", "=", NOT_RECEIVED),
                ("resent_date", "=", False),
            ]
        )
        for company, records in missing_sudo.grouped("company_id").items():
            day = company._dunning_today()
            records.resent_date = day
            records._restart_claims(day)
            note = self.env._("Sent on %(day)s.", day=format_date(self.env, day))
            records.move_id._message_log_batch(dict.fromkeys(records.move_id.ids, note))
