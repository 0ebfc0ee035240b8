from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..setup.res_partner_reader import READERS


class AccountMove(models.Model):
    """Extend entries with their followed-up items, and re-check these when an entry
    changes."""

    _inherit = "account.move"

    dunning_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Items Followed Up",
        compute="_compute_dunning_item_ids",
        groups=READERS,
    )

    @api.model
    def _get_dunning_rechecked_fields(self):
        """Return the names of the fields whose change requires a re-check of waiting
        actions."""
        return frozenset({"payment_state"})

    def write(self, vals):
        """Re-check waiting actions when the payment state changes: a blocked invoice,
        for example, is no longer chased."""
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
        """Return the full URL of the invoice's portal page, with its access token.

        :param options: see `get_portal_url`
        """
        return self.get_base_url() + self.get_portal_url(**options)

    def _dunning_portal_urls(self):
        """Return {invoice: URL of its portal page} of the invoices with an access
        token."""
        return {
            move: move._dunning_portal_url()
            for move in self
            if move.access_token and move.is_invoice(include_receipts=True)
        }

    def _dunning_ensure_tokens(self):
        """Create the access tokens that links in messages need.

        One SQL statement: a write on each invoice would run its accounting checks
        again.
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
        # The items may be deleted by the end of the transaction.
        self.env["dunning.pending.check"]._do_now("numbered", self)
        result = super().button_draft()
        self.env["dunning.pending.check"]._put_off("edited", self)
        return result

    # ---- accounting ------------------------------------------------------------------

    def _dunning_number_instalments(self):
        """Record the instalment numbers of items on record: an edit of the entry may
        change them."""
        for model in self.env["dunning.claim.mixin"]._get_claim_models():
            self.env[model]._number_instalments(self)

    def _dunning_take_over(self):
        """Move the records of replaced items to the new items of entries posted
        again."""
        models_ = self.env["dunning.claim.mixin"]._get_claim_models()
        for model in models_:
            self.env[model]._adopt_orphans(self)
        for model in models_:
            self.env[model]._fit_to_instalments(self)

    def _dunning_recheck(self):
        """Re-check waiting actions and deliveries of these entries, even if their items
        are gone."""
        self.line_ids._dunning_recheck()

    def _get_dunning_checked(self):
        """Return the record that gets the activity of a failed check, its customer and
        its company."""
        return self, self.commercial_partner_id, self.company_id
