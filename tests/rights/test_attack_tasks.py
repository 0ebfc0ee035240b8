from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import day
from .test_attack_journals import AttackCommon

TYPE = "account_dunning_scenario.mail_activity_type_%s"


@tagged("post_install", "-at_install")
class TestAttackTasks(AttackCommon):
    """Tasks of the follow-up move invoices, calls and complaints: they are for whose
    they are."""

    def _add_task(self, record, kind, user, **values):
        """Let a user make a task of ours by hand."""
        return (
            self.env["mail.activity"]
            .with_user(user)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "activity_type_id": self.env.ref(TYPE % kind).id,
                    "user_id": user.id,
                    **values,
                }
            )
        )

    def _note_missing(self):
        self.customer.email = False
        reasons = self.env["dunning.nonpayment"].with_user(self.collector)
        return reasons._note(self.claim.with_user(self.collector), "not_received")

    def _get_task(self, record, kind):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("activity_type_id", "=", self.env.ref(TYPE % kind).id),
            ]
        )

    # ---- invoices to send ------------------------------------------------------------

    def test_task_about_a_contact_sends_no_invoice(self):
        """A contact that happens to have the number of the invoice."""
        noted = self._note_missing()
        move = self.claim.move_id
        contact = self.env["res.partner"].browse(move.id).exists()
        if not contact:
            contact = self.customer
            self.env.cr.execute(
                "UPDATE dunning_nonpayment SET move_id = %s WHERE id = %s",
                [move.id, noted.id],
            )
        task = self._add_task(contact, "send_invoice", self.secretary)
        task.sudo().res_id = move.id  # the same number, of another model
        cycle = self.claim.dunning_cycle
        task.action_feedback()
        self.assertFalse(noted.resent_date)
        self.assertEqual(self.claim.dunning_cycle, cycle)

    def test_who_may_not_send_invoices_sends_none(self):
        """An accountant who reads makes the task herself, and does it."""
        noted = self._note_missing()
        task = self._add_task(self.claim.move_id, "send_invoice", self.billing)
        task.sudo().user_id = self.accountant
        task.with_user(self.accountant).action_feedback()
        self.assertFalse(noted.resent_date)
        self._get_task(self.claim.move_id, "send_invoice").with_user(
            self.collector
        ).action_feedback()
        self.assertEqual(noted.resent_date, self.TODAY)

    def test_task_stays_about_its_record(self):
        self._note_missing()
        task = self._get_task(self.claim.move_id, "send_invoice")
        mine = task.with_user(self.collector)
        for values in (
            {"res_id": self.other_claim.move_id.id},
            {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id},
            {"stand_in_for_id": self.manager.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                mine.write(values)
        forged = self._add_task(
            self.claim.move_id,
            "send_invoice",
            self.billing,
            stand_in_for_id=self.collector.id,
        )
        self.assertFalse(forged.stand_in_for_id)

    # ---- calls -----------------------------------------------------------------------

    def _call(self):
        """Let a call to Azur wait for the collector."""
        action = self._plan().filtered(lambda a: a.partner_id == self.customer)
        action.collector_id = self.collector
        action.action_confirm()
        action._deliver(self.env.cr.now().replace(year=2026, month=3, day=4, hour=12))
        self.assertEqual(action.state, "in_progress")
        return action

    def test_call_of_a_collector_is_theirs(self):
        """Who reads the history neither makes nor moves nor deletes a call."""
        action = self._call()
        task = action.activity_ids
        for user in (self.accountant, self.billing):
            mine = task.with_user(user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.action_feedback(feedback="Done!")
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.unlink()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.action_cancel()
            for values in (
                {"date_deadline": day("12-31")},
                {"user_id": user.id},
                {"active": False},
            ):
                with self.subTest(values), self.assertRaises(AccessError):
                    mine.write(values)
        self.assertEqual((action.state, task.user_id), ("in_progress", self.collector))

    def test_colleagues_help_each_other(self):
        """Another collector of the company moves the call and makes it."""
        task = self._call().activity_ids
        task.with_user(self.manager).date_deadline = day("03-05")
        task.with_user(self.manager).action_feedback(feedback="At lunch")
        self.assertFalse(task.active)

    # ---- complaints ------------------------------------------------------------------

    def test_complaint_is_dealt_with_by_those_who_were_asked(self):
        """A secretary who keeps contacts closes no complaint; a collector of another
        company neither."""
        action = self._call()
        action.with_user(self.collector)._register_satisfaction(1, "Rude driver")
        tasks = action.satisfaction_activity_ids
        self.assertTrue(tasks)
        other = new_test_user(
            self.env,
            "colette",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=self.abroad.id,
            company_ids=[(6, 0, self.abroad.ids)],
        )
        for user in (self.secretary, self.billing, other):
            for task in tasks:
                mine = task.with_user(user)
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    mine.action_feedback()
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    mine.unlink()
        self.assertTrue(action.is_dissatisfied)
        tasks.filtered(lambda t: t.user_id == self.sarah).with_user(
            self.sarah
        ).action_feedback()
        self.assertFalse(action.is_dissatisfied)

    # ---- passing on ------------------------------------------------------------------

    def _pass_on(self):
        """Let a message to Azur wait for Sarah."""
        self.customer.dunning_contact_rule = "salesperson"
        template = self.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "subject": "To pay",
                "body_html": "<p>Please pay by 2026-03-12.</p>",
            }
        )
        self._get_step("reminder_1").write(
            {"channel": "email", "mail_template_id": template.id}
        )
        action = self._call()
        self.assertEqual(action.delivery_ids.intermediary_id, self.sarah)
        return action

    def test_note_to_ourselves_performs_no_step(self):
        """Whoever posts says which message it passes on."""
        action = self._pass_on()
        forge = {"dunning_pass_on": action.delivery_ids.id}
        for user in (self.billing, self.accountant):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                action.with_user(user).with_context(**forge).message_post(body="Hm")
        for user in (self.sarah, self.collector):
            mine = action.with_user(user).with_context(**forge)
            with self.subTest(user=user.name), self.assertRaises(UserError):
                mine.message_post(body="Nobody gets this")
            with self.subTest(user=user.name), self.assertRaises(UserError):
                mine.message_post(
                    body="Our accountant gets this",
                    partner_ids=self.accountant.partner_id.ids,
                    subtype_xmlid="mail.mt_comment",
                )
        self.assertEqual(action.state, "in_progress")
        action.with_user(self.sarah).with_context(**forge).message_post(
            body="Dear Jeanne",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(action.state, "done")

    def test_message_of_another_action_is_not_passed_on(self):
        action = self._pass_on()
        other = self._plan() or self.env["dunning.action"].search(
            [("partner_id", "=", self.borel.id)], limit=1
        )
        other.with_user(self.collector).with_context(
            dunning_pass_on=action.delivery_ids.id
        ).message_post(body="Hm")
        self.assertEqual(action.state, "in_progress")
