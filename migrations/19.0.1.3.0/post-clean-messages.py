"""Clean the chatters that all internal users read.

Messages to and from customers stood in the chatters of customers and invoices. They
move to the records protected by access rights; the message that stays says that
something happened, and links to them. It runs in SQL, in batches: the data is never
loaded as a whole. Clean messages are left alone, so the script may run again.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.account_dunning_scenario.models.message.link.link_keys import hide_keys

BATCH = 1000
TASKS = "account_dunning_scenario.mail_activity_type_limitation"

SENT = SQL(
    """SELECT message.id, 'dunning.action' AS model, delivery.action_id AS res_id,
              delivery.id AS delivery_id
         FROM dunning_delivery delivery
         JOIN mail_message message ON message.id = delivery.mail_message_id
        WHERE message.model = 'res.partner'"""
)
# E-mails of the follow-up that belong to no delivery.
STATEMENTS = SQL(
    """SELECT message.id, message.res_id, message.date::date,
              COALESCE((SELECT MIN(file.company_id)
                          FROM message_attachment_rel rel
                          JOIN ir_attachment file ON file.id = rel.attachment_id
                         WHERE rel.message_id = message.id),
                       (SELECT author.company_id FROM res_users author
                         WHERE author.id = message.create_uid))
         FROM mail_mail mail
         JOIN mail_message message ON message.id = mail.mail_message_id
        WHERE message.model = 'res.partner'
          AND POSITION('o_dunning_mail' IN mail.body_html) > 0"""
)
# A note without a link yet.
PLAIN_NOTE = SQL(
    """note.message_type IN ('notification', 'comment') AND note.body <> ''
       AND POSITION('data-oe-model="dunning.' IN note.body) = 0"""
)
# Written in one go with these messages and records, hence about the same.
SAID_WITH = SQL(
    """SELECT DISTINCT ON (note.id) note.id, told.model, told.res_id
         FROM mail_message note
         JOIN (SELECT message.create_date, message.model, message.res_id,
                      COALESCE(action.partner_id, promise.partner_id, c.partner_id)
                      AS partner_id
                 FROM mail_message message
            LEFT JOIN dunning_action action ON action.id = message.res_id
                  AND message.model = 'dunning.action'
            LEFT JOIN dunning_promise promise ON promise.id = message.res_id
                  AND message.model = 'dunning.promise'
            LEFT JOIN dunning_committee_case c ON c.id = message.res_id
                  AND message.model = 'dunning.committee.case'
                WHERE message.model IN ('dunning.action', 'dunning.promise',
                                        'dunning.committee.case')
               UNION ALL
               SELECT create_date, 'dunning.action', action_id, partner_id
                 FROM dunning_call) told
           ON told.create_date = note.create_date AND told.partner_id = note.res_id
        WHERE note.model = 'res.partner' AND %s
     ORDER BY note.id, told.model DESC""",
    PLAIN_NOTE,
)
# Messages written by these records themselves.
SAID_BY = SQL(
    """SELECT DISTINCT ON (note.id) note.id, said.model, said.id AS res_id
         FROM mail_message note
         JOIN (SELECT 'dunning.nonpayment' AS model, id, create_date, move_id,
                      partner_id
                 FROM dunning_nonpayment
               UNION ALL
               SELECT 'dunning.legal.waiver', id, create_date, move_id, NULL
                 FROM dunning_legal_waiver) said
           ON said.create_date = note.create_date
        WHERE %s AND (note.model = 'account.move' AND note.res_id = said.move_id
                      OR note.model = 'res.partner' AND note.res_id = said.partner_id)
     ORDER BY note.id""",
    PLAIN_NOTE,
)
KEYED = SQL(
    """SELECT id, body FROM mail_message
        WHERE model = 'res.partner'
          AND body ~* '(follow-up|(/|.2F)rate(/|.2F)|access_token)'
           OR LEFT(model, 8) <> 'dunning.' AND body ~* 'my(/|.2F)follow-up(/|.2F)'"""
)
# Replies to moved messages, and replies to those, in the same chatters.
ADD_ANSWERS = """
    WITH RECURSIVE thread (id, model, res_id) AS (
        SELECT id, model, res_id FROM dunning_moved
         UNION
        SELECT answer.id, thread.model, thread.res_id
          FROM mail_message answer JOIN thread ON thread.id = answer.parent_id
         WHERE answer.model = 'res.partner')
    INSERT INTO dunning_moved (id, model, res_id, is_answer)
    SELECT thread.id, thread.model, thread.res_id, TRUE
      FROM thread JOIN mail_message message ON message.id = thread.id
     WHERE message.message_type = 'email' AND message.is_internal IS NOT TRUE
        ON CONFLICT DO NOTHING"""


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    first = env["res.company"].search([], order="id", limit=1)
    env = env(context={"lang": first.partner_id.lang})
    cr.execute(
        """CREATE TEMP TABLE dunning_moved (
               id integer PRIMARY KEY, model varchar, res_id integer, body text,
               new_id integer DEFAULT nextval('mail_message_id_seq'),
               is_answer boolean DEFAULT FALSE)"""
    )
    for rows in _fetch(cr, SENT):
        ways = env["dunning.delivery"].browse([row[3] for row in rows])
        _move(env, [row[:3] for row in rows], [way._tell_sent() for way in ways])
    for rows in _fetch(cr, STATEMENTS):
        told = env._("Statement of account sent by e-mail.")
        _move(env, _create_sendings(env, rows), [told] * len(rows))
    for rows in _fetch(cr, SAID_WITH):
        _move(env, rows, [env._("Noted in the follow-up.")] * len(rows))
    for rows in _fetch(cr, SAID_BY):
        _shorten(env, rows)
    for rows in _fetch(cr, KEYED):
        _write_bodies(cr, "mail_message", {id_: hide_keys(body) for id_, body in rows})
    cr.execute("DROP TABLE dunning_moved")
    _clean_tasks(env)


def _fetch(cr, query):
    """Yield the rows of a query in batches."""
    cr.execute(SQL("CREATE TEMP TABLE dunning_found AS %s", query))
    cr.execute("CREATE INDEX ON dunning_found (id)")
    last = 0
    while True:
        cr.execute(
            "SELECT * FROM dunning_found WHERE id > %s ORDER BY id LIMIT %s",
            (last, BATCH),
        )
        if not (rows := cr.fetchall()):
            break
        yield rows
        last = rows[-1][0]
    cr.execute("DROP TABLE dunning_found")


def _create_sendings(env, rows):
    """Return the new places of statements: [(id of the message, model, id of the
    record)].

    :param rows: [(id of the message, of the customer, day, id of the company)]
    """
    sendings = env["dunning.statement.sending"].with_context(
        tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
    )
    created = sendings.create(
        [
            {"partner_id": partner_id, "company_id": company_id, "day": day}
            for _id, partner_id, day, company_id in rows
        ]
    )
    env.flush_all()
    return [
        (row[0], sending._name, sending.id)
        for row, sending in zip(rows, created, strict=True)
    ]


def _move(env, places, texts):
    """Copy messages to records; leave a note with a link in place of each.

    The copy replaces the message in all references to it, except in notifications of
    colleagues: they learn no more than other users now.

    :param places: [(id of the message, model, id of the record)]
    :param texts: of the notes, plain
    """
    cr = env.cr
    cr.execute("TRUNCATE dunning_moved")
    cr.execute_values("INSERT INTO dunning_moved (id, model, res_id) VALUES %s", places)
    cr.execute(ADD_ANSWERS)
    cr.execute("SELECT id, model, res_id FROM dunning_moved WHERE is_answer")
    answers = cr.fetchall()
    told = dict(zip((place[0] for place in places), texts, strict=True))
    answered = env._("The customer answered.")
    bodies = {
        id_: _get_note(env, model, res_id, told.get(id_, answered))
        for id_, model, res_id in [*places, *answers]
    }
    _write_bodies(cr, "dunning_moved", bodies)
    _copy(cr)
    _repoint(cr)
    _leave_notes(env)
    env.invalidate_all()


def _get_note(env, model, res_id, text):
    return str(env["dunning.chronicle"]._get_note(env[model].browse(res_id), text))


def _write_bodies(cr, table, bodies):
    cr.execute(
        SQL(
            """UPDATE %(table)s AS cleaned SET body = written.body
                 FROM UNNEST(%(ids)s, %(bodies)s) AS written (id, body)
                WHERE cleaned.id = written.id""",
            table=SQL.identifier(table),
            ids=list(bodies),
            bodies=list(bodies.values()),
        )
    )


def _copy(cr):
    cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_name = 'mail_message' AND table_schema = current_schema
              AND column_name NOT IN ('id', 'model', 'res_id')"""
    )
    names = [name for (name,) in cr.fetchall()]
    cr.execute(
        SQL(
            """INSERT INTO mail_message (id, model, res_id, %s)
               SELECT moved.new_id, moved.model, moved.res_id, %s
                 FROM dunning_moved moved
                 JOIN mail_message message ON message.id = moved.id""",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(SQL.identifier("message", name) for name in names),
        )
    )


