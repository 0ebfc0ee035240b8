from collections import Counter

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


class TeamCommon(DeliveryCommon):
    """Anna, Bruno and Camille collect; Bruno and Anna are the team North."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("phone", fallback_channel=False)
        cls.anna, cls.bruno = (
            new_test_user(
                cls.env,
                login=name.lower(),
                name=name,
                groups="account_dunning_scenario.dunning_group_collector",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("Anna", "Bruno")
        )
        cls.north = cls._create_team("North", cls.anna | cls.bruno)

    @classmethod
    def _create_team(cls, name, members, **rule):
        return cls.env["dunning.team"].create(
            {
                "name": name,
                "member_ids": [Command.set(members.ids)],
                "rule_ids": [Command.create(rule)],
            }
        )

    def _create_debtors(self, count, amount=100, **values):
        debtors = self.env["res.partner"]
        for number in range(count):
            debtor = self._create_customer(f"Debtor{amount}x{number}", **values)
            self._create_claim(day("02-10"), amount, debtor)
            debtors |= debtor
        return debtors

    def _give(self, is_all=False):
        return self.env["dunning.team"]._give_customers(self.company, is_all)

    def _get_loads(self, customers):
        return Counter(customers.mapped(lambda c: c.dunning_collector_id.name))


@tagged("post_install", "-at_install")
class TestTeamCustomers(TeamCommon):
    """S3-02: who follows whom up is decided by rules, and shared out fairly."""

    def test_shared_out_evenly(self):
        debtors = self._create_debtors(6)
        self.assertEqual(self._give(), debtors)
        self.assertEqual(self._get_loads(debtors), {"Anna": 3, "Bruno": 3})

    def test_whoever_owes_nothing_is_left_alone(self):
        self._create_debtors(1)
        self._give()
        self.assertFalse(self.customer.dunning_collector_id)

    def test_who_has_a_collector_keeps_them(self):
        debtors = self._create_debtors(3, dunning_collector_id=self.collector.id)
        self.assertFalse(self._give())
        self.assertEqual(self._get_loads(debtors), {"Camille Durand": 3})

    def test_on_demand_all_are_given_anew(self):
        """Those whose collector is of the team stay, up to a fair share."""
        debtors = self._create_debtors(4, dunning_collector_id=self.anna.id)
        self._give(is_all=True)
        self.assertEqual(self._get_loads(debtors), {"Anna": 2, "Bruno": 2})

    def test_first_rule_that_is_met_decides(self):
        self.north.sequence = 20
        self._create_team("Large", self.collector, amount_from=1000)
        small, large = self._create_debtors(2), self._create_debtors(2, 5000)
        self._give()
        self.assertEqual(self._get_loads(small), {"Anna": 1, "Bruno": 1})
        self.assertEqual(self._get_loads(large), {"Camille Durand": 2})

    def test_conditions_of_a_rule(self):
        """Segment, country, salesperson, any filter: all have to be met."""
        segment = self.env["dunning.segment"].create({"name": "Key", "code": "key9"})
        met = {
            "dunning_segment_id": segment.id,
            "country_id": self.env.ref("base.de").id,
            "user_id": self.bruno.id,
            "ref": "K1",
        }
        self.north.rule_ids.write(
            {
                "segment_ids": [Command.set(segment.ids)],
                "country_ids": [Command.set(self.env.ref("base.de").ids)],
                "salesperson_ids": [Command.set(self.bruno.ids)],
                "domain": "[('ref', '=', 'K1')]",
            }
        )
        debtors = self._create_debtors(len(met) + 1, **met)
        misfits = {
            "dunning_segment_id": False,
            "country_id": self.env.ref("base.fr").id,
            "user_id": False,
            "ref": "K2",
        }
        for (name, value), debtor in zip(misfits.items(), debtors, strict=False):
            debtor[name] = value
        self.assertEqual(self._give(), debtors[-1])

    def test_filter_has_to_be_one(self):
        with self.assertRaises(ValidationError):
            self.north.rule_ids.domain = "[('nothing', '=', 1)]"

    def test_absent_members_get_nobody(self):
        """Archived members are passed over; without any, the manager gets them."""
        self.anna.active = False
        debtors = self._create_debtors(2)
        self._give()
        self.assertEqual(self._get_loads(debtors), {"Bruno": 2})
        self.bruno.active = False
        self.north.manager_id = self.collector
        self._give()
        self.assertEqual(self._get_loads(debtors), {"Camille Durand": 2})

    def test_open_actions_follow(self):
        debtors = self._create_debtors(1)
        action = self._plan()
        self.assertEqual(action.collector_id, self.collector)
        action.action_confirm()
        self._send(action)
        self._give()
        self.assertEqual(action.collector_id, debtors.dunning_collector_id)
        self.assertEqual(action.activity_ids.user_id, debtors.dunning_collector_id)

    def test_only_managers_give(self):
        teams = self.env["dunning.team"].with_user(self.collector)
        with self.assertRaises(AccessError):
            teams.action_give_customers()
        with self.assertRaises(AccessError):
            self.north.rule_ids.with_user(self.collector).write({"amount_from": 1})
        self._create_debtors(1)
        self.assertIn(": 1.", self.north.action_give_customers()["params"]["message"])

    def test_queries_do_not_grow_with_the_customers(self):
        counts = []
        for size, amount in ((4, 10), (20, 20)):
            self._create_debtors(size, amount)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._give()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 6, counts)


@tagged("post_install", "-at_install")
class TestAbsence(TeamCommon):
    """Camille is on holiday from the 5th to the 10th; Anna does her work."""

    def _leave(self, **values):
        return self.env["dunning.absence"].create(
            {
                "user_id": self.collector.id,
                "replacement_id": self.anna.id,
                "start_date": day("03-05"),
                "end_date": day("03-10"),
                **values,
            }
        )

    def _apply(self, on):
        with freeze_time(f"2026-{on} 10:00:00"):
            self.env["dunning.absence"]._cron_apply()

    def test_open_work_goes_and_comes_back(self):
        action = self._remind()
        self._leave()
        self.assertEqual(action.collector_id, self.collector)
        self._apply("03-05")
        self.assertEqual(
            (action.collector_id, action.activity_ids.user_id), (self.anna,) * 2
        )
        self.assertEqual(action.stand_in_for_id, self.collector)
        self._apply("03-11")
        self.assertEqual(
            (action.collector_id, action.activity_ids.user_id), (self.collector,) * 2
        )
        self.assertFalse(action.stand_in_for_id)

    def test_new_work_goes_and_comes_back(self):
        self._leave(start_date=self.TODAY)
        action = self._remind()
        self.assertEqual(
            (action.collector_id, action.activity_ids.user_id), (self.anna,) * 2
        )
        self._apply("03-11")
        self.assertEqual(action.collector_id, self.collector)

    def test_tasks_go_and_come_back(self):
        """Whatever asks the collector for something: here a customer's answer."""
        self._leave(start_date=self.TODAY)
        task = self.customer.activity_schedule(
            "account_dunning_scenario.mail_activity_type_reply",
            user_id=self.collector.id,
        )
        self.assertEqual(task.user_id, self.anna)
        self._apply("03-11")
        self.assertEqual(task.user_id, self.collector)

    def test_other_tasks_stay(self):
        self._leave(start_date=self.TODAY)
        task = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.collector.id
        )
        self.assertEqual(task.user_id, self.collector)

    def test_replacement_who_is_away_is_replaced_in_turn(self):
        self._leave(start_date=self.TODAY)
        self._leave(
            user_id=self.anna.id, replacement_id=self.bruno.id, start_date=self.TODAY
        )
        self.assertEqual(self._remind().collector_id, self.bruno)

    def test_cut_short(self):
        action = self._remind()
        absence = self._leave(start_date=self.TODAY)
        self.assertEqual(action.collector_id, self.anna)
        absence.unlink()
        self.assertEqual(action.collector_id, self.collector)

    def test_nobody_is_replaced_twice(self):
        self._leave()
        with self.assertRaises(ValidationError):
            self._leave(replacement_id=self.bruno.id, end_date=False)

    def test_collectors_note_their_own(self):
        absences = self.env["dunning.absence"].with_user(self.collector)
        values = {"replacement_id": self.anna.id, "start_date": day("03-05")}
        absences.create(values)
        with self.assertRaises(AccessError):
            absences.create(values | {"user_id": self.bruno.id})

    def test_who_leaves_for_good_hands_over(self):
        """Actions, calls and tasks go to the customer's collector of now."""
        action = self._remind()
        tasks = self.env["mail.activity"]
        for name in ("match_payment", "send_invoice"):
            tasks |= action.line_ids.move_id.activity_schedule(
                f"account_dunning_scenario.mail_activity_type_{name}",
                user_id=self.collector.id,
            )
        tasks |= self.customer.activity_schedule(
            "account_dunning_scenario.mail_activity_type_dissatisfied_call",
            user_id=self.collector.id,
        )
        self.customer.sudo().dunning_collector_id = False
        self.company.dunning_collector_id = self.bruno
        self.collector.action_archive()
        self.assertEqual(
            (action.collector_id, action.activity_ids.user_id), (self.bruno,) * 2
        )
        self.assertEqual(tasks.user_id, self.bruno)

    def test_planned_for_who_has_left_goes_to_who_is_there(self):
        self.customer.dunning_collector_id = self.anna
        self.anna.active = False
        self._create_late_claim()
        self.assertEqual(self._plan().collector_id, self.collector)


