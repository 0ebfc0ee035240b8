"""Customers with open invoices, for the wanted number of actions in the demo."""

import datetime
import random

from devstack.base import say

# Segment of the module -> customers out of ten, days since the due date. Without a
# history, each of them gets the first step of its scenario today.
MIX = (
    ("standard", 4, (8, 40)),
    ("key_account", 2, (8, 30)),
    ("export", 1, (8, 20)),
    ("bad_payer", 2, (3, 25)),
    ("post", 1, (8, 35)),
)
WORDS = (
    ("Amber", "Birch", "Cedar", "Delta", "Elm", "Falcon", "Granite", "Harbour"),
    ("Bakery", "Carpentry", "Foods", "Garages", "Instruments", "Mills", "Printing"),
)
CITIES = (("75010", "Paris", "fr"), ("69003", "Lyon", "fr"), ("10115", "Berlin", "de"))
BATCH = 100


def add_actions(env, wanted, known):
    """Add customers until planning today gives the wanted number of actions.

    Each of them gives one action: a customer has at most one contact a day.

    :param known: the actions of the demo's history
    """
    company = env.ref("account_dunning_scenario.res_company_demo")
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    domain = [("state", "!=", "cancelled"), ("id", "not in", known.ids)]
    planned = env["dunning.action"].search_count(domain)
    missing = max(wanted - planned, 0)
    say(f"making {missing} customers with open invoices")
    dice = random.Random(19)
    for first in range(0, missing, BATCH):
        numbers = range(first, min(first + BATCH, missing))
        customers = _create_customers(env, numbers, dice)
        _create_invoices(env, customers, dice)
        env.flush_all()
        env.cr.commit()
        env.invalidate_all()


def _create_customers(env, numbers, dice):
    countries = {code: env.ref(f"base.{code}") for _zip, _city, code in CITIES}
    french = env["res.lang"].search([("code", "=", "fr_FR")])
    rows = []
    for number in numbers:
        name = " ".join(dice.choice(words) for words in WORDS)
        postcode, city, country = dice.choice(CITIES)
        plan = _get_segment(number)
        row = {
            "name": f"{name} {number + 1:03}",
            "is_company": True,
            "email": f"accounts.{number + 1}@customer.example",
            "phone": f"+33 1 99 00 {number // 100 % 100:02} {number % 100:02}",
            "street": f"{dice.randint(1, 120)} Station Road",
            "zip": postcode,
            "city": city,
            "country_id": countries[country].id,
            "lang": french.code if french and country == "fr" else "en_US",
        }
        if plan == "post":
            row["dunning_scenario_id"] = env.ref(
                "account_dunning_scenario.dunning_scenario_standard_post"
            ).id
        else:
            row["dunning_segment_id"] = env.ref(
                f"account_dunning_scenario.dunning_segment_{plan}"
            ).id
        rows.append(row)
    return env["res.partner"].create(rows)


def _create_invoices(env, customers, dice):
    today = datetime.date.today()
    delays = {name: span for name, _share, span in MIX}
    product = {"name": "Delivery of goods", "tax_ids": False}
    rows = []
    for customer in customers:
        number = int(customer.name.rsplit(" ", 1)[1]) - 1
        for place in range(dice.choice((1, 1, 1, 2, 3))):
            late = dice.randint(*delays[_get_segment(number)])
            # The first invoice causes the action, the others are on the statement.
            late = late if not place else dice.randint(-30, late)
            due = today - datetime.timedelta(days=late)
            line = {**product, "price_unit": dice.randint(5_000, 900_000) / 100}
            rows.append(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_date": min(due - datetime.timedelta(days=30), today),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [(0, 0, line)],
                }
            )
    env["account.move"].create(rows).action_post()


def _get_segment(number):
    place = number % sum(share for _name, share, _span in MIX)
    for name, share, _span in MIX:
        if place < share:
            return name
        place -= share
    raise AssertionError(place)
