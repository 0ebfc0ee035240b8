"""Keep only the hash of the keys of the customers' pages. Links that were sent go on
working: their keys are the same."""


def migrate(cr, version):
    cr.execute(
        """SELECT 1 FROM information_schema.columns
            WHERE table_name = 'dunning_delivery' AND column_name = 'access_token'"""
    )
    if not cr.rowcount:
        return
    cr.execute(
        """ALTER TABLE dunning_delivery
             ADD COLUMN IF NOT EXISTS key_hash varchar,
             ADD COLUMN IF NOT EXISTS key_customer integer,
             ADD COLUMN IF NOT EXISTS key_contact integer"""
    )
    cr.execute(
        """UPDATE dunning_delivery delivery
              SET key_hash = encode(sha256(access_token::bytea), 'hex'),
                  key_customer = action.partner_id,
                  key_contact = delivery.contact_id
             FROM dunning_action action
            WHERE action.id = delivery.action_id
              AND delivery.access_token IS NOT NULL"""
    )
    cr.execute("ALTER TABLE dunning_delivery DROP COLUMN access_token")
