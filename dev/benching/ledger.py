"""Receivables ledger of any size, copied by SQL from entries made by the ORM.

P customers owe N open claims (P = N / 10). A quarter of the claims is partly paid; the
customers of even number have three performed actions behind them for all their claims.
Due dates lie between 20 days ahead and 90 days ago, history or not, so that every kind
of next step occurs. Figures are deterministic.
"""

from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

HISTORY = ("notice", "reminder_1", "reminder_2")


def fill(env, claims, day):
    """Fill the ledger of the environment's company with open claims, then commit.

    :param claims: number of open claims
    :param day: the day that will be planned
    """
    company = env.company
    scenario = env.ref("account_dunning_scenario.dunning_scenario_standard")
    company.write(
        {
            "dunning_is_live": True,
            "dunning_scenario_id": scenario.id,
            "dunning_books_max_age": 0,
            "dunning_is_quiet": False,
        }
    )
    customer, invoice, payment = _create_models(env, day)
    env.flush_all()
    customers = claims // 10
    env.cr.execute(
        "SET LOCAL session_replication_role = replica"
    )  # no foreign keys yet
    first = {
        table: _next_id(env, table)
        for table in (
            "res_partner",
            "account_move",
            "account_move_line",
            "account_partial_reconcile",
        )
    }
    _copy_customers(env, customer, customers, first)
    _copy_invoices(env, invoice, claims, customers, first, day)
    _copy_payments(env, payment, claims, customers, first, day)
    _write_history(env, scenario, claims, customers, first, day)
    _raise_sequences(env, [*first, "dunning_action", "dunning_action_line"])
    (invoice | payment.move_id).button_draft()
    (invoice | payment.move_id).with_context(force_delete=True).unlink()
    env.cr.commit()
    env.invalidate_all()


def _create_models(env, day):
    customer = _create_customer(env)
    invoice = _create_invoice(env, customer, day)
    return customer, invoice, _create_payment(env, customer, day)


def _create_customer(env):
    return env["res.partner"].create(
        {
            "name": "Customer",
            "is_company": True,
            "email": "customer@example.com",
            "phone": "+33 1 02 03 04 05",
            "street": "8 rue des Lilas",
            "zip": "69003",
            "city": "Lyon",
            "country_id": env.ref("base.fr").id,
        }
    )


def _create_invoice(env, customer, day):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": day - timedelta(days=40),
            "invoice_date_due": day,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": 100, "tax_ids": False})
            ],
        }
    )
    invoice.action_post()
    return invoice


def _create_payment(env, customer, day):
    """Return the receivable item of a payment on the bank."""
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    receivable = customer.property_account_receivable_id
    payment = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day - timedelta(days=1),
            "line_ids": [
                Command.create(
                    {"account_id": journal.default_account_id.id, "debit": 50}
                ),
                Command.create(
                    {
                        "account_id": receivable.id,
                        "partner_id": customer.id,
                        "credit": 50,
                    }
                ),
            ],
        }
    )
    payment.action_post()
    return payment.line_ids.filtered("partner_id")


def _next_id(env, table):
    env.cr.execute(
        SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table))
    )
    return env.cr.fetchone()[0]


def _raise_sequences(env, tables):
    for table in tables:
        env.cr.execute(
            "SELECT setval(%s, %s)", (f"{table}_id_seq", _next_id(env, table))
        )


