from odoo.tools import SQL

from .values import values_cte

SEND_TIME_TYPES = {"tz": "varchar", "hour": "float", "send_at": "timestamp"}


class Insertion:
    """End of the pipeline: due claims become actions and their lines.

    One statement writes both; a group takes its id from the sequence, so that lines and
    actions are joined without being read into Python. It writes the same values as
    `create()`.
    """

    def __init__(self, settings):
        self.env = settings.env
        self.settings = settings
        self.company = settings.company

    def get_query(self, tables, grouped, overtaken):
        """Return the whole statement, which returns the ids of the new actions.

        :param tables: the tables of the pipeline up to `due`
        :param grouped: query of the groups to insert: customer, scenario, kind,
            is_optional, split and the rank of the top step, amount, last answers
        :param overtaken: whether steps may have been overtaken
        """
        send_times = self.settings.get_send_times()
        parts = [
            *tables,
            values_cte("send_time", SEND_TIME_TYPES, send_times),
            self._chosen(grouped),
            self._head(),
            self._inserted_action(),
            self._inserted_line(),
        ]
        if overtaken:
            parts.append(self._inserted_overtaken())
        return SQL(
            "WITH %(tables)s SELECT id FROM inserted_action ORDER BY id",
            tables=SQL(",\n").join(parts),
        )

    def _chosen(self, grouped):
        return SQL(
            """chosen AS MATERIALIZED (
                SELECT nextval('dunning_action_id_seq')::int AS action_id, g.*
                  FROM (%(grouped)s) g)""",
            grouped=grouped,
        )

    def _head(self):
        """Return the table of the groups with their top step, which decides channel,
        mode and hour; a stop (thanks aside), stale books, a bad or a recent answer keep
        the action on the desk, unticked."""
        return SQL(
            """head AS (
                SELECT c.action_id, c.partner_id, c.scenario_id, c.kind, c.amount,
                       step.id AS step_id, step.channel, step.mode, step.send_hour,
                       customer.collector_id, customer.salesperson_id, customer.tz,
                       CASE WHEN %(is_stale)s THEN 'stale'
                            WHEN customer.is_stopped AND c.kind <> 'thanks' THEN 'stop'
                            WHEN c.dissatisfied_date IS NOT NULL
                            THEN 'dissatisfied'
                            WHEN c.reply_date IS NOT NULL THEN 'reply'
                            WHEN step.mode IN ('optional', 'personalise')
                            THEN step.mode END AS untick_reason
                  FROM chosen c
                  JOIN customer ON customer.id = c.partner_id
                  JOIN step s ON s.scenario_id = c.scenario_id AND s.rank = c.rank
                  JOIN dunning_step step ON step.id = s.id)""",
            is_stale=self.settings.is_stale,
        )

    def _inserted_action(self):
        return SQL(
            """inserted_action AS (
                INSERT INTO dunning_action (id, company_id, partner_id, scenario_id,
                    step_id, kind, channel, mode, state, is_ticked, untick_reason,
                    planned_date, scheduled_at, collector_id, salesperson_id,
                    amount_total, origin,
                    create_uid, create_date, write_uid, write_date)
                SELECT head.action_id, %(company)s, head.partner_id, head.scenario_id,
                       head.step_id, head.kind, head.channel, head.mode,
                       CASE WHEN head.mode = 'auto' AND head.untick_reason IS NULL
                            THEN 'scheduled' ELSE 'to_confirm' END,
                       head.untick_reason IS NULL, head.untick_reason,
                       %(day)s, COALESCE(own_time.send_at, company_time.send_at),
                       head.collector_id, head.salesperson_id, head.amount, 'planner',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM head
                  LEFT JOIN send_time own_time
                    ON own_time.tz = head.tz AND own_time.hour = head.send_hour
                  LEFT JOIN send_time company_time
                    ON company_time.tz = '' AND company_time.hour = head.send_hour
                RETURNING id)""",
            company=self.company.id,
            day=self.settings.day,
            uid=self.env.uid,
            now=self._now,
        )

    def _inserted_line(self):
        return SQL(
            """inserted_line AS (
                INSERT INTO dunning_action_line (%(columns)s)
                SELECT c.action_id, %(company)s, d.partner_id, d.id, d.move_id,
                       d.scenario_id, d.step_id, d.step_code, d.kind, d.cycle, 'open',
                       d.trigger_date, NULL::date, d.due_date, d.currency_id,
                       d.amount_residual, d.amount_residual_currency, d.chaseable,
                       CASE WHEN d.chaseable = d.amount_residual
                            THEN d.amount_residual_currency
                            ELSE ROUND(d.amount_residual_currency * d.chaseable
                                       / d.amount_residual, currency.decimal_places)
                       END,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM due d
                  JOIN chosen c ON %(is_of_group)s
                  JOIN res_currency currency ON currency.id = d.currency_id
                 ORDER BY d.id)""",
            columns=self._line_columns(),
            company=self.company.id,
            is_of_group=self._is_of_group(),
            uid=self.env.uid,
            now=self._now,
        )

    def _inserted_overtaken(self):
        """Return the insertion of the overtaken steps, skipped on this day (scenarios
        that jump)."""
        return SQL(
            """inserted_overtaken AS (
                INSERT INTO dunning_action_line (%(columns)s)
                SELECT c.action_id, %(company)s, d.partner_id, d.id, d.move_id,
                       d.scenario_id, o.step_id, step.code, step.kind, d.cycle,
                       'skipped', o.trigger_date, %(day)s, d.due_date,
                       d.currency_id, d.amount_residual, d.amount_residual_currency,
                       0, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM due d
                  JOIN chosen c ON %(is_of_group)s
                  JOIN overtaken o ON o.id = d.id
                  JOIN step ON step.id = o.step_id)""",
            columns=self._line_columns(),
            company=self.company.id,
            day=self.settings.day,
            is_of_group=self._is_of_group(),
            uid=self.env.uid,
            now=self._now,
        )

    def _line_columns(self):
        return SQL(
            """action_id, company_id, partner_id, move_line_id, move_id, scenario_id,
               step_id, step_code, kind, cycle, state, trigger_date, performed_date,
               due_date, currency_id, amount_residual,
               amount_residual_currency, amount_chased, amount_chased_currency,
               create_uid, create_date, write_uid, write_date"""
        )

    def _is_of_group(self):
        return SQL(
            """c.partner_id = d.partner_id AND c.kind = d.kind
               AND (c.scenario_id = d.scenario_id OR c.kind = 'thanks')
               AND c.is_optional = d.is_optional AND c.split = d.split"""
        )

    @property
    def _now(self):
        return self.env.cr.now()
