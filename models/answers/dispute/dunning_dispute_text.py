from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ...setup.day_format import format_day
from ...setup.statement_format import StatementFormat


class DunningDispute(models.Model):
    """Extend the dispute with the sentences of its messages: what is not asked for
    meanwhile, and what still is; amounts in the currency of the invoices."""

    _inherit = "dunning.dispute"

    about_text = fields.Char(
        string="Invoices in a Sentence", compute="_compute_texts", compute_sudo=True
    )
    held_text = fields.Char(
        string="Not Asked For Meanwhile", compute="_compute_texts", compute_sudo=True
    )
    open_text = fields.Char(
        string="Amount Still Open", compute="_compute_texts", compute_sudo=True
    )
    payment_html = fields.Html(
        string="How to Pay",
        compute="_compute_payment_html",
        compute_sudo=True,
        sanitize=False,
        help="Bank account and reference for what is still to be paid.",
    )

    @api.depends("claim_ids.amount", "claim_ids.move_line_id.amount_residual", "hold")
    @api.depends_context("lang")
    def _compute_texts(self):
        for dispute in self:
            moves = dispute.claim_ids.move_id.with_env(self.env)
            sentences = dispute._tell_held(moves), dispute._tell_rest()
            dispute.about_text = moves._dunning_tell_about()
            dispute.held_text = " ".join(filter(None, sentences))
            dispute.open_text = dispute._format_parts(dispute._get_disputed_parts())

    @api.depends("claim_ids.amount", "claim_ids.move_line_id.amount_residual")
    @api.depends_context("lang")
    def _compute_payment_html(self):
        for dispute in self:
            amounts = [
                (item.move_id, item.currency_id, amount)
                for item, amount in dispute._get_disputed_parts().items()
            ]
            dispute.payment_html = dispute._render_transfer(amounts)

    def _tell_held(self, moves):
        """Return the sentence on what is not asked for until the dispute is settled.

        :param moves: account.move of the claims
        """
        env = self.env
        if self.hold == "customer":
            return env._("Until it is settled, we do not ask you to pay anything.")
        if self.hold == "claim":
            return env._(
                "Until it is settled, we do not ask you to pay %(invoices)s.",
                invoices=moves._dunning_tell(),
            )
        return env._(
            "Until it is settled, we do not ask you for the %(amount)s in dispute.",
            amount=self._format_parts(self._get_disputed_parts()),
        )

    def _tell_rest(self):
        """Return the sentence on the part of the invoices that is not in dispute, False
        where nothing of them is asked for."""
        if self.hold != "amount":
            return False
        items = self.claim_ids.move_line_id
        parts = self.env["dunning.dispute.claim"]._get_undisputed_parts(items)
        rest = {
            item: item.currency_id.round(item.amount_residual_currency * parts[item])
            for item in items
        }
        left = {item: amount for item, amount in rest.items() if amount > 0}
        if not left:
            return False
        days = {item._dunning_due_date() for item in left}
        values = {"rest": self._format_parts(left)}
        if len(days) == 1 and min(days) >= self.company_id._dunning_today():
            return self.env._(
                "The other %(rest)s is not in dispute and remains payable by %(day)s.",
                day=format_day(self.env, min(days)),
                **values,
            )
        return self.env._(
            "The other %(rest)s is not in dispute and remains payable.", **values
        )

    def _get_disputed_parts(self):
        """Return {item: disputed part of its open amount, in its currency}."""
        parts = {}
        for claim in self.claim_ids:
            item = claim.move_line_id
            residual = item.amount_residual
            if residual > 0 and claim._is_owed(item):
                part = min(claim.amount / residual, 1)
                amount = item.amount_residual_currency * part
                parts[item] = item.currency_id.round(amount)
        return parts

    def _format_parts(self, parts):
        """Return amounts as text, one per currency.

        :param parts: {item: amount in its currency}
        """
        writer, sums = StatementFormat(self.env), {}
        for item, amount in parts.items():
            currency = item.currency_id
            sums[currency] = currency.round(sums.get(currency, 0) + amount)
        sums = sums or {self.currency_id: 0}
        texts = [writer.amount(amount, currency) for currency, amount in sums.items()]
        return format_list(self.env, texts)
