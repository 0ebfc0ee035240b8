"""Results of a replay, as a file to compare and as a table to read."""

import csv
from collections import Counter, namedtuple

from .scenarios import shorten

HEADER = ("date", "customer", "scenario", "step", "channel", "invoices")


Row = namedtuple("Row", HEADER)


def get_rows(company):
    """Return one row per action done and step of its lines, sorted.

    :param company: res.company of a replay
    """
    lines = company.env["dunning.action.line"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "done"),
            ("action_id.state", "=", "done"),
        ]
    )
    names = _get_scenario_names(lines.scenario_id)
    return sorted(
        Row(
            str(action.performed_date),
            action.partner_id.ref,
            names[scenario],
            code,
            _get_channel(action),
            "|".join(sorted(step_lines.move_id.mapped("ref"), key=int)),
        )
        for (action, scenario, code), step_lines in lines.grouped(
            lambda line: (line.action_id, line.scenario_id, line.step_code)
        ).items()
    )


def _get_scenario_names(scenarios):
    """Return the external ids of scenarios, the module's own without its name."""
    names = scenarios.get_external_id()
    return {scenario: shorten(names[scenario.id]) for scenario in scenarios}


def _get_channel(action):
    """Return the channel that reached the customer: the fallback if it was used, the
    first of two."""
    return action.delivery_ids.filtered(lambda way: way._is_performed())[0].channel


def write_rows(rows, path):
    """Write the rows in UTF-8, with LF line ends and without quotes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONE)
        writer.writerow(HEADER)
        writer.writerows(rows)


def get_table(rows, steps):
    """Return a table of actions and invoices per step and channel.

    :param steps: codes of the steps in their order
    """
    actions = Counter((row.step, row.channel) for row in rows)
    invoices = Counter()
    for row in rows:
        invoices[row.step, row.channel] += row.invoices.count("|") + 1
    keys = sorted(actions, key=lambda key: (steps.index(key[0]), key[1]))
    table = [("step", "channel", "actions", "invoices")]
    table += [(*key, actions[key], invoices[key]) for key in keys]
    table.append(("total", "", actions.total(), invoices.total()))
    return "\n".join("{:<20}{:<16}{:>9}{:>10}".format(*cells) for cells in table)


def get_busiest_day(company):
    """Return the day with most calls as text."""
    calls = company.env["dunning.delivery"]._read_group(
        [
            ("company_id", "=", company.id),
            ("channel", "=", "phone"),
            ("state", "=", "done"),
        ],
        ["performed_date:day"],
        ["__count"],
        order="__count desc, performed_date:day",
        limit=1,
    )
    if not calls:
        return "No calls."
    [(day, number)] = calls
    return f"Most calls in a day: {number} on {day}."