def _repoint(cr):
    """Point all references of a message to its copy, also attachments of the
    customer."""
    cr.execute(
        """SELECT tables.relname, columns.attname
             FROM pg_constraint keys
             JOIN pg_class tables ON tables.oid = keys.conrelid
             JOIN pg_attribute columns ON columns.attrelid = keys.conrelid
              AND columns.attnum = keys.conkey[1]
            WHERE keys.contype = 'f' AND keys.confrelid = 'mail_message'::regclass"""
    )
    for table, column in cr.fetchall():
        condition = SQL("TRUE")
        if table == "mail_notification":
            # Results of text messages, and customers' contacts who got an e-mail.
            condition = SQL(
                """named.notification_type = 'sms' OR EXISTS (
                       SELECT 1 FROM res_partner
                        WHERE res_partner.id = named.res_partner_id
                          AND res_partner.partner_share)"""
            )
        cr.execute(
            SQL(
                """UPDATE %(table)s named SET %(column)s = moved.new_id
                     FROM dunning_moved moved
                    WHERE named.%(column)s = moved.id AND (%(condition)s)""",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                condition=condition,
            )
        )
    cr.execute(
        """UPDATE ir_attachment file
              SET res_model = moved.model, res_id = moved.res_id
             FROM dunning_moved moved
             JOIN message_attachment_rel rel ON rel.message_id = moved.new_id
            WHERE file.id = rel.attachment_id AND file.res_model = 'res.partner'
              AND file.res_field IS NULL"""
    )


