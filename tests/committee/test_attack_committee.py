from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import day
from ..rights.test_attack_journals import AttackCommon


@tagged("post_install", "-at_install")
class TestAttackCommittee(AttackCommon):
    """What was decided stays so, and colleagues decide it."""

    def test_committee_keeps_company_and_decisions(self):
        committee = self.env["dunning.committee"].create({"date": self.TODAY})
        case = self.env["dunning.committee.case"].create(
            {"committee_id": committee.id, "partner_id": self.customer.id}
        )
        for user in (self.collector, self.manager):
            self.assertKept(committee, user, company_id=self.abroad.id, state="closed")
            self.assertKept(
                case,
                user,
                company_id=self.abroad.id,
                partner_id=self.borel.id,
                amount_overdue=1,
                origin="last_step",
                state="decided",
                decided_by_id=self.manager.id,
                decided_date=self.TODAY,
            )
        mine = case.with_user(self.manager)
        mine.write({"decision": "carry_on", "decision_reason": "They are ill."})
        mine.action_decide()
        self.assertKept(case, self.manager, proposal="Sue them", decision="write_off")
        with self.assertRaisesRegex(UserError, "stays on record"):
            committee.with_user(self.manager).unlink()
        committee.with_user(self.manager).action_close()
        committee.with_user(self.manager).note = "<p>Minutes</p>"
        self.assertKept(committee, self.manager, date=day("04-01"))
        with self.assertRaises(UserError):
            self.env["dunning.committee.case"].with_user(self.collector).create(
                {"committee_id": committee.id, "partner_id": self.borel.id}
            )

    def test_cases_are_gathered_undecided(self):
        self.company.dunning_committee_amount = 50
        session = self.env["dunning.committee"].create({"date": self.TODAY})
        self._set_default(self.manager, "dunning.committee.case", "state", "decided")
        keys = {"default_state": "decided", "default_decision_reason": "Mine"}
        self._call(session, self.manager, "action_gather", **keys)
        self.assertTrue(session.case_ids)
        self.assertEqual(set(session.case_ids.mapped("state")), {"open"})
        self.assertFalse(any(session.case_ids.mapped("decision_reason")))

    def test_work_is_given_to_colleagues(self):
        """Alban works for Abroad SA only, Pierre signs in as a customer."""
        self.manager.sudo().group_ids |= self.env.ref("base.group_system")
        committee = self.env["dunning.committee"].create({"date": day("03-10")})
        case = committee.case_ids.create(
            {"committee_id": committee.id, "partner_id": self.customer.id}
        )
        alban, pierre = (
            new_test_user(
                self.env,
                login=login,
                groups=f"base.group_{group}",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for login, group, company in (
                ("alban", "user", self.abroad),
                ("pierre", "portal", self.company),
            )
        )
        for record, field in (
            (self.company, "dunning_committee_member_ids"),
            (self.company, "dunning_accountant_id"),
            (committee, "member_ids"),
            (case, "visit_user_id"),
        ):
            is_one = record._fields[field].type == "many2one"
            named = record.with_user(self.manager)
            for user in (alban, pierre):
                with (
                    self.subTest(field=field, user=user.login),
                    self.assertRaisesRegex(UserError, "not a colleague"),
                    self.env.cr.savepoint(),
                ):
                    named.write({field: user.id if is_one else [Command.link(user.id)]})
                self.env.invalidate_all()
            with self.subTest(field=field):
                mine = self.manager
                named.write({field: mine.id if is_one else [Command.link(mine.id)]})
