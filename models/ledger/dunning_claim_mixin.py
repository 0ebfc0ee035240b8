from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningClaimMixin(models.AbstractModel):
    """What remembers a claim through the life of its entry.

    Editing a draft deletes and rewrites Odoo's instalment lines: the record keeps entry
    and place, and takes the new line over when the entry is posted again.
    """

    _name = "dunning.claim.mixin"
    _description = "Reference to a Claim"
    _inherit = ["dunning.guard.mixin"]

    # Field of what the customer said about the claim, for records that belong to such.
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
        """Remember the entry of each claim."""
        records = super().create(vals_list)
        for record in records.filtered(lambda record: not record.move_id):
            record._journal().move_id = record.move_line_id.move_id
        return records

    @api.constrains("move_line_id")
    def _check_move_line_id(self):
        """What a customer says is about what they owe to the company."""
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
        """Return the names of the models that remember claims, in their order."""
        registry = self.env.registry
        return sorted(
            name
            for name in registry.descendants([self._name], "_inherit")
            if not registry[name]._abstract
        )

    def _fit_to_instalments(self, moves):
        """Follow entries that were posted again with other instalments, see
        `dunning.claim.part.mixin`."""

    def _adopt_orphans(self, moves):
        """Give the items of posted entries what is on record about the items that they
        replace, by instalment order."""
        # sudo: who posts an invoice may not write follow-up records
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
        """Tell whether these records may take an item over.

        :param item: account.move.line at their place in the entry
        """
        return self._is_owed(item)

    def _move_to(self, item):
        """Let an item take these records over; they may give it what they know."""
        self.move_line_id = item

    def _is_owed(self, item):
        """Tell whether an item is owed by those whose words these records belong to,
        to their company."""
        return all(
            item.partner_id.commercial_partner_id == owner.partner_id
            and item.company_id == owner.company_id
            for owner in self._get_claim_owners()
        )

    def _get_claim_owners(self):
        """Return the records that say whose these claims are."""
        return self.mapped(self._claim_owner) if self._claim_owner else ()

    def _number_instalments(self, moves):
        """Remember the place of each item among the instalments of its entry, before
        the entry is edited."""
        # sudo: who resets an invoice to draft may not write follow-up records
        records = self.sudo().search(
            [("move_line_id", "!=", False), ("move_id", "in", moves.ids)]
        )
        numbers = self._get_instalments(records.move_id)
        for item, of_item in records.grouped("move_line_id").items():
            if item in numbers:
                of_item.instalment = numbers[item]

    def _get_instalments(self, moves):
        """Return {receivable item: its place in its entry, from 1}, by due date."""
        items = moves.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        ).sorted(lambda item: (item._dunning_due_date(), item.id))
        return {
            item: number
            for of_move in items.grouped("move_id").values()
            for number, item in enumerate(of_move, start=1)
        }
