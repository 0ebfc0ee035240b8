"""Rows that add up to the amount asked for in a message, in plain Python."""

from collections import namedtuple

# `code`: `claim`, `credit`, or what another room claims on top; `amount` is in
# `currency`, negative for a credit; `item` is the journal item that is asked for or
# reduced, `source` that of the credit. A `named` row adds nothing: `told` is the amount
# of a credit that is not deducted, because it is in another currency.
AmountRow = namedtuple(
    "AmountRow",
    ["code", "amount", "currency", "account", "item", "source", "told", "label"],
    defaults=[None, 0, ""],
)


def get_sums(rows, key):
    """Return {key: rounded sum} of rows, in the order of the first row of each key.

    :param rows: list of AmountRow; those of one key have one currency
    :param key: function of a row
    """
    sums = {}
    for row in rows:
        value = key(row)
        sums[value] = row.currency.round(sums.get(value, 0) + row.amount)
    return sums


def get_lines(rows):
    """Return the sums of rows with the same label.

    :param rows: list of AmountRow in one currency
    :return: list of (AmountRow, sum), in the order of the labels' first rows
    """
    first = {}
    for row in rows:
        first.setdefault(row.label, row)
    sums = get_sums(rows, lambda row: row.label)
    return [(row, sums[label]) for label, row in first.items()]
