from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..setup.guard.guard import by_code


class Charged:
    """Amounts invoiced so far on some claims, in their currencies.

    `indemnified`: invoices, and items of other entries, whose indemnity was invoiced;
    `own`: entries that are such invoices themselves.
    """

    def __init__(self, charges, own):
        self.own = own
        self.indemnified = set()
        self._interest, self._indemnity = Counter(), Counter()
        for charge in charges:
            entry = charge.claim_move_id
            claim = charge.move_line_id or entry
            self._interest[claim] += charge.interest
            self._indemnity[claim] += charge.indemnity
            if charge.indemnity:
                self.indemnified.add(entry if entry.is_invoice(True) else claim)

    def take(self, item, interest):
        """Return (interest, indemnity) invoiced on an item.

        Interest invoiced on items that were deleted when their entry was changed counts
        once for the items that replaced them.

        :param interest: that runs on the item
        """
        own = self._interest[item]
        gone = min(self._interest[item.move_id], max(interest - own, 0))
        self._interest[item.move_id] -= gone
        return own + gone, self._indemnity[item]


class DunningLegalCharge(models.Model):
    """Invoiced interest and indemnity of a claim. They are not claimed again, unless
    their invoice is deleted, cancelled or credited."""

    _name = "dunning.legal.charge"
    _description = "Invoiced Interest"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "id"

    claim_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Claimed Entry",
        index=True,
        required=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Claim",
        index="btree_not_null",
        ondelete="set null",
        help="Empty: the entry has been changed since and has other items now.",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Interest Invoice",
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
        """Return the amounts invoiced so far on the entries of some claims.

        :param items: account.move.line
        :return: Charged
        """
        # sudo: invoiced amounts count regardless of the user's rights
        charges_sudo = self.sudo()
        entries = items.move_id
        return Charged(
            charges_sudo.search(
                self._get_alive_domain() & Domain("claim_move_id", "in", entries.ids)
            ),
            charges_sudo.search(Domain("move_id", "in", entries.ids)).move_id,
        )

    @api.model
    def _get_alive_domain(self):
        return Domain("move_id.state", "!=", "cancel") & Domain(
            "move_id.payment_state", "!=", "reversed"
        )

    @api.model
    def _invoice(self, items, day):
        """Draft the invoices of interest and indemnity on some claims, one per
        customer, company and currency, without VAT: both are outside its scope.

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
            raise UserError(self.env._("No interest is due."))
        self._check_accounts(due.company_id)
        groups = due.grouped(
            lambda i: (i.company_id, i.partner_id.commercial_partner_id, i.currency_id)
        )
        invoices = by_code(self.env["account.move"]).create(
            [
                self._prepare_invoice_values(*key, group, results, day)
                for key, group in groups.items()
            ]
        )
        # sudo: users may not change the record of what they invoice
        self.sudo().create(
            [
                {
                    "claim_move_id": item.move_id.id,
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
                        "First choose the interest and indemnity accounts of "
                        "%(company)s in the settings of the follow-up.",
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
