from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..setup.res_partner_reader import READERS


class AccountMove(models.Model):
    """An entry whose items are followed up."""

    _inherit = "account.move"

    dunning_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Items Followed Up",
        compute="_compute_dunning_item_ids",
        groups=READERS,
    )

    @api.model
    def _get_dunning_rechecked_fields(self):
        """Return the names of the fields on which it depends what waits."""
        return frozenset({"payment_state"})

    def write(self, vals):
        """An invoice that is blocked, say, is chased no more."""
        result = super().write(vals)
        if vals.keys() & self._get_dunning_rechecked_fields():
            self.env["dunning.pending.check"]._put_off("edited", self)
        return result

    @api.depends("line_ids.reconciled", "state")
    def _compute_dunning_item_ids(self):
        Item = self.env["account.move.line"]
        domain = Domain("move_id", "in", self.ids) & Domain(
            Item._get_dunning_open_item_domain()
        )
        items = Item.search(domain, order="date_maturity, id").grouped("move_id")
        for move in self:
            move.dunning_item_ids = items.get(move._origin)

    def _dunning_portal_url(self, **options):
        """Return the full address of the invoice's page, with the key that opens it.

        :param options: see `get_portal_url`
        """
        return self.get_base_url() + self.get_portal_url(**options)

    def _dunning_portal_urls(self):
        """Return {invoice: address of its page}, of those that have a key."""
        return {
            move: move._dunning_portal_url()
            for move in self
            if move.access_token and move.is_invoice(include_receipts=True)
        }

    def _dunning_ensure_tokens(self):
        """Give the invoices the keys that the links of messages need.

        One statement: writing on an invoice would check each one's accounting anew.
        """
        if not self:
            return
        self.flush_recordset(["access_token"])
        self.env.cr.execute(
            SQL(
                """UPDATE account_move SET access_token = gen_random_uuid()
                    WHERE id = ANY(%s) AND access_token IS NULL""",
                self.ids,
            )
        )
        self.invalidate_recordset(["access_token"])

    def _post(self, soft=True):
        again = self.filtered("posted_before")
        posted = super()._post(soft=soft)
        self.env["dunning.pending.check"]._put_off("posted", posted & again)
        return posted

    def button_draft(self):
        # The items may be gone at the end of the transaction.
        self.env["dunning.pending.check"]._do_now("numbered", self)
        result = super().button_draft()
        self.env["dunning.pending.check"]._put_off("edited", self)
        return result

    # ---- accounting ------------------------------------------------------------------

    def _dunning_number_instalments(self):
        """Remember the places of items that are on record: edited, an entry may have
        others."""
        for model in self.env["dunning.claim.mixin"]._get_claim_models():
            self.env[model]._number_instalments(self)

    def _dunning_take_over(self):
        """Let the items of entries that were posted again take over what is on record
        about those that they replace."""
        models_ = self.env["dunning.claim.mixin"]._get_claim_models()
        for model in models_:
            self.env[model]._adopt_orphans(self)
        for model in models_:
            self.env[model]._fit_to_instalments(self)

    def _dunning_recheck(self):
        """Check again what waits about these entries, their items gone or not."""
        self.line_ids._dunning_recheck()

    def _get_dunning_checked(self):
        """Return where people are told of a check, its customer and its company."""
        return self, self.commercial_partner_id, self.company_id
