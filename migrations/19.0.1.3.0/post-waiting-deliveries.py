def migrate(cr, version):
    """Set queued deliveries, marked as done so far, back to waiting until their service
    accepts them."""
    cr.execute(
        """UPDATE dunning_delivery delivery SET state = 'waiting'
            WHERE state = 'done' AND sent_at IS NULL AND performed_date IS NOT NULL
              AND (EXISTS (SELECT 1 FROM mail_mail mail
                            WHERE mail.id = delivery.mail_mail_id)
                   OR EXISTS (SELECT 1 FROM sms_sms sms
                               WHERE sms.id = delivery.sms_id))"""
    )
