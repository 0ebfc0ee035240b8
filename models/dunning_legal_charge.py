from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date


class DunningLegalCharge(models.Model):
    """What was invoiced of the interest and the indemnity of a claim: it is not claimed
    a second time, unless its invoice is deleted, cancelled or credited."""

    _name = "dunning.legal.charge"
    _description = "Invoiced Interest"
    _order = "id"

    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Claim",
        index=True,
        required=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice of Interest",
        index=True,
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    interest = fields.Monetary()
    indemnity = fields.Monetary()

    @api.model
    def _get_charged(self, items):
        """Return {item: (interest, indemnity)} invoiced so far, in its currency, and
        those of the items that are such invoices themselves: they bear no interest.

        :param items: account.move.line
        """
        # sudo: what was invoiced counts whoever computes with it
        alive = self.sudo()._get_alive_domain()
        rows = self.sudo()._read_group(
            alive & Domain("move_line_id", "in", items.ids),
            ["move_line_id"],
            ["interest:sum", "indemnity:sum"],
        )
        own = self.sudo().search(Domain("move_id", "in", items.move_id.ids)).move_id
        charged = {item.id: sums for item, *sums in rows}
        return (
            {item: charged[item.id] for item in items if item.id in charged},
            items.filtered(lambda item: item.move_id in own),
        )

    @api.model
    def _get_alive_domain(self):
        return Domain("move_id.state", "!=", "cancel") & Domain(
            "move_id.payment_state", "!=", "reversed"
        )

    @api.model
    def _invoice(self, items, day):
        """Draft the invoices of what is due on some claims, one per customer, company
        and currency, without VAT: interest and indemnity are outside its scope.

        :param items: account.move.line
        :param day: date until which interest runs
        :return: account.move, drafts
        :raise UserError: the accounts are not chosen, nothing is due, a rate is missing
        """
        results = self.env["dunning.legal.interest"]._compute(items, day)
        due = items.filtered(
            lambda item: results[item]["interest"] or results[item]["indemnity"]
        )
        if not due:
            raise UserError(self.env._("Nothing gives a right to interest."))
        self._check_accounts(due.company_id)
        groups = due.grouped(
            lambda i: (i.company_id, i.partner_id.commercial_partner_id, i.currency_id)
        )
        invoices = self.env["account.move"].create(
            [
                self._prepare_invoice_values(*key, group, results, day)
                for key, group in groups.items()
            ]
        )
        # sudo: the trace of what one invoices is not one's own to change
        self.sudo().create(
            [
                {
                    "move_line_id": item.id,
                    "move_id": invoice.id,
                    "interest": results[item]["interest"],
                    "indemnity": results[item]["indemnity"],
                }
                for invoice, group in zip(invoices, groups.values(), strict=True)
                for item in group
            ]
        )
        return invoices

    @api.model
    def _check_accounts(self, companies):
        for company in companies:
            setup = company._dunning_setup_company()
            if not (
                setup.dunning_interest_account_id and setup.dunning_indemnity_account_id
            ):
                raise UserError(
                    self.env._(
                        "Choose the accounts of interest and indemnities of "
                        "%(company)s in the settings of the follow-up first.",
                        company=company.name,
                    )
                )

    @api.model
    def _prepare_invoice_values(self, company, customer, currency, items, results, day):
        setup = company._dunning_setup_company()
        env = self.with_context(lang=customer.lang or self.env.lang).env
        lines = []
        for item in items:
            names = {
                "interest": env._(
                    "Interest on late payment of %(invoice)s until %(day)s",
                    invoice=item.move_id.name,
                    day=format_date(env, day),
                ),
                "indemnity": env._(
                    "Fixed recovery indemnity for %(invoice)s",
                    invoice=item.move_id.name,
                ),
            }
            lines += [
                Command.create(
                    {
                        "name": name,
                        "quantity": 1,
                        "price_unit": results[item][kind],
                        "account_id": setup[f"dunning_{kind}_account_id"].id,
                        "tax_ids": [Command.clear()],
                    }
                )
                for kind, name in names.items()
                if results[item][kind]
            ]
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": customer.id,
            "currency_id": currency.id,
            "invoice_origin": ", ".join(dict.fromkeys(items.move_id.mapped("name"))),
            "invoice_line_ids": lines,
        }
