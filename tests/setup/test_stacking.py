from contextlib import contextmanager
from itertools import permutations

from odoo import Command
from odoo.tests import tagged

from ..answers.test_nonpayment import NonpaymentCommon
from ..common import DunningCommon, day
from ..delivery.common import DeliveryCommon

TEXT = {"mail_body": "<p>Dear Jeanne, as we said…</p>"}
# What the customer's contacts have from the customer, by room.
OF_CUSTOMERS = {
    "setup": {
        "dunning_collector_id",
        "dunning_is_stopped",
        "dunning_stop_reason",
        "dunning_stop_until",
        "dunning_legal_status",
        "dunning_insolvent_since",
        "dunning_size",
    },
    "scenario": {"dunning_segment_id", "dunning_scenario_id"},
    "collectors": {"dunning_orders_blocked_date", "dunning_orders_blocked_reason"},
    "delivery": {
        "dunning_contact_rule",
        "dunning_preferred_channel",
        "dunning_refused_channel_ids",
    },
    "channels": {"dunning_lre_consent_date", "dunning_lre_consent_means"},
}


class StackingCommon:
    """Rooms extend the same method; the order in which they are loaded decides who is
    asked first. Nothing may hang on it here."""

    def _get_extensions(self, model, method):
        """Return the classes of rooms that add to a method and pass on the rest."""
        return [
            definition
            for definition in self.registry[model].__bases__
            if definition.__module__.startswith("odoo.addons.account_dunning_scenario.")
            and method in vars(definition)
            and "__class__" in vars(definition)[method].__code__.co_freevars
        ]

    @contextmanager
    def _stack(self, model, extensions, order):
        """Let classes that extend a model stand in another order."""
        stacked = self.registry[model]
        bases, next_ones = stacked.__bases__, iter(order)
        stacked.__bases__ = tuple(
            next(next_ones) if base in extensions else base for base in bases
        )
        try:
            yield
        finally:
            stacked.__bases__ = bases

    def _in_all_orders(self, model, method, act):
        """Return what a function answers in each order of what extends a method.

        :return: list, today's order first
        """
        extensions = self._get_extensions(model, method)
        self.assertGreater(len(extensions), 1)
        answers = []
        for order in permutations(extensions):
            with self._stack(model, extensions, order):
                answers.append(act())
        return answers


@tagged("post_install", "-at_install")
class TestStackedWriting(StackingCommon, DeliveryCommon):
    """Text and tick of an action are saved at once, or one after another."""

    def _review(self, *saved):
        """Return how the action stands once a collector has saved values."""
        action = self.prepared.with_user(self.collector)
        self.prepared.write(
            {
                "mail_body": False,
                "is_ticked": False,
                "untick_reason": "personalise",
                "untick_note": False,
            }
        )
        for values in saved:
            action.write(values)
        names = ("mail_body", "is_ticked", "untick_reason", "untick_note")
        return {name: action[name] for name in names}

    def test_text_and_tick_in_one_save(self):
        """Who writes the text sends it; who unticks it with the same save does not,
        and is named."""
        self._create_late_claim()
        self.prepared = self._plan()
        for ticked, reason, note in (
            (None, False, False),
            (True, False, False),
            (False, "user", "Camille Durand"),
        ):
            tick = {} if ticked is None else {"is_ticked": ticked}
            wanted = {
                "mail_body": TEXT["mail_body"],
                "is_ticked": ticked is not False,
                "untick_reason": reason,
                "untick_note": note,
            }
            for saved in ([TEXT | tick], [TEXT, tick], [tick, TEXT]):
                with self.subTest(saved=saved):
                    answers = self._in_all_orders(
                        "dunning.action",
                        "write",
                        lambda saved=saved: self._review(*saved),
                    )
                    self.assertEqual(answers, [wanted] * len(answers))


@tagged("post_install", "-at_install")
class TestStackedHolds(StackingCommon, NonpaymentCommon):
    """Promise, dispute, reason and committee hold the same claims back."""

    def test_holds_add_up_whoever_is_asked_first(self):
        parted = self._create_claim(day("02-20"))
        self._dispute(parted, amount=30)
        whole = self._create_claim(day("02-21"))
        self._note(whole, "paid", paid_date=day("03-02"))
        for claim in (parted, whole):
            self.env["dunning.promise"].with_user(self.collector).create(
                {
                    "partner_id": self.customer.id,
                    "amount": 50,
                    "date": day("03-12"),
                    "claim_ids": [Command.create({"move_line_id": claim.id})],
                }
            )
        claims = parted + whole
        answers = self._in_all_orders(
            "dunning.planner",
            "_get_hold_queries",
            lambda: self.planner._explain(claims, self.TODAY),
        )
        held = [answer["held_by"] for answer in answers[0]]
        self.assertEqual([len(kinds.split(", ")) for kinds in held], [2, 2])
        for answer in answers:
            self.assertEqual(answer, answers[0])


@tagged("post_install", "-at_install")
class TestStackedCustomer(StackingCommon, DunningCommon):
    """What is noted on a customer is its contacts', whichever room it is of."""

    def _get_values(self):
        segment = self.env["dunning.segment"].create({"name": "Banks", "code": "banks"})
        guide = self.env.ref("account_dunning_scenario.dunning_channel_guide_sms")
        return {
            "dunning_collector_id": self.env.user.id,
            "dunning_is_stopped": True,
            "dunning_stop_reason": "Takeover talks",
            "dunning_stop_until": day("04-01"),
            "dunning_legal_status": "public",
            "dunning_insolvent_since": day("03-02"),
            "dunning_size": "large",
            "dunning_segment_id": segment.id,
            "dunning_scenario_id": self.scenario.id,
            "dunning_orders_blocked_date": day("03-03"),
            "dunning_orders_blocked_reason": "Decided by the committee",
            "dunning_contact_rule": "salesperson",
            "dunning_preferred_channel": "email",
            "dunning_refused_channel_ids": [Command.set(guide.ids)],
            "dunning_lre_consent_date": day("01-15"),
            "dunning_lre_consent_means": "By e-mail",
        }

    def _share(self, values):
        """Note values on a customer; return what its contact has."""
        customer = self._create_customer("Borel")
        contact = self.env["res.partner"].create(
            {"name": "Jeanne", "parent_id": customer.id}
        )
        customer.sudo().write(values)
        self.assertEqual(contact.commercial_partner_id, customer)
        return {name: (contact[name], customer[name]) for name in values}

    def test_contacts_have_what_the_customer_has(self):
        """All of it, and each field is named once."""
        values = self._get_values()
        ours = set().union(*OF_CUSTOMERS.values())
        self.assertEqual(values.keys(), ours)
        for named in self._in_all_orders(
            "res.partner",
            "_commercial_fields",
            lambda: self.env["res.partner"]._commercial_fields(),
        ):
            names = [name for name in named if name.startswith("dunning_")]
            self.assertEqual(sorted(names), sorted(ours))
            self.assertEqual(len(set(named)), len(named))
        extensions = self._get_extensions("res.partner", "_commercial_fields")
        for order in (extensions, extensions[::-1]):
            with self._stack("res.partner", extensions, order):
                for name, (own, given) in self._share(values).items():
                    with self.subTest(name):
                        self.assertTrue(own)
                        self.assertEqual(own, given)
