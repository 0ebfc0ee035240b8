from odoo.tools import SQL


class Scope:
    """Customers of a pipeline: all, those of a condition, or a few.

    For a few customers, common tables with their own rows come before the pipeline,
    under the names of the database's tables. So nothing that follows, the holds of
    other models included, reads more than these rows, each found by an index, whatever
    the size of the ledger.

    :param values: {column, alias included: SQL of a query that gives its values}; other
        columns are not restricted
    :param rows: {table: SQL condition on its rows}; other tables are not restricted
    """

    def __init__(self, values=None, rows=None):
        self._values = values or {}
        self._rows = rows or {}

    def restrict(self, column):
        """Return the SQL condition on a column, alias included."""
        query = self._values.get(column)
        return SQL("%s IN (%s)", SQL(column), query) if query else SQL("TRUE")

    def tables(self):
        """Return the common tables that replace those of the database."""
        return [
            SQL(
                "%(table)s AS MATERIALIZED"
                " (SELECT * FROM %(table)s WHERE %(condition)s)",
                table=SQL.identifier(table),
                condition=condition,
            )
            for table, condition in self._rows.items()
        ]

    def get_ids(self, column):
        """Return the ids to which a column is restricted, None if they are unknown."""
        ids = self._values.get(column)
        return None if isinstance(ids, SQL) else ids

    @classmethod
    def of_customers(cls, env, customers, conditions, items=()):
        """Return the scope of some customers, read by index.

        :param customers: commercial partners
        :param conditions: SQL conditions for open items, alias `item`
        :param items: ids of journal items to include even if not open
        """
        env.cr.execute(
            SQL(
                """SELECT item.id, item.move_id, contact.id
                     FROM res_partner contact
                     JOIN account_move_line item ON item.partner_id = contact.id
                    WHERE contact.commercial_partner_id = ANY(%(customers)s)
                      AND %(conditions)s""",
                customers=customers.ids,
                conditions=conditions,
            )
        )
        found = env.cr.fetchall()
        item_ids = {row[0] for row in found} | set(items)
        move_ids = {row[1] for row in found}
        contact_ids = {row[2] for row in found} | set(customers.ids)
        pending = env["account.payment"]._dunning_find_in_process(customers, move_ids)
        payment_ids, payers, linked_ids, linked_items = map(
            set, zip(*pending, strict=True) if pending else [()] * 4
        )
        tables = env["dunning.planner"]._get_scope_tables()
        of_customers = SQL("partner_id = ANY(%s)", customers.ids)
        of_items = SQL("move_line_id = ANY(%s)", list(item_ids))
        return cls(
            rows={
                "account_move": _one_of(move_ids | linked_ids),
                "account_move__account_payment": SQL(
                    "payment_id = ANY(%s)", list(payment_ids)
                ),
                "account_move_line": _one_of(item_ids | linked_items),
                "account_payment": _one_of(payment_ids),
                "dunning_action_line": SQL("(%s OR %s)", of_customers, of_items),
                "res_partner": SQL(
                    """(id = ANY(%(contacts)s)
                        OR id = ANY(%(payers)s)
                           AND commercial_partner_id = ANY(%(customers)s))""",
                    contacts=list(contact_ids),
                    payers=list(payers - {None}),
                    customers=customers.ids,
                ),
                **dict.fromkeys(tables["customer"], of_customers),
                **dict.fromkeys(tables["item"], of_items),
            }
        )


def _one_of(ids):
    """Return the SQL condition that the id is one of some, of which None is none."""
    return SQL("id = ANY(%s)", list(ids - {None}))


EVERYTHING = Scope()
