"""Floor of planning: the bare statement that every planner needs.

One SQL statement, written for the generated ledger alone: it finds the due claims by
trigger date and history only, groups them by customer and writes the same action and
line rows, into the same tables with the same indexes and foreign keys. It ignores
holds, balances, spacing, conditions, several companies or currencies, exclusions,
payment methods, stops and explanations; steps and their chains are the same values that
the planner uses. The planner's additional time is the cost of its rules.
"""

from odoo.tools import SQL

from odoo.addons.account_dunning_scenario.models.planner.pipeline.values import (
    values_cte,
)
from odoo.addons.account_dunning_scenario.models.scenario.film import (
    CHAIN_TYPES,
    STEP_TYPES,
    Film,
)


def plan(env, day):
    """Plan the company of the environment in the bare way; return the number of
    actions."""
    scenario = env.company.dunning_scenario_id
    film = Film(scenario)
    env.cr.execute(
        "SET LOCAL enable_nestloop = off; SET LOCAL jit = off;"
        "SET LOCAL work_mem = '64MB'"
    )
    env.cr.execute(
        SQL(
            """
WITH %(steps)s, %(chains)s,
claim AS MATERIALIZED (
    SELECT id, move_id, partner_id, currency_id, date_maturity AS due_date,
           amount_residual, amount_residual_currency
      FROM account_move_line
     WHERE company_id = %(company)s AND account_id = %(account)s
       AND reconciled IS NOT TRUE AND parent_state = 'posted' AND date <= %(day)s
       AND amount_residual > 0),
played AS MATERIALIZED (
    SELECT line.move_line_id, line.step_id, line.performed_date, step.rank
      FROM dunning_action_line line
      JOIN step ON step.id = line.step_id
     WHERE line.company_id = %(company)s AND line.state IN ('done', 'skipped')),
position AS (
    SELECT move_line_id, MAX(rank) AS rank FROM played GROUP BY move_line_id),
next AS (
    SELECT claim.id, MIN(step.rank) AS rank
      FROM claim
      LEFT JOIN position ON position.move_line_id = claim.id
      JOIN step ON step.is_playable AND step.rank > COALESCE(position.rank, 0)
           AND (step.kind = 'reminder' OR claim.due_date >= %(day)s)
     GROUP BY claim.id),
base AS (
    SELECT DISTINCT ON (next.id) next.id, played.performed_date + chain.delay AS day
      FROM next
      JOIN step ON step.rank = next.rank
      JOIN chain ON chain.step_id = step.id
      JOIN played ON played.move_line_id = next.id
           AND played.step_id = chain.base_step_id
     ORDER BY next.id, chain.place),
due AS MATERIALIZED (
    SELECT claim.*, step.id AS step_id, step.code, step.kind, step.rank,
           COALESCE(base.day, claim.due_date + step.delay) AS trigger_date
      FROM claim
      JOIN next ON next.id = claim.id
      JOIN step ON step.rank = next.rank
      LEFT JOIN base ON base.id = claim.id
     WHERE COALESCE(base.day, claim.due_date + step.delay) <= %(day)s
       AND (step.kind = 'notice' OR claim.due_date < %(day)s)),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (partner_id) nextval('dunning_action_id_seq')::int AS action_id,
           partner_id, kind, rank, amount
      FROM (SELECT partner_id, kind, MAX(rank) AS rank,
                   SUM(amount_residual) AS amount
              FROM due GROUP BY partner_id, kind) g
     ORDER BY partner_id, kind DESC),
inserted_action AS (
    INSERT INTO dunning_action (id, company_id, partner_id, scenario_id, step_id, kind,
        channel, mode, state, is_ticked, planned_date, scheduled_at, amount_total,
        origin, create_uid, create_date, write_uid, write_date)
    SELECT c.action_id, %(company)s, c.partner_id, %(scenario)s, step.id, c.kind,
           s.channel, s.mode, 'to_confirm', TRUE, %(day)s, %(day)s, c.amount,
           'planner', 1, %(now)s, 1, %(now)s
      FROM chosen c
      JOIN step ON step.rank = c.rank
      JOIN dunning_step s ON s.id = step.id
    RETURNING id),
inserted_line AS (
    INSERT INTO dunning_action_line (action_id, company_id, partner_id, move_line_id,
        move_id, scenario_id, step_id, step_code, kind, cycle, state, trigger_date,
        due_date, currency_id, amount_residual, amount_residual_currency,
        amount_chased, amount_chased_currency, create_uid, create_date, write_uid,
        write_date)
    SELECT c.action_id, %(company)s, d.partner_id, d.id, d.move_id, %(scenario)s,
           d.step_id, d.code, d.kind, 0, 'open', d.trigger_date, d.due_date,
           d.currency_id, d.amount_residual, d.amount_residual_currency,
           d.amount_residual, d.amount_residual_currency, 1, %(now)s, 1, %(now)s
      FROM due d
      JOIN chosen c ON c.partner_id = d.partner_id AND c.kind = d.kind)
SELECT COUNT(*) FROM inserted_action""",
            steps=values_cte("step", STEP_TYPES, film.get_step_rows()),
            chains=values_cte("chain", CHAIN_TYPES, film.get_chain_rows()),
            company=env.company.id,
            account=_get_account(env),
            scenario=scenario.id,
            day=day,
            now=env.cr.now(),
        )
    )
    return env.cr.fetchone()[0]


def _get_account(env):
    item = env["account.move.line"].search(
        [("account_type", "=", "asset_receivable"), ("reconciled", "=", False)], limit=1
    )
    return item.account_id.id