def _leave_notes(env):
    """Replace each message by a note that links to its copy."""
    env.cr.execute(
        """UPDATE mail_message note
              SET body = moved.body, subject = NULL, parent_id = moved.new_id,
                  is_internal = TRUE,
                  message_id = '<' || moved.new_id || '.note-' || note.message_id,
                  message_type = CASE WHEN moved.is_answer THEN 'email'
                                      ELSE 'notification' END,
                  subtype_id = CASE WHEN moved.is_answer THEN note.subtype_id
                                    ELSE %s END
             FROM dunning_moved moved
            WHERE note.id = moved.id""",
        (env.ref("mail.mt_note").id,),
    )


def _shorten(env, rows):
    """Replace messages written by records by a note that links to them."""
    nonpayments = env["dunning.nonpayment"]
    labels = dict(nonpayments._fields["reason"]._description_selection(env))
    bodies = {}
    for id_, model, res_id in rows:
        record = env[model].browse(res_id)
        text = (
            record._get_log_text(labels)
            if model == nonpayments._name
            else env._("Waiver of interest.")
        )
        bodies[id_] = _get_note(env, model, res_id, text)
    _write_bodies(env.cr, "mail_message", bodies)
    env.invalidate_all()


def _clean_tasks(env):
    """Remove the customer's words and the lists of invoices from open tasks."""
    complaints = env["dunning.action"].search([("satisfaction_activity_ids", "!=", 0)])
    for action in complaints:
        note = env["dunning.chronicle"]._get_note(action, action.display_name)
        action.satisfaction_activity_ids.note = note
    if limitation := env.ref(TASKS, raise_if_not_found=False):
        domain = [
            ("activity_type_id", "=", limitation.id),
            ("res_model", "=", "res.partner"),
        ]
        env["mail.activity"].search(domain).summary = False
    env.flush_all()
