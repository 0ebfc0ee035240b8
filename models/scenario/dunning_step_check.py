from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..setup.guard.guard import is_sealed
from .dunning_step import RANKED_KINDS
from .filters.stored_filter import FilterError, try_filter


class DunningStep(models.Model):
    """Extend steps with checks and clear error messages."""

    _inherit = "dunning.step"

    @api.constrains(
        "scenario_id", "sequence", "anchor", "anchor_step_id", "kind", "delay", "active"
    )
    def _check_anchor(self):
        """Refuse an anchor from which the step's date can never be computed.

        :raise ValidationError: names the change to make, in the user's language
        """
        if is_sealed(self.env, "dunning_in_place"):
            return  # checked once, when the copy and the anchors on it are in place
        for scenario in self.scenario_id:
            steps = scenario.step_ids.filtered("active")
            steps = steps.sorted(lambda s: (s.sequence, s.id))
            for step in steps:
                step._check_anchor_in(steps)

    def _check_anchor_in(self, steps):
        self.ensure_one()
        ranked = steps.filtered(lambda s: s.kind in RANKED_KINDS)
        if self.kind == "thanks":
            return self._check_thanks_anchor()
        if self.anchor == "payment_date":
            raise ValidationError(
                self.env._(
                    "“%(step)s”: only thanks are counted from the payment. Choose "
                    "another date to count from.",
                    step=self.name,
                )
            )
        base = self.browse()
        if self.anchor == "previous_step":
            base = ranked[: list(ranked).index(self)][-1:]
            if not base:
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is the first step: it has no previous step to be "
                        "counted from. Count it from the due date.",
                        step=self.name,
                    )
                )
        if self.anchor == "step":
            base = self.anchor_step_id
            self._check_named_step(list(ranked))
        return self._check_notice(base)

    def _check_thanks_anchor(self):
        if self.anchor != "payment_date" or self.delay < 0:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: thanks are counted from the payment date, on the day "
                    "or after it.",
                    step=self.name,
                )
            )

    def _check_named_step(self, ranked):
        base = self.anchor_step_id
        if not base:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: name the step that it is counted from.",
                    step=self.name,
                )
            )
        if base == self:
            raise ValidationError(
                self.env._("“%(step)s” cannot be counted from itself.", step=self.name)
            )
        if base.scenario_id != self.scenario_id:
            raise ValidationError(
                self.env._(
                    "“%(step)s” is counted from a step of another scenario.",
                    step=self.name,
                )
            )
        if not base.active:
            raise ValidationError(
                self.env._(
                    "“%(step)s” is counted from “%(base)s”, which is archived. Count "
                    "it from another date first.",
                    step=self.name,
                    base=base.name,
                )
            )
        if base not in ranked or ranked.index(base) > ranked.index(self):
            raise ValidationError(
                self.env._(
                    "“%(step)s” must be counted from an earlier notice or reminder; "
                    "“%(base)s” comes later.",
                    step=self.name,
                    base=base.name,
                )
            )

    def _check_notice(self, base):
        if self.kind != "notice":
            return
        if self.anchor == "due_date" and self.delay > 0:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: a notice comes before the due date: enter negative "
                    "days, or 0.",
                    step=self.name,
                )
            )
        if base and base.kind != "notice":
            raise ValidationError(
                self.env._(
                    "“%(step)s”: a notice is counted from the due date, from the "
                    "invoice date or from an earlier notice.",
                    step=self.name,
                )
            )

    @api.constrains("is_last_resort", "mode")
    def _check_last_resort(self):
        for step in self:
            if step.is_last_resort and step.mode == "auto":
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is a last resort: a person has to decide on it. "
                        "Choose a mode other than automatic.",
                        step=step.name,
                    )
                )

    @api.constrains("mail_template_id", "letter_template_id")
    def _check_template_model(self):
        for step in self:
            for template in step.mail_template_id | step.letter_template_id:
                if template.model != self._text_model:
                    raise ValidationError(
                        self.env._(
                            "“%(step)s”: the text “%(template)s” is not made for "
                            "follow-up actions. Choose one that is, or copy one "
                            "of those supplied.",
                            step=step.name,
                            template=template.name,
                        )
                    )

    @api.constrains(
        "channel",
        "second_channel",
        "fallback_channel",
        "mail_template_id",
        "letter_template_id",
        "script",
        "mode",
    )
    def _check_channels(self):
        for step in self:
            channels = [step.channel, step.second_channel, step.fallback_channel]
            named = [code for code in channels if code]
            if len(set(named)) != len(named):
                raise ValidationError(
                    self.env._(
                        "“%(step)s” names a channel twice: first, second and fallback "
                        "channel must differ.",
                        step=step.name,
                    )
                )
            for code in named:
                self.env[f"dunning.channel.{code}"]._check_step(step)

    @api.constrains("email_from")
    def _check_email_from(self):
        for step in self.filtered("email_from"):
            if not email_normalize(step.email_from):
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: the sender “%(sender)s” is not an e-mail address.",
                        step=step.name,
                        sender=step.email_from,
                    )
                )

    @api.constrains("amount_from", "amount_to", "items_from", "items_to")
    def _check_condition_ranges(self):
        for step in self:
            amounts = 0 < step.amount_to < step.amount_from
            items = 0 < step.items_to < step.items_from
            if amounts or items:
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: the upper limit of a condition is below its lower "
                        "limit.",
                        step=step.name,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse a filter that cannot be applied, or that the user may not apply."""
        items = self.env["account.move.line"]
        within = items._get_dunning_open_item_domain()
        for step in self.filtered("domain"):
            try:
                try_filter(items, step.domain, within)
            except FilterError as error:
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: the filter on invoices cannot be read: %(error)s",
                        step=step.name,
                        error=error,
                    )
                ) from error
