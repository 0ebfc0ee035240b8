from odoo import api, fields, models
from odoo.fields import Domain

from ..message.amount_row import get_sums
from ..setup.labels import get_labels


class DunningAction(models.Model):
    """Channels used, and the day of arrival: the planner counts from there where the
    step says so (S3-09, S3-10)."""

    _inherit = "dunning.action"

    channel_text = fields.Char(
        string="Channels",
        compute="_compute_channel_text",
        help="Channels actually used; before sending, the planned one.",
    )

    @api.depends("channel", "delivery_ids.state", "delivery_ids.channel")
    @api.depends_context("lang")
    def _compute_channel_text(self):
        labels = get_labels(self, "channel")
        for action in self:
            used = action.delivery_ids.filtered(
                lambda delivery: delivery.state in ("waiting", "done")
            )
            codes = dict.fromkeys(used.mapped("channel") or [action.channel])
            action.channel_text = ", ".join(labels[code] for code in codes)

    def _perform(self, day, now):
        result = super()._perform(day, now)
        self._set_arrival()
        return result

    def _after_plan(self):
        """Take the amount that the messages will ask for as the amount followed up."""
        result = super()._after_plan()
        self._filter_more_than_claims()._refresh_amounts()
        return result

    def _filter_more_than_claims(self):
        """Return the actions that ask for something else than what is open of their
        claims: customers with credits, steps that claim interest."""
        Item = self.env["account.move.line"].sudo()  # sudo: as for planning
        credited = self.browse()
        for company, actions in self.grouped("company_id").items():
            tree = company.sudo()._dunning_tree()
            domain = Item._get_dunning_open_domain(tree, company._dunning_today())
            offsets = Item._read_group(
                domain
                & Domain("amount_residual", "<", 0)
                & Domain(
                    "partner_id.commercial_partner_id", "in", actions.partner_id.ids
                ),
                ["partner_id"],
            )
            creditors = {partner.commercial_partner_id for (partner,) in offsets}
            Payment = self.env["account.payment"].sudo()  # sudo: as for planning
            pending = Payment._get_dunning_in_process(
                actions.partner_id, tree, company._dunning_today()
            )
            creditors |= {customer for customer, paid in pending.items() if paid}
            credited |= actions.filtered(lambda a, c=creditors: a.partner_id in c)
        return credited | self.filtered(lambda a: a.step_id.is_interest_claimed)

    def _refresh_amounts(self):
        """Take what waiting actions ask for today as the amount followed up; where it
        cannot be worked out, the planned one stays until the message is made."""
        asking = self.filtered(lambda action: action.kind != "thanks")
        asking._read_items_of_rows()
        totals = {
            action: action._get_company_sum(action._unpack_rows())
            for action in asking
            if not action.amount_rows.get("problem")
        }
        # sudo: the amount is worked out, whoever plans
        for action_sudo, total in zip(
            asking.browse().concat(*totals).sudo(), totals.values(), strict=True
        ):
            action_sudo.amount_total = total

    def _drop_covered(self):
        """Drop the claims of scheduled actions of which the customer's credits leave
        nothing to ask for."""
        covered = self.filtered(
            lambda action: (
                action.state == "scheduled"
                and action.kind != "thanks"
                and action._is_covered()
            )
        )
        lines = covered.line_ids.filtered(lambda line: line.state == "open")
        reason = self.env._("Covered by the customer's credits")
        lines._drop(dict.fromkeys(lines.ids, reason))

    def _is_covered(self):
        """Return whether credits leave nothing to ask for."""
        rows = self._unpack_rows()
        sums = get_sums(rows, lambda row: row.currency)
        return any(row.code == "credit" for row in rows) and not any(
            currency.compare_amounts(amount, 0) > 0 for currency, amount in sums.items()
        )

    def _set_arrival(self):
        """Date the arrival of these performed actions on their lines, if their step
        starts the clock at the delivery. Every channel used must have reached the
        customer: an e-mail sent with a letter does not end the wait for the letter."""
        counted = self.filtered(
            lambda action: (
                action.state == "done" and action.step_id.clock_start == "delivered"
            )
        )
        by_day = counted.grouped(lambda action: action._get_arrival_date())
        for day, actions in by_day.items():
            # sudo: the journal is written by methods only
            lines = actions.sudo().line_ids.filtered(lambda line: line.state == "done")
            lines.arrival_date = day

    def _get_arrival_date(self):
        """Return the company's day by which the customer had all that was sent, as far
        as it is known; False if nothing was sent."""
        self.ensure_one()
        ways = self.delivery_ids.filtered(lambda way: way._is_performed())
        return max((way._get_arrival_date() for way in ways), default=False)

    def _defer(self, addresses, now):
        """Defer the actions that must not leave yet, with all their deliveries: none
        here.

        :param addresses: see `_get_addresses` of the courier
        :param now: datetime (UTC, naive) of the run
        :return: the actions that leave now
        """
        return self
