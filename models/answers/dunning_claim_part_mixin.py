from odoo import api, fields, models


class DunningClaimPartMixin(models.AbstractModel):
    """How much of each claim an answer is about; it follows the entry when that is
    split into other instalments."""

    _name = "dunning.claim.part.mixin"
    _description = "Part of a Claim"
    _inherit = ["dunning.claim.mixin"]

    # Field of the part, in the currency of the answer.
    _claim_part = None

    due_date = fields.Date(compute="_compute_due_date", compute_sudo=True)

    @api.depends("move_line_id.date", "move_line_id.date_maturity")
    def _compute_due_date(self):
        for part in self:
            item = part.move_line_id
            part.due_date = item and item._dunning_due_date()

    def _take(self, wanted):
        """Write as much of the claim as is wanted and open.

        :param wanted: amount in the currency of the answer
        :return: what was taken of it, in that currency
        """
        raise NotImplementedError

    def _get_room(self, owner, item):
        """Return how much of an item an answer may be about, in its currency."""
        raise NotImplementedError

    def _can_move_to(self, item):
        """What is said about the item already stays; these are shared out beside it."""
        known = self.search_count([("move_line_id", "=", item.id)], limit=1)
        return not known and super()._can_move_to(item)

    def _get_open_part_domain(self):
        """Return the domain of the parts of answers that are still to come about."""
        raise NotImplementedError

    def _fit_to_instalments(self, moves):
        """Share out anew what was said about entries that were edited meanwhile."""
        # sudo: who posts an invoice may not write follow-up records
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
        """Leave each part of one entry where it is as far as there is room; the rest
        goes to the other instalments, the oldest first.

        :param items: the instalments of the entry, in order
        """
        owner = self[self._claim_owner]
        known = {part.move_line_id: part for part in self}
        room = {item: self._get_room(owner, item) for item in items}
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
