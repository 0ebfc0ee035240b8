from datetime import timedelta

from odoo import api, fields, models

from .dunning_declaration import ACCEPTED_STATES, PAYMENT_KINDS

PAYMENT, DISPUTE = "payment", "dispute"


class DunningDeclarationLine(models.Model):
    """Claim of a declaration, with what was open of it when the customer declared."""

    _name = "dunning.declaration.line"
    _description = "Declared Claim"
    _inherit = ["dunning.claim.part.mixin"]
    _claim_owner = "declaration_id"
    _claim_part = "amount"
    _order = "id"
    _form_fields = frozenset()

    declaration_id = fields.Many2one(
        comodel_name="dunning.declaration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    topic = fields.Selection(
        selection=[(PAYMENT, "Payment"), (DISPUTE, "Problem")],
        required=True,
        help="A claim has at most one new declaration about each.",
    )
    is_open = fields.Boolean(help="The declaration is new, and about this claim.")
    left_as = fields.Selection(
        selection=[("settled", "Nothing open any more"), ("replaced", "Replaced")],
        string="No Longer Concerned",
        help="Reason for which the claim left the declaration.",
    )
    held_until = fields.Date(
        help="Last day on which the claim is not followed up for this declaration.",
    )
    company_currency_id = fields.Many2one(
        related="declaration_id.company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(
        string="Declared in Company Currency", currency_field="company_currency_id"
    )
    amount_currency = fields.Monetary(
        string="Declared", help="In the claim's currency."
    )
    residual_before = fields.Monetary(
        string="Open When Declared",
        currency_field="company_currency_id",
    )
    residual_currency_before = fields.Monetary(
        string="Open When Declared in Currency", help="In the claim's currency."
    )
    last_partial_id = fields.Integer(
        help="Reconciliations up to this one came before the declaration."
    )

    _claim_declared_once = models.UniqueIndex(
        "(move_line_id, topic) WHERE is_open",
        "Somebody has just declared something else about this invoice: open the page "
        "again to see it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create the claims of new declarations, and of new instalments of an edited
        invoice, with what is open of them.

        :raise UserError: by hand
        """
        if not self._holds_journal():
            return super().create(vals_list)
        items = self.env["account.move.line"].browse(
            vals["move_line_id"] for vals in vals_list
        )
        earlier = self.search([("move_line_id", "in", items.ids)], order="id")
        earlier = earlier.grouped("move_line_id")
        filled = [
            {
                **self._prepare_values(
                    self.env["dunning.declaration"].browse(vals["declaration_id"]),
                    item,
                    earlier.get(item, self.browse()),
                ),
                **vals,
            }
            for vals, item in zip(vals_list, items, strict=True)
        ]
        return super().create(filled)

    @api.model
    def _prepare_values(self, declaration, item, earlier):
        """Return the values that a line takes from its declaration and its item.

        :param earlier: lines of earlier declarations about the item, oldest first
        """
        is_payment = declaration.kind in PAYMENT_KINDS
        return {
            "topic": PAYMENT if is_payment else DISPUTE,
            "is_open": declaration.state == "new",
            "held_until": earlier._get_hold_end() or declaration.expiry_date,
            **self._prepare_standing(item),
        }

    @api.model
    def _prepare_standing(self, item):
        """Return the values of what is open of an item now."""
        return {
            "residual_before": item.amount_residual,
            "residual_currency_before": item.amount_residual_currency,
            "last_partial_id": max(item.matched_credit_ids.ids, default=0),
        }

    def _get_hold_end(self):
        """Return the last day on which the earlier declarations about a claim hold it:
        that of the first since a person accepted one. Later ones hold it no longer, and
        not at all once the first was refused.

        :return: date, None if they leave the whole time to the next one
        """
        ends = []
        for line in self:
            declaration = line.declaration_id
            if declaration.state not in ACCEPTED_STATES:
                ends.append(line._get_real_end())
            elif not declaration.is_automatic:
                ends = []
        return min(filter(None, ends), default=None)

    def _get_real_end(self):
        """Return the last day on which the declaration held the claim, or will."""
        declaration = self.declaration_id
        if declaration.state != "refused":
            return self.held_until
        return min(self.held_until, declaration.decided_date - timedelta(days=1))

    @api.model
    def _get_open_part_domain(self):
        return [("is_open", "=", True)]

    @api.model
    def _get_max_amount(self, owner, item):
        topic = PAYMENT if owner.kind in PAYMENT_KINDS else DISPUTE
        rivals = [
            ("move_line_id", "=", item.id),
            ("declaration_id", "!=", owner.id),
            ("topic", "=", topic),
            ("is_open", "=", True),
        ]
        return 0 if self.search_count(rivals, limit=1) else abs(item.balance)

    def _fit_to_instalments(self, moves):
        """Share the declarations out over the new instalments; no more was open than
        the edited invoice asks for."""
        result = super()._fit_to_instalments(moves)
        # sudo: as for sharing out
        lines_sudo = self.sudo().search(
            [
                ("move_id", "in", moves.ids),
                ("move_line_id", "!=", False),
                *self._get_open_part_domain(),
            ]
        )
        for line in lines_sudo:
            open_now = self._prepare_standing(line.move_line_id)
            del open_now["last_partial_id"]
            line.write(
                {name: min(line[name], amount) for name, amount in open_now.items()}
            )
        return result

    def _take(self, wanted):
        """Declare up to the wanted and open amount of the claim.

        :param wanted: amount in company currency
        """
        self.ensure_one()
        item = self.move_line_id
        amount = max(min(wanted, item.amount_residual), 0)
        part = amount / item.amount_residual if amount else 0
        self.write(
            {
                "amount": amount,
                "amount_currency": item.currency_id.round(
                    item.amount_residual_currency * part
                ),
            }
        )
        return amount

    def _is_over(self):
        """Return whether nothing is open of the claim for this customer any more: paid,
        credited, cancelled, deleted, or moved to another customer."""
        self.ensure_one()
        if not self.move_line_id:
            return not self.move_id or self.move_id.state == "cancel"
        item = self.move_line_id
        if item.parent_state == "draft":
            return False
        is_open = item.parent_state == "posted" and item.amount_residual > 0
        return not is_open or not self._is_owed(item)

    def _leave(self, why, heir=None):
        """Take claims out of their declarations; a declaration left without any is
        replaced or settled.

        :param why: code of the selection of `left_as`
        :param heir: dunning.declaration that replaces them
        """
        # sudo: as for the declaration, claims are never written by hand
        self.sudo().write({"left_as": why, "is_open": False})
        # The database refuses a second open line before this one is closed.
        self.flush_recordset()
        emptied = self.declaration_id.filtered(
            lambda declaration: (
                declaration.is_undecided
                and all(line.left_as for line in declaration.line_ids)
            )
        )
        if emptied:
            emptied._conclude(why, replaced_by_id=heir and heir.id)
            emptied._log_state()

    def _get_amount_left(self):
        """Return the declared amount in company currency, at most what is open now:
        payments since the declaration are first for what nobody disputes."""
        self.ensure_one()
        return min(self.amount, self.move_line_id.amount_residual)
