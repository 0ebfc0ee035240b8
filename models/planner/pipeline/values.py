from odoo.tools import SQL


def values_cte(name, columns, rows):
    """Return the SQL of a common table with the given rows.

    :param name: name of the table
    :param columns: {column name: PostgreSQL type}
    :param rows: tuples in the order of the columns, may be none
    """
    types = list(columns.values())
    placeholder = SQL(", ").join(SQL("NULL::%s", SQL(type_)) for type_ in types)
    # The first row, always skipped, sets the types even if there are no other rows.
    lines = [SQL("(%s)", placeholder), *(SQL("%s", row) for row in map(tuple, rows))]
    names = SQL(", ").join(SQL.identifier(column) for column in columns)
    return SQL(
        "%(name)s (%(names)s) AS (VALUES %(lines)s OFFSET 1)",
        name=SQL.identifier(name),
        names=names,
        lines=SQL(", ").join(lines),
    )
