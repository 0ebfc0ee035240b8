"""Credits set against claims, in plain Python without models."""

from collections import namedtuple

# Open item in a customer's disfavour: `key` names it, `place` is that of its company in
# the tree, `amount` what is asked for.
Claim = namedtuple("Claim", ["key", "place", "currency", "due", "is_overdue", "amount"])
# Open item in the customer's favour; `amount` is positive.
Credit = namedtuple("Credit", ["key", "place", "currency", "amount"])


def allocate(claims, offsets):
    """Set each credit against claims in its currency, once: the overdue ones first, as
    reminders count all credits; of these its own company's first, then those of the
    other companies in the order of the tree; the oldest due date first.

    :param claims: list of Claim of one customer
    :param offsets: list of Credit of the same customer
    :return: list of (key of the claim, key of the credit, amount), amounts positive

    >>> late = Claim("late", 0, "EUR", date(2026, 2, 20), True, 100)
    >>> branch = Claim("branch", 1, "EUR", date(2026, 1, 5), True, 30)
    >>> note = Credit("note", 1, "EUR", 80)
    >>> for part in allocate([late, branch], [note]):
    ...     print(*part)
    branch note 30
    late note 50
    """
    left = {credit.key: credit.amount for credit in offsets}
    asked = {claim.key: claim.amount for claim in claims}
    parts = []
    for is_overdue in (True, False):
        for is_own in (True, False):
            for credit in offsets:
                for claim in _get_fitting(claims, credit, is_overdue, is_own):
                    amount = min(left[credit.key], asked[claim.key])
                    if amount <= 0:
                        continue
                    left[credit.key] -= amount
                    asked[claim.key] -= amount
                    parts.append((claim.key, credit.key, amount))
    return parts


def deduct(offsets, paid_out):
    """Take what was paid out to a customer from their credits in its currency: its own
    company's first, in their order.

    :param offsets: list of Credit of one customer
    :param paid_out: list of Credit: what was paid out, amounts positive
    :return: list of Credit, those used up left out

    >>> advance, note = Credit("advance", 0, "EUR", 50), Credit("note", 1, "EUR", 80)
    >>> for credit in deduct([advance, note], [Credit("refund", 1, "EUR", 100)]):
    ...     print(credit.key, credit.amount)
    advance 30
    """
    left = {credit.key: credit.amount for credit in offsets}
    for refund in paid_out:
        rest = refund.amount
        fitting = [c for c in offsets if c.currency == refund.currency]
        own = [c for c in fitting if c.place == refund.place]
        others = [c for c in fitting if c.place != refund.place]
        for credit in own + others:
            used = min(rest, left[credit.key])
            left[credit.key] -= used
            rest -= used
    return [
        Credit(credit.key, credit.place, credit.currency, left[credit.key])
        for credit in offsets
        if left[credit.key] > 0
    ]


def _get_fitting(claims, credit, is_overdue, is_own):
    """Return the claims that a credit may reduce, in their order."""
    fitting = (
        claim
        for claim in claims
        if claim.currency == credit.currency
        and claim.is_overdue == is_overdue
        and (claim.place == credit.place) == is_own
    )
    return sorted(fitting, key=lambda claim: (claim.place, claim.due, claim.key))
