"""Customers with many open items, and what it takes to show them their page."""

from datetime import datetime, time, timedelta

from odoo import Command

from odoo.addons.account_dunning_scenario.models.setup.guard.guard import SEAL

STEP = "account_dunning_scenario.dunning_step_standard_reminder_1"
PAGE = "account_dunning_scenario.customer_page"
LOGIN = "page-visitor"
DAYS_LATE = 15


def fill(env, items):
    """Write to a customer with open items by interactive e-mail; return the delivery
    and the path of their page. Their portal user is named LOGIN and the number.

    :param items: number of open invoices
    """
    customer = _create_customer(env, items)
    today = env.company._dunning_today()
    moves = env["account.move"].create(
        [_get_invoice_values(customer, today) for _number in range(items)]
    )
    moves.action_post()
    delivery = _remind(env, customer, today)
    return delivery, delivery._get_link().removeprefix(delivery.get_base_url())


def count_queries(env, delivery, key):
    """Return the number of queries that show the page of a delivery."""
    page = env["dunning.customer.page"].with_context(lang="en_US")
    env.flush_all()
    for is_counted in (False, True):
        env.invalidate_all()
        before = env.cr.sql_log_count
        values = page._get_values(delivery.with_env(page.env))
        values |= {"key": key, "html_lang": "en-US"}
        page.env["ir.qweb"]._render(PAGE, values)
        if is_counted:
            return env.cr.sql_log_count - before
    return 0


def _create_customer(env, items):
    """Return a customer with a portal user, in a company whose follow-up is on."""
    env.company.write(
        {
            "dunning_is_live": True,
            "dunning_scenario_id": env.ref(
                "account_dunning_scenario.dunning_scenario_standard"
            ).id,
            "dunning_books_max_age": 0,
            "dunning_is_quiet": False,
        }
    )
    customer = env["res.partner"].create(
        {"name": f"Customer of {items}", "email": "customer@example.com"}
    )
    login = f"{LOGIN}-{items}"
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": login,
            "password": login,
            "partner_id": customer.id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    return customer


def _get_invoice_values(customer, today):
    return {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_date": today - timedelta(days=DAYS_LATE + 30),
        "invoice_date_due": today - timedelta(days=DAYS_LATE),
        "invoice_line_ids": [
            Command.create({"name": "Goods", "price_unit": 100, "tax_ids": False})
        ],
    }


def _remind(env, customer, today):
    """Return the delivery of a reminder that has left."""
    step = env.ref(STEP)
    step.with_context(dunning_in_place=SEAL).channel = "interactive_email"
    now = datetime.combine(today, time(12))
    actions = env["dunning.planner"]._plan(env.company, today)
    action = actions.filtered(lambda action: action.partner_id == customer)
    action.write(
        {
            "channel": "interactive_email",
            "collector_id": env.ref("base.user_admin").id,
            "scheduled_at": now,
            "state": "scheduled",
            "step_id": step.id,
        }
    )
    action._deliver(now)
    if action.state != "done":
        raise SystemExit(f"error: the message was not sent: {action.state}")
    return action.delivery_ids
