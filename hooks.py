from odoo.tools import SQL

MODULE = "account_dunning_scenario"


def post_init_hook(env):
    """Give every company the standard scenario, so that a fresh install works.

    Companies created later get it by default. Nothing leaves without confirmation by a
    user: the delivered steps wait on the desk.
    """
    standard = env["res.company"]._default_dunning_scenario_id()
    companies = env["res.company"].search([("parent_id", "=", False)])
    companies.filtered(
        lambda c: not c.dunning_scenario_id
    ).dunning_scenario_id = standard


def uninstall_hook(env):
    """Remove the references between the module's records, so that uninstalling logs no
    error.

    Odoo deletes the records model by model, and the database refuses each one that
    another still refers to, until the tables are dropped at the end of the same
    transaction.
    """
    for table, name in env.execute_query(_get_references(_get_tables(env))):
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def _get_tables(env):
    """Return the names of the module's tables, relation tables included."""
    relations = env.execute_query(
        SQL(
            "SELECT relation.name FROM ir_model_relation relation"
            " JOIN ir_module_module module ON module.id = relation.module"
            " WHERE module.name = %s",
            MODULE,
        )
    )
    return [name for (name,) in relations] + [
        model._table for model in env.values() if model._original_module == MODULE
    ]


def _get_references(tables):
    """Return the query of the foreign keys from and to these tables."""
    return SQL(
        """SELECT own.relname, reference.conname
             FROM pg_constraint reference
             JOIN pg_class own ON own.oid = reference.conrelid
             JOIN pg_class other ON other.oid = reference.confrelid
            WHERE reference.contype = 'f'
              AND (own.relname = ANY(%(tables)s) OR other.relname = ANY(%(tables)s))""",
        tables=tables,
    )
