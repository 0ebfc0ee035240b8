from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningClaimMixin(models.AbstractModel):
    """Reference to a claim that survives changes of its entry.

    Editing a draft deletes and rewrites Odoo's instalment lines: the record keeps the
    entry and the instalment number, and refers to the new line when the entry is posted
    again.
    """

    _name = "dunning.claim.mixin"
    _description = "Reference to a Claim"
    _inherit = ["dunning.guard.mixin"]

    # Name of the field with the customer's answer, on models that belong to one.
    _claim_owner = None

    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry",
        index="btree_not_null",
        ondelete="set null",
    )
    instalment = fields.Integer(
        help="Place of the item among the instalments of its entry."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Record the entry of each claim."""
        records = super().create(vals_list)
        for record in records.filtered(lambda record: not record.move_id):
            record._journal().move_id = record.move_line_id.move_id
        return records

    @api.constrains("move_line_id")
    def _check_move_line_id(self):
        """Refuse claims that the answer's customer does not owe to its company."""
        for record in self.filtered("move_line_id"):
            item = record.move_line_id
            if not record._is_owed(item):
                owner = record._get_claim_owners()
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is not owed by %(customer)s to %(company)s.",
                        invoice=item.move_id.name,
                        customer=owner.partner_id.name,
                        company=owner.company_id.name,
                    )
                )

    def _get_claim_models(self):
        """Return the sorted names of the models that inherit this mixin."""
        registry = self.env.registry
        return sorted(
            name
            for name in registry.descendants([self._name], "_inherit")
            if not registry[name]._abstract
        )

    def _fit_to_instalments(self, moves):
        """Adjust to the new instalments of entries posted again, see
        `dunning.claim.part.mixin`."""

    def _adopt_orphans(self, moves):
        """Move the records of replaced items to the new items of posted entries, by
        instalment number."""
        # sudo: users who post invoices may not write follow-up records
        orphans = self.sudo().search(
            [("move_line_id", "=", False), ("move_id", "in", moves.ids)]
        )
        if not orphans:
            return
        heirs = {
            (item.move_id, number): item
            for item, number in self._get_instalments(orphans.move_id).items()
        }
        for key, lines in orphans.grouped(lambda o: (o.move_id, o.instalment)).items():
            heir = heirs.get(key)
            if heir and lines._can_move_to(heir):
                lines._move_to(heir)

    def _can_move_to(self, item):
        """Return whether these records may refer to an item.

        :param item: account.move.line with their instalment number
        """
        return self._is_owed(item)

    def _move_to(self, item):
        """Move these records to an item; extensions may copy data to it."""
        self.move_line_id = item

    def _is_owed(self, item):
        """Return whether an item is owed by the customers of these records' answers, to
        their companies."""
        return all(
            item.partner_id.commercial_partner_id == owner.partner_id
            and item.company_id == owner.company_id
            for owner in self._get_claim_owners()
        )

    def _get_claim_owners(self):
        """Return the answers to which these claims belong."""
        return self.mapped(self._claim_owner) if self._claim_owner else ()

    def _number_instalments(self, moves):
        """Record the instalment number of each item before its entry is edited."""
        # sudo: users who reset invoices to draft may not write follow-up records
        records = self.sudo().search(
            [("move_line_id", "!=", False), ("move_id", "in", moves.ids)]
        )
        numbers = self._get_instalments(records.move_id)
        for item, of_item in records.grouped("move_line_id").items():
            if item in numbers:
                of_item.instalment = numbers[item]

    def _get_instalments(self, moves):
        """Return {receivable item: instalment number in its entry, from 1}, by due
        date."""
        items = moves.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        ).sorted(lambda item: (item._dunning_due_date(), item.id))
        return {
            item: number
            for of_move in items.grouped("move_id").values()
            for number, item in enumerate(of_move, start=1)
        }
