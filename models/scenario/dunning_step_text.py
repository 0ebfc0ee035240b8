from odoo import models

from ..setup.labels import get_labels


class DunningStep(models.Model):
    """Extend steps with a description in plain words."""

    _inherit = "dunning.step"

    def _get_sentences(self):
        """Return the description of the step: its date, channels, request and
        conditions."""
        self.ensure_one()
        sentences = [self._get_main_sentence()]
        if self.kind != "thanks" and self.request:
            sentences.append(self._get_request_sentence())
        sentences += self._get_condition_sentences()
        if self.clock_start == "delivered":
            sentences.append(
                self.env._("The steps that follow count from its delivery.")
            )
        if self.is_last_resort:
            sentences.append(
                self.env._("It is a last resort: never before another reminder.")
            )
        return sentences

    def _get_main_sentence(self):
        timing = self._get_timing()
        values = {
            "when": timing[:1].upper() + timing[1:],
            "step": self.name,
            "way": self.way,
        }
        if self.mode == "auto":
            return self.env._(
                "%(when)s, “%(step)s” (%(way)s) is played automatically.", **values
            )
        if self.mode == "personalise":
            return self.env._(
                "%(when)s, “%(step)s” (%(way)s) is played once somebody has "
                "personalised it.",
                **values,
            )
        if self.mode == "optional":
            return self.env._(
                "%(when)s, “%(step)s” (%(way)s) is suggested; it is played if somebody "
                "chooses it.",
                **values,
            )
        return self.env._(
            "%(when)s, “%(step)s” (%(way)s) is played once confirmed.", **values
        )

    def _get_request_sentence(self):
        days = self.request_days
        return {
            "payment": self.env._(
                "It asks for the payment within %(days)s days.", days=days
            ),
            "reply": self.env._(
                "It asks for an answer within %(days)s days.", days=days
            ),
            "confirmation": self.env._(
                "It asks for a confirmation within %(days)s days.", days=days
            ),
        }[self.request]

    def _get_condition_sentences(self):
        money = self.currency_id.format
        sentences = []
        if self.amount_from:
            sentences.append(
                self.env._(
                    "Only for invoices from %(amount)s.", amount=money(self.amount_from)
                )
            )
        if self.amount_to:
            sentences.append(
                self.env._(
                    "Only for invoices up to %(amount)s.", amount=money(self.amount_to)
                )
            )
        if self.items_from:
            sentences.append(
                self.env._(
                    "Only for customers with at least %(number)s open items.",
                    number=self.items_from,
                )
            )
        if self.items_to:
            sentences.append(
                self.env._(
                    "Only for customers with at most %(number)s open items.",
                    number=self.items_to,
                )
            )
        sentences += self._get_audience_sentences()
        if self.domain and self.domain != "[]":
            sentences.append(self.env._("Only for the invoices of its filter."))
        return sentences

    def _get_audience_sentences(self):
        sentences = []
        if self.customer_size:
            sizes = get_labels(self, "customer_size")
            sentences.append(
                self.env._("Only for: %(who)s.", who=sizes[self.customer_size])
            )
        if self.customer_area:
            areas = get_labels(self, "customer_area")
            sentences.append(
                self.env._(
                    "Only for customers: %(where)s.", where=areas[self.customer_area]
                )
            )
        return sentences
