from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .dunning_planner import LOCK_CLASS

# When a company is planned that another process was planning.
WAIT = timedelta(minutes=2)
# After so long PostgreSQL sees that a planner died, and frees its lock: otherwise it
# would first end the statement it is at.
CHECK_INTERVAL = "5s"


class DunningPlanner(models.AbstractModel):
    """Keeps two planners of a company apart, and tells who is kept waiting."""

    _inherit = "dunning.planner"

    def _plan_soon(self):
        """Let the scheduled action run again before its hour."""
        job = self.env.ref("account_dunning_scenario.ir_cron_plan_actions")
        job.sudo()._trigger(fields.Datetime.now() + WAIT)  # sudo: the system's job

    def _lock_company(self, company):
        """Keep other planners of a company out until this transaction ends.

        :return: whether none is at work; asked again, the same transaction has it
        """
        self.env.cr.execute(
            SQL(
                """SELECT set_config('client_connection_check_interval', %s, TRUE)
                     FROM pg_settings
                    WHERE name = 'client_connection_check_interval'
                      AND version() LIKE '%%linux%%'""",
                CHECK_INTERVAL,
            )
        )
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, company.id)
        )
        return self.env.cr.fetchone()[0]

    def _get_being_planned(self, companies):
        """Return those of the companies that another transaction is planning now."""
        rows = self.env.execute_query(
            SQL(
                """SELECT objid::bigint FROM pg_locks
                    WHERE locktype = 'advisory' AND granted AND objsubid = 2
                      AND classid::bigint = %s AND objid::bigint = ANY(%s)
                      AND pid <> pg_backend_pid()
                      AND database = (SELECT oid FROM pg_database
                                       WHERE datname = current_database())""",
                LOCK_CLASS,
                companies.ids,
            )
        )
        return companies.browse(company_id for (company_id,) in rows)

    def _get_busy_text(self, companies):
        """Say that these companies are being planned by somebody else."""
        return self.env._(
            "The actions of %(companies)s are being prepared right now, by the "
            "scheduled action or by somebody else. Reload in a minute to see them.",
            companies=", ".join(companies.mapped("name")),
        )
