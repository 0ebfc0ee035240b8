"""Invoices inserted as they would be posted, since posting one takes a tenth of a
second and most stories only need something that is owed."""

import json

from odoo.tools import SQL

PARAMETER = "tests_prepared.claim"
# Amount of the invoice that is copied: no other figure of its rows is the same.
AMOUNT = 7919.0
# Columns of a customer that do not reach the invoice, except for those set below.
ELSEWHERE = (
    "id commercial_partner_id name complete_name email email_normalized phone "
    "phone_sanitized street zip city lang tz customer_rank create_uid create_date "
    "write_uid write_date calendar_last_notif_ack message_bounce "
    "commercial_company_name"
).split()


def read_circumstances(env, customer):
    """Return what decides how an invoice of a customer is posted in the company of the
    environment: hashes of the customer, the journals and the company; the user."""
    env.flush_all()
    query = SQL(
        """
        SELECT (SELECT md5(jsonb_object_agg(key, value)::text)
                  FROM jsonb_each(to_jsonb(partner) - %(elsewhere)s::varchar[])
                 WHERE key NOT LIKE 'dunning_%%'),
               (SELECT md5(jsonb_agg(to_jsonb(journal) - 'write_date'
                                     ORDER BY journal.id)::text)
                  FROM account_journal journal
                 WHERE journal.company_id = company.id),
               (SELECT md5(jsonb_object_agg(key, value)::text)
                  FROM jsonb_each(to_jsonb(company))
                 WHERE key NOT LIKE 'dunning_%%' AND key NOT LIKE 'write_%%'),
               partner.id = partner.commercial_partner_id,
               (SELECT count(*) FROM res_partner WHERE parent_id = partner.id)
          FROM res_partner partner, res_company company
         WHERE partner.id = %(customer)s AND company.id = %(company)s
        """,
        elsewhere=ELSEWHERE,
        customer=customer.id,
        company=env.company.id,
    )
    (row,) = env.execute_query(query)
    return [*row, env.uid, env.su]


def read_rows(move):
    """Return the rows of an invoice and its items, as dictionaries."""
    move.env.flush_all()
    tables = (("account_move", move), ("account_move_line", move.line_ids))
    return [
        [table, row]
        for table, records in tables
        for (row,) in move.env.execute_query(
            SQL(
                "SELECT to_jsonb(t) FROM %s t WHERE id IN %s ORDER BY id",
                SQL.identifier(table),
                tuple(records.ids),
            )
        )
    ]


def read_prepared(env):
    """Return the invoice that is prepared in the database, if there is one."""
    return json.loads(env["ir.config_parameter"].sudo().get_param(PARAMETER, "{}"))


def keep(env, claim, circumstances):
    """Keep the rows of a claim of AMOUNT as what others are copied from."""
    kept = {
        "circumstances": circumstances,
        "rows": read_rows(claim.move_id),
        "due": str(claim.date_maturity),
        "date": str(claim.date),
    }
    return json.dumps(kept, default=str)


def insert_copy(env, prepared, customer, amount, due, date):
    """Insert a posted invoice of a customer, one instalment, without tax.

    :param amount: in company currency
    :param due: due date
    :param date: date of the invoice
    :return: its entry
    """
    prefix = f"INV/{date.year}/"
    (move_row, *item_rows) = (row for _table, row in prepared["rows"])
    journal = move_row["journal_id"]
    query = SQL(
        """
        SELECT nextval('account_move_id_seq'),
               (SELECT coalesce(max(sequence_number), 0) + 1 FROM account_move
                 WHERE journal_id = %s AND sequence_prefix = %s),
               now() AT TIME ZONE 'UTC'
        """,
        journal,
        prefix,
    )
    ((move_id, number, now),) = env.execute_query(query)
    name = f"{prefix}{number:05d}"
    values = {
        AMOUNT: amount,
        -AMOUNT: -amount,
        prepared["due"]: str(due),
        prepared["date"]: str(date),
        move_row["name"]: name,
        move_row["sequence_prefix"]: prefix,
    }
    ours = {
        "create_date": str(now),
        "write_date": str(now),
        "commercial_partner_id": customer.id,
        "invoice_partner_display_name": customer.display_name,
        "move_id": move_id,
        "partner_id": customer.id,
        "partner_shipping_id": customer.id,
        "sequence_number": number,
    }
    _insert(env, "account_move", {**_replace(move_row, values, ours), "id": move_id})
    for row in item_rows:
        ((item_id,),) = env.execute_query(
            SQL("SELECT nextval('account_move_line_id_seq')")
        )
        row = {**_replace(row, values, ours), "id": item_id}
        _insert(env, "account_move_line", row)
    env.invalidate_all()
    move = env["account.move"].browse(move_id)
    move._get_sequence_cache().clear()  # the next number is read again
    return move


def _replace(row, values, ours):
    row = {name: values.get(value, value) for name, value in row.items()}
    return row | {k: v for k, v in ours.items() if row.get(k) is not None}


def _insert(env, table, row):
    name = SQL.identifier(table)
    columns = SQL(", ").join(map(SQL.identifier, row))
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, %s)",
            name,
            columns,
            columns,
            name,
            json.dumps(row),
        )
    )