@tagged("post_install", "-at_install")
class TestAbsenceElsewhere(TeamCommon):
    """Camille, away today, works for Azur and for Abroad SA; Anna, who does her work,
    for Azur only; Marc manages the follow-up of Abroad SA.

    Nice    a customer of Abroad SA's
    Azur    a customer of both, whom Camille follows up in both
    """

    REPLY = "account_dunning_scenario.mail_activity_type_reply"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad = cls.env["res.company"].sudo().create({"name": "Abroad SA"})
        cls.collector.sudo().company_ids |= cls.abroad
        cls.marc = new_test_user(
            cls.env,
            "marc",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=cls.abroad.id,
            company_ids=[Command.set(cls.abroad.ids)],
        )
        managers = cls.env.ref("account_dunning_scenario.dunning_group_manager").sudo()
        (managers.all_user_ids - cls.marc).company_ids -= cls.abroad
        cls.nice = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Nice", "company_id": cls.abroad.id})
        )
        cls.absences = cls.env["dunning.absence"].sudo()

    def _leave(self):
        return self.absences.create(
            {
                "user_id": self.collector.id,
                "replacement_id": self.anna.id,
                "start_date": self.TODAY,
                "end_date": day("03-10"),
            }
        )

    def _ask(self, record):
        return record.sudo().activity_schedule(self.REPLY, user_id=self.collector.id)

    def test_tasks_of_another_company_go_to_its_manager(self):
        before = self._ask(self.nice)
        self._leave()
        self.assertEqual(before.user_id, self.marc)
        after = self._ask(self.nice)
        self.assertEqual(after.user_id, self.marc)
        self.assertEqual(after.stand_in_for_id, self.collector)
        with freeze_time("2026-03-11 10:00:00"):
            self.absences._cron_apply()
        self.assertEqual((before | after).user_id, self.collector)
        self.assertFalse(after.stand_in_for_id)

    def test_tasks_of_ones_own_company_go_on(self):
        before = self._ask(self.customer)
        self._leave()
        self.assertEqual(before.user_id, self.anna)
        self.assertEqual(self._ask(self.customer).user_id, self.anna)

    def test_tasks_of_a_customer_of_both(self):
        """What it is about is not known: Anna may not read all of it."""
        for company in (self.abroad, self.company):
            customer = self.customer.sudo().with_company(company)
            customer.dunning_collector_id = self.collector
        self._leave()
        task = self._ask(self.customer)
        self.assertEqual(task.user_id, self.marc)
        self.anna.sudo().company_ids |= self.abroad
        self.absences._cron_apply()
        self.assertEqual(task.user_id, self.anna)

    def test_tasks_stay_where_there_is_no_manager(self):
        """Better with somebody who is away than with somebody whom it is not for."""
        self.marc.sudo().active = False
        task = self._ask(self.nice)
        self._leave()
        self.assertEqual(task.user_id, self.collector)
        self.assertEqual(self._ask(self.nice).user_id, self.collector)

    def test_what_left_a_company_is_taken_back(self):
        """Anna no longer works for Abroad SA: its tasks leave her."""
        self.anna.sudo().company_ids |= self.abroad
        task = self._ask(self.nice)
        self._leave()
        self.assertEqual(task.user_id, self.anna)
        self.anna.sudo().company_ids = self.company
        self.absences._cron_apply()
        self.assertEqual(task.user_id, self.marc)
