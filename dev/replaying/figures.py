"""Figures of a history of invoices and payments, as text."""

from odoo.addons.account_dunning_scenario.models.figures.exact import to_text

from .ledger import Ledger

MONEY, OTHERS = 2, 4
# Digits after the point of each figure, in the order of the result.
FIGURES = {
    "receivable": MONEY,
    "overdue": MONEY,
    "not_due": MONEY,
    "credits": MONEY,
    "ages": MONEY,
    "billed_365": MONEY,
    "overdue_net": MONEY,
    "dso_countback": OTHERS,
    "dso_year": OTHERS,
    "dso_best": OTHERS,
    "days_delinquent": OTHERS,
    "cei": OTHERS,
    "days_late": OTHERS,
    "days_to_pay": OTHERS,
    "paid_within_term": OTHERS,
}


def compute_figures(env, day, invoices):
    """Book a history up to a day; return its figures as text, None where there is
    none.

    :param env: environment of a company without entries, see `open_company`
    :param day: date, its invoices and payments included
    :param invoices: list of `history.Invoice`
    """
    first = min((invoice.invoiced for invoice in invoices), default=day)
    Ledger(env, invoices, first, day).open_all()
    figures = env["dunning.figures"]._get_figures(env.company, day)
    return {name: _write(figures[name], places) for name, places in FIGURES.items()}


def _write(figure, places):
    if isinstance(figure, list):
        return [to_text(amount, places) for amount in figure]
    return to_text(figure, places)
