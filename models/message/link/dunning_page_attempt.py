import hashlib
import hmac
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

WINDOW = timedelta(minutes=10)
# Maximum number of rows: addresses and keys may share one by chance.
BUCKETS = 2**16


class DunningPageAttempt(models.Model):
    """Count of attempts at the customers' pages, by subject, for some minutes.

    A subject is a visitor's address, or a used key. It is not stored: its hash, with
    the database's secret, selects one of `BUCKETS` rows.
    """

    _name = "dunning.page.attempt"
    _description = "Attempts at Customer Pages"
    _log_access = False

    bucket = fields.Integer(required=True)
    started_at = fields.Datetime(required=True)
    count = fields.Integer(required=True)

    _bucket_unique = models.UniqueIndex("(bucket)", "A visitor is counted once.")

    @api.model
    def _count(self, subject):
        """Count one more attempt and return the subject's attempts in the window.

        An attempt concurrent with another one is not counted (0).
        """
        now = fields.Datetime.now()
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO dunning_page_attempt AS old
                               (bucket, started_at, count)
                        VALUES (%(bucket)s, %(now)s, 1)
                            ON CONFLICT (bucket) DO UPDATE
                           SET count = CASE WHEN old.started_at > %(since)s
                                            THEN old.count + 1 ELSE 1 END,
                               started_at = CASE WHEN old.started_at > %(since)s
                                                 THEN old.started_at ELSE %(now)s END
                     RETURNING count
                        """,
                        bucket=self._get_bucket(subject),
                        now=now,
                        since=now - WINDOW,
                    )
                )
                (count,) = self.env.cr.fetchone()
        except SerializationFailure:
            return 0
        return count

    @api.model
    def _get_count(self, subject):
        """Return the number of the subject's attempts in the window."""
        self.env.cr.execute(
            SQL(
                "SELECT count FROM dunning_page_attempt"
                " WHERE bucket = %s AND started_at > %s",
                self._get_bucket(subject),
                fields.Datetime.now() - WINDOW,
            )
        )
        row = self.env.cr.fetchone()
        return row[0] if row else 0

    @api.model
    def _get_bucket(self, subject):
        # sudo: visitors may not read the secret, so they cannot compute a row
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        secret = parameters_sudo.get_param("database.secret")
        digest = hmac.new(secret.encode(), subject.encode(), hashlib.sha256).digest()
        return int.from_bytes(digest[:4], "big") % BUCKETS
