from odoo.tools import SQL


class Scope:
    """Which customers a pipeline looks at, as conditions on the columns it reads.

    A few customers are looked at by the ids of what they own, read beforehand: the
    database then finds each by its index, whatever the size of the ledger.

    :param values: {column: array of ids, or SQL of a query that gives them}; a column
        that is not named is not restricted
    """

    def __init__(self, values):
        self._values = values

    def restrict(self, column):
        """Return the SQL condition on a column, alias included."""
        name = SQL(column)
        match self._values.get(column):
            case None:
                return SQL("TRUE")
            case SQL() as query:
                return SQL("%s IN (%s)", name, query)
            case ids:
                return SQL("%s = ANY(%s)", name, list(ids))

    def get_ids(self, column):
        """Return the ids that a column is restricted to; None: they are not known."""
        ids = self._values.get(column)
        return None if isinstance(ids, SQL) else ids

    @classmethod
    def of_customers(cls, env, customers, conditions):
        """Return the scope of some customers, read by index.

        :param customers: commercial partners
        :param conditions: SQL conditions for open items, alias `item`
        """
        env.cr.execute(
            SQL(
                """SELECT item.id, item.move_id
                     FROM res_partner contact
                     JOIN account_move_line item ON item.partner_id = contact.id
                    WHERE contact.commercial_partner_id = ANY(%(customers)s)
                      AND %(conditions)s""",
                customers=customers.ids,
                conditions=conditions,
            )
        )
        rows = env.cr.fetchall()
        items = [item_id for item_id, _move_id in rows]
        moves = list({move_id for _item_id, move_id in rows})
        return cls(
            {
                "item.id": items,
                "line.move_line_id": items,
                "move.id": moves,
                "link.invoice_id": moves,
                "contact.commercial_partner_id": customers.ids,
                "p.id": customers.ids,
                "action.partner_id": customers.ids,
            }
        )


EVERYTHING = Scope({})
