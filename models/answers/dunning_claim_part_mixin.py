from odoo import api, fields, models


class DunningClaimPartMixin(models.AbstractModel):
    """Part of a claim that an answer is about. It follows the entry when the
    instalments change."""

    _name = "dunning.claim.part.mixin"
    _description = "Part of a Claim"
    _inherit = ["dunning.claim.mixin"]

    # Name of the field with the part, in the currency of the answer.
    _claim_part = None

    due_date = fields.Date(compute="_compute_due_date", compute_sudo=True)

    @api.depends("move_line_id.date", "move_line_id.date_maturity")
    def _compute_due_date(self):
        for part in self:
            item = part.move_line_id
            part.due_date = item and item._dunning_due_date()

    def _take(self, wanted):
        """Take up to the wanted amount of what is open of the claim.

        :param wanted: amount in the currency of the answer
        :return: the amount taken, in that currency
        """
        raise NotImplementedError

    def _get_max_amount(self, owner, item):
        """Return the greatest amount of an item for an answer, in the answer's
        currency."""
        raise NotImplementedError

    def _can_move_to(self, item):
        """Return whether the part may move to an item: not if the item already has one;
        the parts are then shared out instead."""
        known = self.search_count([("move_line_id", "=", item.id)], limit=1)
        return not known and super()._can_move_to(item)

    def _get_open_part_domain(self):
        """Return the domain of the parts whose answers are still open."""
        raise NotImplementedError

    def _fit_to_instalments(self, moves):
        """Share the answers about edited entries out over their new instalments."""
        # sudo: the user who posts an invoice may not write follow-up records
        parts = self.sudo().search(
            [("move_id", "in", moves.ids), *self._get_open_part_domain()]
        )
        instalments = self._get_instalments(parts.move_id)
        by_entry = parts.grouped(lambda part: (part[self._claim_owner], part.move_id))
        for (_owner, move), of_entry in by_entry.items():
            items = [item for item in instalments if item.move_id == move]
            if items and of_entry._is_owed(items[0]):
                of_entry._share_out(items)

    def _share_out(self, items):
        """Keep the parts of one entry on their instalment up to its amount; move the
        rest to the other instalments, the oldest first.

        :param items: the instalments of the entry, in order
        """
        owner = self[self._claim_owner]
        known = {part.move_line_id: part for part in self}
        room = {item: self._get_max_amount(owner, item) for item in items}
        wanted = {
            item: min(known[item][self._claim_part], room[item]) if item in known else 0
            for item in items
        }
        left = sum(self.mapped(self._claim_part)) - sum(wanted.values())
        for item in items:
            more = min(room[item] - wanted[item], left)
            wanted[item] += more
            left -= more
        self.filtered(lambda part: part.move_line_id not in room).unlink()
        for item, amount in wanted.items():
            self._write_part(owner, item, known.get(item, self.browse()), amount)

    def _write_part(self, owner, item, part, amount):
        compare = owner.currency_id.compare_amounts
        if not part and compare(amount, 0) > 0:
            part = self.create({self._claim_owner: owner.id, "move_line_id": item.id})
        if part and compare(amount, part[self._claim_part]):
            part._take(amount)