def _copy_row(env, table, row_id, count, changes, start=0):
    """Insert `count` copies of a row, numbered i from `start`, with changed columns.

    :param changes: {column: SQL expression of i}
    """
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND is_generated = 'NEVER'""",
        (table,),
    )
    columns = [name for (name,) in env.cr.fetchall()]
    values = [changes.get(name) or SQL.identifier("model", name) for name in columns]
    env.cr.execute(
        SQL(
            """INSERT INTO %(table)s (%(columns)s)
               SELECT %(values)s
                 FROM generate_series(%(start)s, %(end)s) i, %(table)s model
                WHERE model.id = %(row)s""",
            table=SQL.identifier(table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(values),
            start=start,
            end=start + count - 1,
            row=row_id,
        )
    )


def _copy_customers(env, customer, customers, first):
    own_id = SQL("%s + i", first["res_partner"])
    _copy_row(
        env,
        "res_partner",
        customer.id,
        customers,
        {
            "id": own_id,
            "commercial_partner_id": own_id,
            "name": SQL("'Customer ' || i"),
            "complete_name": SQL("'Customer ' || i"),
            "email": SQL("'customer' || i || '@example.com'"),
        },
    )


def _copy_invoices(env, invoice, claims, customers, first, day):
    partner = SQL("%s + i %% %s", first["res_partner"], customers)
    move = SQL("%s + i", first["account_move"])
    due = SQL("%s::date + 20 - (i * 7 %% 111)", day)
    _copy_row(
        env,
        "account_move",
        invoice.id,
        claims,
        {
            "id": move,
            "name": SQL("'INV/' || i"),
            "sequence_number": SQL("i"),
            "partner_id": partner,
            "commercial_partner_id": partner,
            "partner_shipping_id": partner,
            "date": SQL("%s - 30", due),
            "invoice_date": SQL("%s - 30", due),
            "invoice_date_due": due,
        },
    )
    _copy_invoice_lines(env, invoice, claims, first, move, partner, due)


def _copy_invoice_lines(env, invoice, claims, first, move, partner, due):
    (claim,) = invoice.line_ids.filtered("date_maturity")
    shared = {
        "move_id": move,
        "partner_id": partner,
        "move_name": SQL("'INV/' || i"),
        "date": SQL("%s - 30", due),
        "invoice_date": SQL("%s - 30", due),
    }
    residual = SQL("CASE WHEN i %% 4 = 3 THEN 50 ELSE 100 END")
    line = first["account_move_line"]
    _copy_row(
        env,
        "account_move_line",
        claim.id,
        claims,
        {
            **shared,
            "id": SQL("%s + i * 2", line),
            "date_maturity": due,
            "amount_residual": residual,
            "amount_residual_currency": residual,
            "matching_number": SQL("CASE WHEN i %% 4 = 3 THEN 'P' || i END"),
        },
    )
    sale = invoice.line_ids - claim
    _copy_row(
        env,
        "account_move_line",
        sale.id,
        claims,
        {**shared, "id": SQL("%s + i * 2 + 1", line)},
    )


def _copy_payments(env, payment, claims, customers, first, day):
    """Pay half of every fourth claim on the day before, i counting the payments."""
    partner = SQL("%s + (i * 4 + 3) %% %s", first["res_partner"], customers)
    move = SQL("%s + i", first["account_move"] + claims)
    line = first["account_move_line"] + claims * 2
    count = claims // 4
    _copy_row(
        env,
        "account_move",
        payment.move_id.id,
        count,
        {
            "id": move,
            "name": SQL("'BNK/' || i"),
            "sequence_number": SQL("i"),
            "partner_id": partner,
        },
    )
    _copy_payment_lines(env, payment, count, move, partner, line)
    _reconcile_payments(env, count, first, line, day)


def _copy_payment_lines(env, payment, count, move, partner, line):
    counterpart = payment.move_id.line_ids - payment
    shared = {"move_id": move, "move_name": SQL("'BNK/' || i")}
    _copy_row(
        env,
        "account_move_line",
        payment.id,
        count,
        {
            **shared,
            "id": SQL("%s + i * 2", line),
            "partner_id": partner,
            "amount_residual": SQL("0"),
            "amount_residual_currency": SQL("0"),
            "reconciled": SQL("TRUE"),
            "matching_number": SQL("'P' || (i * 4 + 3)"),
        },
    )
    _copy_row(
        env,
        "account_move_line",
        counterpart.id,
        count,
        {**shared, "id": SQL("%s + i * 2 + 1", line)},
    )


def _reconcile_payments(env, count, first, line, day):
    """Match each payment with its claim; `line` is the first item of the payments."""
    currency = env.company.currency_id.id
    env.cr.execute(
        """INSERT INTO account_partial_reconcile (id, debit_move_id, credit_move_id,
               debit_currency_id, credit_currency_id, amount, debit_amount_currency,
               credit_amount_currency, company_id, max_date, create_uid, create_date,
               write_uid, write_date)
           SELECT %(partial)s + i, %(claim)s + (i * 4 + 3) * 2, %(line)s + i * 2,
                  %(currency)s, %(currency)s, 50, 50, 50, %(company)s, %(day)s - 1,
                  1, now(), 1, now()
             FROM generate_series(0, %(count)s - 1) i""",
        {
            "partial": first["account_partial_reconcile"],
            "claim": first["account_move_line"],
            "line": line,
            "currency": currency,
            "company": env.company.id,
            "day": day,
            "count": count,
        },
    )


def _write_history(env, scenario, claims, customers, first, day):
    """Write three performed actions for each customer of even number, the last one ten
    days ago, on all their claims, like the planner does."""
    for place, code in enumerate(HISTORY):
        step = scenario.step_ids.filtered(lambda s, code=code: s.code == code)
        env.cr.execute(
            """WITH customer AS MATERIALIZED (
                   SELECT i, nextval('dunning_action_id_seq')::int AS action_id,
                          %(day)s - 26 + %(place)s * 8 AS played
                     FROM generate_series(0, %(customers)s - 1, 2) i),
               action AS (
                   INSERT INTO dunning_action (id, company_id, partner_id, scenario_id,
                       step_id, kind, channel, mode, state, is_ticked, planned_date,
                       scheduled_at, performed_date, performed_at, amount_total, origin,
                       create_uid, create_date, write_uid, write_date)
                   SELECT action_id, %(company)s, %(partner)s + i, %(scenario)s,
                          %(step)s, %(kind)s, %(channel)s, 'confirm', 'done', TRUE,
                          played, played, played, played, 1000, 'planner',
                          1, now(), 1, now()
                     FROM customer)
               INSERT INTO dunning_action_line (action_id, company_id, partner_id,
                   move_line_id, move_id, scenario_id, step_id, step_code, kind, cycle,
                   state, trigger_date, performed_date, due_date,
                   currency_id, amount_residual, amount_residual_currency,
                   amount_chased, amount_chased_currency,
                   create_uid, create_date, write_uid, write_date)
               SELECT c.action_id, %(company)s, item.partner_id, item.id, item.move_id,
                      %(scenario)s, %(step)s, %(code)s, %(kind)s, 0, 'done', c.played,
                      c.played, item.date_maturity, item.currency_id, 100, 100, 100,
                      100, 1, now(), 1, now()
                 FROM account_move_line item
                 JOIN customer c ON item.partner_id = %(partner)s + c.i
                WHERE item.id >= %(line)s AND item.id < %(line)s + %(claims)s * 2
                  AND item.date_maturity IS NOT NULL""",
            {
                "day": day,
                "place": place,
                "customers": customers,
                "company": env.company.id,
                "partner": first["res_partner"],
                "scenario": scenario.id,
                "step": step.id,
                "code": code,
                "kind": step.kind,
                "channel": step.channel,
                "line": first["account_move_line"],
                "claims": claims,
            },
        )
