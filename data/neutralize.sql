-- Follow-up of a copy: switched off, and whoever switches it on again reaches nobody.
-- Nothing below is undone by turning the scheduled actions on.

-- no company is followed up, no fax and no letter has a way out
UPDATE res_company
   SET dunning_is_live = false,
       dunning_fax_gateway = NULL,
       dunning_is_snailmail = false;

-- providers lose their addresses and keys; archived ones may be restored by hand
UPDATE dunning_provider
   SET active = false,
       url = CASE WHEN url IS NOT NULL THEN 'https://neutralization.invalid' END,
       status_url = CASE
           WHEN status_url IS NOT NULL THEN 'https://neutralization.invalid'
       END,
       api_key = NULL;

-- neither do defaults that users saved for new ones hold them
DELETE FROM ir_default
 WHERE field_id IN (
       SELECT id
         FROM ir_model_fields
        WHERE (model = 'dunning.provider' AND name IN ('url', 'status_url', 'api_key'))
           OR (model = 'res.company' AND name IN (
                  'dunning_fax_gateway', 'dunning_is_live', 'dunning_is_snailmail'
              ))
);

-- hosts of the own network that a provider may live at
DELETE FROM ir_config_parameter
 WHERE key = 'account_dunning_scenario.local_provider_hosts';

-- links in messages of the original open nothing here, and who reads the copy cannot
-- open the original's pages
UPDATE dunning_delivery
   SET key_hash = NULL
 WHERE key_hash IS NOT NULL;
UPDATE rating_rating
   SET access_token = gen_random_uuid()::varchar
 WHERE res_model LIKE 'dunning.%';

UPDATE mail_message
   SET body = regexp_replace(
           body,
           '(/my/follow-up/[0-9]+/|/f/|/rate/|access_token=)[A-Za-z0-9_-]+',
           '\1neutralized',
           'g'
       )
 WHERE model LIKE 'dunning.%'
   AND body ~ '(/my/follow-up/|/f/|/rate/|access_token=)';

-- e-mails and faxes in Odoo's queue; the next delivery run puts their actions back on
-- the desk
UPDATE mail_mail mail
   SET state = 'cancel'
  FROM mail_message message
 WHERE message.id = mail.mail_message_id
   AND mail.state IN ('outgoing', 'exception')
   AND (
       message.model LIKE 'dunning.%'
       OR mail.body_html LIKE '%o_dunning_mail%'
       OR EXISTS (
           SELECT 1 FROM dunning_delivery delivery
            WHERE delivery.mail_mail_id = mail.id
       )
   );

-- text messages in Odoo's queue, with the trace by which the delivery run learns of it
UPDATE mail_notification notification
   SET notification_status = 'canceled'
  FROM dunning_delivery delivery
  JOIN sms_sms sms ON sms.id = delivery.sms_id
 WHERE notification.mail_message_id = delivery.mail_message_id
   AND notification.notification_type = 'sms'
   AND sms.state IN ('outgoing', 'error');
UPDATE sms_sms sms
   SET state = 'canceled'
  FROM dunning_delivery delivery
 WHERE delivery.sms_id = sms.id
   AND sms.state IN ('outgoing', 'error');

-- letters with the postal service: they wait to be printed and posted by hand
UPDATE snailmail_letter letter
   SET state = 'canceled'
  FROM dunning_delivery delivery
 WHERE delivery.snailmail_letter_id = letter.id
   AND letter.state IN ('pending', 'error');
UPDATE dunning_delivery delivery
   SET snailmail_letter_id = NULL,
       is_by_hand = true
  FROM snailmail_letter letter
 WHERE letter.id = delivery.snailmail_letter_id
   AND letter.state = 'canceled'
   AND delivery.state = 'waiting';

-- messages that no provider has yet: they and their deliveries are cancelled
UPDATE dunning_delivery delivery
   SET state = 'cancelled'
  FROM dunning_submission submission
 WHERE submission.delivery_id = delivery.id
   AND submission.state IN ('queued', 'sending')
   AND delivery.state = 'waiting';
UPDATE dunning_submission
   SET state = 'cancelled',
       next_at = NULL
 WHERE state IN ('queued', 'sending');

-- what was about to leave waits on the desk, unticked
UPDATE dunning_action action
   SET state = 'to_confirm',
       is_ticked = false,
       untick_reason = 'user',
       untick_note = 'neutralization: it was about to leave in the original'
 WHERE action.state = 'scheduled'
    OR (
       action.state = 'in_progress'
       AND EXISTS (
           SELECT 1 FROM dunning_submission submission
             JOIN dunning_delivery delivery ON delivery.id = submission.delivery_id
            WHERE delivery.action_id = action.id
              AND submission.state = 'cancelled'
       )
       AND NOT EXISTS (
           SELECT 1 FROM dunning_delivery delivery
            WHERE delivery.action_id = action.id
              AND delivery.state IN ('waiting', 'done')
       )
   );
