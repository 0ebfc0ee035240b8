from itertools import pairwise

from odoo import api, fields, models
from odoo.tools.i18n import format_list

from .dunning_step import RANKED_KINDS
from .film import Film

# Fields on which the summary and the warnings of a scenario depend.
SUMMARY_STEP_FIELDS = (
    "amount_from",
    "amount_to",
    "customer_area",
    "customer_size",
    "delay",
    "domain",
    "filter_problem",
    "is_enabled",
    "is_last_resort",
    "items_from",
    "items_to",
    "kind",
    "mode",
    "name",
    "request",
    "request_days",
    "sequence",
    "timing",
    "way",
)
SUMMARY_FIELDS = (
    "amount_minimum",
    "catch_up",
    "dispute_hold",
    "grouping",
    "is_business_days_only",
    "is_partial_chased",
    "min_days_between_contacts",
    "payment_methods",
    *(f"step_ids.{name}" for name in SUMMARY_STEP_FIELDS),
)


class DunningScenario(models.Model):
    """Extend scenarios with a summary and warnings in plain words."""

    _inherit = "dunning.scenario"

    summary = fields.Text(
        string="In Plain Language",
        compute="_compute_summary",
        help="Summary of the scenario, made from its steps and rules.",
    )
    warnings = fields.Text(compute="_compute_warnings")

    @api.depends(*SUMMARY_FIELDS)
    @api.depends_context("lang", "company")
    def _compute_summary(self):
        for scenario in self:
            steps = scenario._get_played_steps()
            sentences = [
                " ".join(step._get_sentences())
                for step in steps.filtered(lambda s: s.kind in RANKED_KINDS)
                + steps.filtered(lambda s: s.kind == "thanks")
            ]
            rules = " ".join(scenario._get_rule_sentences())
            scenario.summary = "\n".join([*sentences, rules]) if steps else ""

    @api.depends(*SUMMARY_FIELDS)
    @api.depends_context("lang", "company")
    def _compute_warnings(self):
        for scenario in self:
            scenario.warnings = "\n".join(scenario._get_warnings())

    def _get_played_steps(self):
        """Return the enabled steps, in playing order."""
        self.ensure_one()
        steps = self.step_ids.filtered(lambda step: step.active and step.is_enabled)
        return steps.sorted(lambda step: step._get_place())

    # ---- rules -----------------------------------------------------------------------

    def _get_rule_sentences(self):
        grouping = {
            "customer": self.env._(
                "Everything for a customer on one day goes into a single contact."
            ),
            "step": self.env._("A customer gets one contact per step."),
            "invoice": self.env._("A customer gets one contact per invoice."),
        }
        sentences = [grouping[self.grouping]]
        if self.catch_up == "jump":
            sentences.append(
                self.env._("When several steps are overdue, the latest one is played.")
            )
        if self.is_business_days_only:
            sentences.append(self.env._("Nothing falls due on a non-working day."))
        if self.min_days_between_contacts:
            sentences.append(
                self.env._(
                    "Two contacts are at least %(days)s days apart.",
                    days=self.min_days_between_contacts,
                )
            )
        if self.amount_minimum:
            sentences.append(
                self.env._(
                    "Nobody is contacted for less than %(amount)s.",
                    amount=self.currency_id.format(self.amount_minimum),
                )
            )
        if not self.is_partial_chased:
            sentences.append(self.env._("Partly paid invoices are not followed up."))
        if self.payment_methods == "manual":
            sentences.append(
                self.env._(
                    "Invoices collected by direct debit or card are not followed up."
                )
            )
        return [*sentences, self._get_dispute_sentence()]

    def _get_dispute_sentence(self):
        return {
            "amount": self.env._("Disputed amounts are not asked for."),
            "claim": self.env._("Disputed invoices are not asked for at all."),
            "customer": self.env._(
                "Nothing is asked of a customer who has an open dispute."
            ),
        }[self.dispute_hold]

    # ---- warnings --------------------------------------------------------------------

    def _get_warnings(self):
        """Return the warnings about unexpected effects of the scenario, a sentence
        each."""
        self.ensure_one()
        steps = self._get_played_steps().filtered(lambda s: s.kind in RANKED_KINDS)
        if not steps:
            return []
        return [
            *self._get_filter_warnings(steps),
            *self._get_distance_warnings(steps),
            *self._get_fallback_warnings(steps),
            *self._get_last_step_warnings(steps),
        ]

    def _get_filter_warnings(self, steps):
        broken = steps.filtered("filter_problem")
        return [step._tell_filter_problem() for step in broken]

    def _get_distance_warnings(self, steps):
        company = self.company_id or self.env.company
        least = max(
            company._dunning_setup_company().dunning_min_days_between_contacts,
            self.min_days_between_contacts,
        )
        triggers = {
            row.id: (row.anchor, row.delay) for row in Film(self).get_step_rows()
        }
        warnings = []
        for before, step in pairwise(steps):
            anchor, delay = triggers[step.id]
            other_anchor, earlier = triggers[before.id]
            days = delay - earlier
            if anchor != other_anchor or days >= least:
                continue
            warnings.append(
                self._get_order_warning(before, step)
                if days < 0
                else self.env._(
                    "“%(step)s” comes %(days)s days after “%(before)s”: it waits, "
                    "because two contacts are at least %(least)s days apart.",
                    step=step.name,
                    before=before.name,
                    days=days,
                    least=least,
                )
            )
        return warnings

    def _get_order_warning(self, before, step):
        return self.env._(
            "The day of “%(step)s” comes before that of “%(before)s”, after which it "
            "is played: it is late from the start. Change their order or their days.",
            step=step.name,
            before=before.name,
        )

    def _get_fallback_warnings(self, steps):
        alone = steps.filtered(lambda s: not (s.fallback_channel or s.second_channel))
        if not alone:
            return []
        return [
            self.env._(
                "Without a fallback, customers who have no address for the channel "
                "stay on the review desk: %(steps)s.",
                steps=format_list(self.env, alone.mapped("name")),
            )
        ]

    def _get_last_step_warnings(self, steps):
        last = steps[-1:]
        if last.kind != "reminder" or last.mode != "auto":
            return []
        return [
            self.env._(
                "“%(step)s” is the last step and is sent automatically: nothing is "
                "planned after it, and nobody has looked at the case.",
                step=last.name,
            )
        ]
