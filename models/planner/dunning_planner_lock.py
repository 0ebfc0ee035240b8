from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .dunning_planner import LOCK_CLASS

# Delay before planning a company that another process was planning.
WAIT = timedelta(minutes=2)
# Interval at which PostgreSQL checks for a dead client and frees its lock: otherwise it
# would first finish the running statement.
CHECK_INTERVAL = "5s"


class DunningPlanner(models.AbstractModel):
    """Extend the planner with a lock per company, and a message to users who wait for
    it."""

    _inherit = "dunning.planner"

    def _plan_soon(self):
        """Schedule the next run of the scheduled action soon."""
        job = self.env.ref("account_dunning_scenario.ir_cron_plan_actions")
        job.sudo()._trigger(fields.Datetime.now() + WAIT)  # sudo: the system's job

    def _lock_company(self, company):
        """Lock a company for planning until this transaction ends.

        :return: whether the lock is free, or already this transaction's
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

    def _filter_being_planned(self, companies):
        """Return the companies that another transaction is planning now."""
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
        """Return the message that these companies are being planned."""
        return self.env._(
            "The actions of %(companies)s are being prepared right now, by the "
            "scheduled action or by somebody else. Reload in a minute to see them.",
            companies=", ".join(companies.mapped("name")),
        )
