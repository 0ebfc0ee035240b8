from base64 import b64encode
from hashlib import sha256
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user

from ...models.setup.roles import ROLES as CONTACT_ROLES
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"
COLLECTOR = f"{MODULE}.dunning_group_collector"
MANAGER = f"{MODULE}.dunning_group_manager"
INTERNAL = "base.group_user"
# Roles and their groups, in the order of the table's columns.
GROUPS = {
    "visitor": "base.group_public",
    "portal_own": "base.group_portal",
    "portal_other": "base.group_portal",
    "internal": INTERNAL,
    "contacts": f"{INTERNAL},base.group_partner_manager",
    "salesperson": INTERNAL,
    "billing": "account.group_account_invoice",
    "accountant": "account.group_account_readonly",
    "collector": COLLECTOR,
    "collector_elsewhere": COLLECTOR,
    "collector_branch": COLLECTOR,
    "manager": MANAGER,
    "manager_elsewhere": MANAGER,
    "settings": "base.group_system",
}
ROLES = tuple(GROUPS)
PDF = b"%PDF-1.4 a page"
KEY = "k" * 32  # of the customer's page


class RightsWorld(DeliveryCommon):
    """One customer of one company, with a record of each model of the follow-up.

        Azur Interior   customer of the salesperson and of the company; a reminder
                        waits; called, visited, promised, disputed, handed over …
        Borel           the customer of the other portal user
        roles           a user each, of the company; `_elsewhere` of another one,
                        `_branch` of its branch only

    `samples` holds a record per model. All texts are filled in, so that hidden values
    differ from empty ones.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.su = cls.env(su=True, context={"lang": "en_US"})
        cls.elsewhere = cls.setup_other_company()["company"]
        cls.elsewhere.dunning_is_live = False  # shared records are not played there
        cls.branch = cls.su["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.borel = cls._create_customer("Borel")
        cls.agent = cls._create_customer("Recouvrements Associés")
        cls.users = {role: cls._create_role(role) for role in ROLES}
        cls.customer.user_id = cls.users["salesperson"]
        cls.claim = cls._create_late_claim(amount=777.0)
        cls.action = cls._plan()
        cls.samples = {}
        cls._fill_customer()
        cls._fill_claim()
        cls._fill_mail()
        cls._fill_history()
        cls._fill_answers()
        cls._fill_providers()
        cls._fill_committee()
        cls._fill_jobs()
        cls._fill_set_up()
        # The decisions withdrew the reminder: it waits again.
        cls.action.sudo().write(
            {
                "state": "to_confirm",
                "is_ticked": True,
                "satisfaction": 2,
                "satisfaction_date": cls.TODAY,
            }
        )
        cls.action.sudo().line_ids.write({"state": "open"})
        cls.su.flush_all()

    # ---- people ----------------------------------------------------------------------

    @classmethod
    def _create_role(cls, role):
        if role == "visitor":
            return cls.env.ref("base.public_user")
        company = cls.company
        if role.endswith("_elsewhere"):
            company = cls.elsewhere
        elif role.endswith("_branch"):
            company = cls.branch
        user = new_test_user(
            cls.env,
            login=f"rights_{role}",
            groups=GROUPS[role],
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        if role.startswith("portal"):
            own = cls.customer if role == "portal_own" else cls.borel
            user.partner_id.parent_id = own
        return user

    @classmethod
    def _as(cls, role):
        """Return the environment of a request by a role."""
        return cls.env(user=cls.users[role], su=False, context={"lang": "en_US"})

    # ---- samples ---------------------------------------------------------------------

    @classmethod
    def _keep(cls, model, **values):
        """Create the sample of a model."""
        record = cls.su[model].create(values)
        cls.samples[model] = record
        return record

    @classmethod
    def _fill_customer(cls):
        collector, guides = cls.users["collector"], cls.su["dunning.channel.guide"]
        cls.customer.sudo().write(
            {
                "dunning_segment_id": cls.su["dunning.segment"].search([], limit=1).id,
                "dunning_collector_id": collector.id,
                "dunning_is_stopped": True,
                "dunning_stop_reason": "Suspected fraud",
                "dunning_stop_until": day("12-31"),
                "dunning_insolvent_since": day("01-05"),
                "dunning_size": "large",
                "dunning_preferred_channel": "email",
                "dunning_refused_channel_ids": guides.search([], limit=1).ids,
                "dunning_fax": "+33 1 02 03 04 06",
                "dunning_lre_consent_date": day("02-01"),
                "dunning_lre_consent_means": "Clause 7",
                "dunning_lre_consent_proof": b64encode(b"signed"),
                "dunning_lre_consent_proof_name": "clause.txt",
                "dunning_orders_blocked_date": cls.TODAY,
                "dunning_orders_blocked_reason": "Talks failed",
                "dunning_role": CONTACT_ROLES[0][0],
                "dunning_title": "ms",
                "dunning_failed_mobile": "+33600000000",
                "dunning_failed_fax": "+33102030406",
                "dunning_contact_rule": "direct",
            }
        )
        cls.customer.sudo().write(
            {
                "dunning_bounced_email": cls.customer.email_normalized,
                "dunning_returned_address": cls.customer._get_dunning_address(),
            }
        )
        cls.samples["res.partner"] = cls.customer

    @classmethod
    def _fill_claim(cls):
        cls.claim.move_id.sudo().dunning_scenario_id = cls.scenario
        cls.claim.sudo().write(
            {
                "dunning_cycle": 1,
                "dunning_counted_from": day("01-01"),
                "dunning_is_taken_in": True,
                "dunning_limitation_warned": day("02-24"),
            }
        )
        accounts = cls.company_data["default_account_revenue"]
        cls.company.sudo().write(
            {
                "dunning_interest_account_id": accounts.id,
                "dunning_indemnity_account_id": accounts.id,
            }
        )
        cls.samples |= {
            "res.company": cls.company,
            "account.move": cls.claim.move_id,
            "account.move.line": cls.claim,
        }

    @classmethod
    def _fill_mail(cls):
        """Create messages and tasks about the reminder."""
        collector = cls.users["collector"]
        about = {
            "res_model_id": cls.env["ir.model"]._get_id("dunning.action"),
            "res_id": cls.action.id,
        }
        cls.samples["mail.message"] = cls.action.sudo().message_post(
            body="We paid.", author_id=cls.customer.id, message_type="email"
        )
        cls._keep(
            "rating.rating",
            **about,
            partner_id=cls.customer.id,
            rated_partner_id=collector.partner_id.id,
            rating=2,
            consumed=True,
            dunning_source="email",
        )
        cls._keep(
            "mail.activity",
            **about,
            activity_type_id=cls.env.ref(f"{MODULE}.mail_activity_type_reply").id,
            user_id=collector.id,
            stand_in_for_id=cls.users["manager"].id,
        )

    @classmethod
    def _fill_history(cls):
        collector, whose = cls.users["collector"], cls._get_owner_values()
        cls.samples["dunning.action"] = cls.action.sudo()
        cls.samples["dunning.action.line"] = cls.action.sudo().line_ids
        delivery = cls._keep(
            "dunning.delivery",
            action_id=cls.action.id,
            company_id=cls.company.id,
            channel="email",
            role="first",
            state="done",
            performed_date=cls.TODAY,
            key_hash=sha256(KEY.encode()).hexdigest(),
            key_customer=cls.customer.id,
            key_contact=cls.customer.id,
            contact_id=cls.customer.id,
            address=cls.customer.email,
        )
        subject = {**whose, "action_id": cls.action.id, "delivery_id": delivery.id}
        cls._keep(
            "dunning.call",
            **subject,
            user_id=collector.id,
            contact_id=cls.customer.id,
            phone="+33102030405",
            result="absent",
            again_date=day("03-05"),
            note="Nobody answers",
        )
        cls._keep(
            "dunning.visit",
            **subject,
            user_id=collector.id,
            visited_date=cls.TODAY,
            address="8 rue des Lilas",
            situation_text="The stocks are low",
            agreement="They pay in May",
        )
        cls._keep_decisions(collector)

    @classmethod
    def _keep_decisions(cls, collector):
        cls._keep(
            "dunning.dispatch",
            user_id=collector.id,
            company_ids=[Command.set(cls.company.ids)],
            started_at="2026-03-04 09:00:00",
            action_ids=[Command.set(cls.action.ids)],
        )
        cls._keep(
            "dunning.absence",
            user_id=collector.id,
            replacement_id=cls.users["billing"].id,
            start_date=cls.TODAY,
            end_date=day("03-10"),
        )
        cls._keep(
            "dunning.legal.waiver",
            move_id=cls.claim.move_id.id,
            is_interest_waived=True,
            reason="Settlement",
            user_id=collector.id,
        )
        cls._keep(
            "dunning.legal.agreement",
            company_id=cls.company.id,
            partner_id=cls.customer.id,
            rate=17.5,
        )
        interest = cls._create_claim(day("03-30"), 12.0)
        cls._keep(
            "dunning.legal.charge",
            claim_move_id=cls.claim.move_id.id,
            move_line_id=cls.claim.id,
            move_id=interest.move_id.id,
            interest=12.0,
        )

    @classmethod
    def _get_owner_values(cls):
        return {"partner_id": cls.customer.id, "company_id": cls.company.id}

    @classmethod
    def _fill_answers(cls):
        whose = cls._get_owner_values()
        kept = cls.su["dunning.promise"].create(
            {**whose, "amount": 5.0, "date": day("03-10")}
        )
        kept.write({"state": "kept"})
        promised = cls._create_claim(day("02-10"), 100.0)
        disputed = cls._create_claim(day("02-11"), 50.0)
        promise = cls._keep(
            "dunning.promise",
            **whose,
            amount=100.0,
            date=day("03-20"),
            note="On their word",
            claim_ids=[Command.create({"move_line_id": promised.id, "amount": 100.0})],
        )
        cls.samples["dunning.promise.term"] = promise.term_ids[:1]
        cls.samples["dunning.promise.claim"] = promise.claim_ids[:1]
        reason = cls.su["dunning.dispute.reason"].search([], limit=1)
        cls.samples["dunning.dispute.reason"] = reason
        dispute = cls._keep(
            "dunning.dispute",
            **whose,
            reason_id=reason.id,
            description="Broken",
            owner_id=cls.users["collector"].id,
            claim_ids=[Command.create({"move_line_id": disputed.id, "amount": 50.0})],
        )
        cls.samples["dunning.dispute.claim"] = dispute.claim_ids[:1]
        cls._keep(
            "dunning.nonpayment",
            **whose,
            move_line_id=cls.claim.id,
            reason="difficulty",
            note="Short of cash",
            noted_date=cls.TODAY,
        )

        cls._fill_declarations()

    @classmethod
    def _fill_declarations(cls):
        announced = cls._create_claim(day("02-12"), 20.0)
        declared = cls.su["dunning.declaration"]._declare(
            cls.su["dunning.delivery"],
            "promise",
            {
                **{"customer": cls.customer, "company": cls.company},
                "items": announced,
                "terms": [(day("03-25"), 20.0)],
                "text": "After our own customers have paid",
            },
        )
        cls.samples["dunning.declaration"] = declared
        cls.samples["dunning.declaration.line"] = declared.line_ids
        cls.samples["dunning.declaration.term"] = declared.term_ids

    @classmethod
    def _fill_providers(cls):
        provider = cls._keep(
            "dunning.provider", name="Post", company_id=cls.company.id, api_key="s3cret"
        )
        cls.samples["dunning.provider.field"] = provider.field_ids[:1] or cls._keep(
            "dunning.provider.field",
            provider_id=provider.id,
            direction="request",
            name="reference",
            external="ref",
        )
        deposit = cls._keep(
            "dunning.deposit",
            name="Letters",
            provider_id=provider.id,
            company_id=cls.company.id,
        )
        cls._keep(
            "dunning.submission",
            delivery_id=cls.samples["dunning.delivery"].id,
            company_id=cls.company.id,
            provider_id=provider.id,
            key="k1",
            deposit_id=deposit.id,
        )

    @classmethod
    def _fill_jobs(cls):
        """Create the records left by jobs and strangers."""
        now = fields.Datetime.now()
        cls._keep("dunning.statement.sending", **cls._get_owner_values(), day=cls.TODAY)
        cls._keep(
            "dunning.trouble",
            job="plan",
            company_id=cls.company.id,
            reason="A filter",
            since_at=now,
            last_at=now,
        )
        cls._keep("dunning.pending.check", kind="edited", res_id=1, error="A filter")
        cls._keep("dunning.page.attempt", bucket=1, started_at=now, count=1)

    @classmethod
    def _fill_committee(cls):
        committee = cls._keep(
            "dunning.committee", company_id=cls.company.id, date=cls.TODAY, note="Today"
        )
        cls._keep(
            "dunning.committee.case",
            committee_id=committee.id,
            partner_id=cls.customer.id,
            proposal="Hand over",
        )
        handover = cls._keep(
            "dunning.handover",
            **cls._get_owner_values(),
            agent_id=cls.agent.id,
            note="All of it",
        )
        cls._keep(
            "dunning.handover.cost", handover_id=handover.id, name="Fee", amount=30.0
        )

    @classmethod
    def _fill_set_up(cls):
        """Create one record of each set-up model, shared by all companies if
        possible."""
        for model in ("dunning.segment", "dunning.legal.rate", "dunning.legal.rule"):
            cls.samples[model] = cls.su[model].search([], limit=1)
        for model in (
            "dunning.channel.guide",
            "dunning.legal.indemnity",
            "dunning.legal.limitation",
            "dunning.postal.delay",
            "dunning.word.list",
        ):
            cls.samples[model] = cls.su[model].search([], limit=1)
        cls.samples["dunning.scenario"] = cls.scenario.sudo()
        cls.samples["dunning.step"] = cls.scenario.sudo().step_ids[:1]
        team = cls._keep(
            "dunning.team", name="North", manager_id=cls.users["manager"].id
        )
        cls._keep("dunning.team.rule", team_id=team.id, amount_from=10)
        cls._keep(
            "dunning.channel.cost",
            company_id=cls.company.id,
            channel="letter",
            amount=2,
        )
        cls._keep(
            "dunning.country.calendar",
            country_id=cls.env.ref("base.be").id,
            calendar_id=cls.su["resource.calendar"].search([], limit=1).id,
        )
        for model in (
            "dunning.customer.report",
            "dunning.overdue.report",
            "dunning.dispute.report",
            "dunning.dispute.cause.report",
        ):
            cls.su.flush_all()
            cls.samples[model] = cls.su[model].search(
                [("partner_id", "=", cls.customer.id)], limit=1
            )

    # ---- dialogs ---------------------------------------------------------------------

    def _open_dialog(self, model, env):
        """Open a dialog about the customer like a user; return it."""
        records, values = self._get_dialogs()[model]
        Dialog = env[model]
        if records:
            Dialog = Dialog.with_context(
                active_model=records._name,
                active_id=records[:1].id,
                active_ids=records.ids,
            )
        return Dialog.create(
            {
                name: value(env) if callable(value) else value
                for name, value in values.items()
            }
        )

    def _get_dialogs(self):
        """Return {dialog: (records it is opened on, values typed)}."""
        none = self.env["res.partner"]
        typed = self._get_set_up_dialogs() | self._get_answer_dialogs()
        return self._get_selections() | {
            model: (none, values) for model, values in typed.items()
        }

    def _parent(self, model):
        """Return the dialog that a line belongs to."""
        return lambda env: self._open_dialog(model, env).id

    def _get_selections(self):
        """Return the dialogs opened on selected records."""
        reason = {"is_interest_waived": True, "reason": "A gesture"}
        delivery = self.samples["dunning.delivery"]
        return {
            "dunning.action.channel": (self.action, {"channel": "letter"}),
            "dunning.action.confirm": (self.action, {}),
            "dunning.action.postpone": (self.action, {"until": day("03-20")}),
            "dunning.action.reason": (self.action, {"operation": "skip"}),
            "dunning.delivery.deposit": (self.action, {}),
            "dunning.delivery.result": (delivery, {"postal_state": "delivered"}),
            "dunning.interest.sheet": (self.customer, {}),
            "dunning.legal.waive": (self.claim.move_id, reason),
            "dunning.planner.explain": (self.claim, {}),
            "dunning.statement.send": (self.customer, {"company_id": self.company.id}),
        }

    def _get_answer_dialogs(self):
        declared = self.samples["dunning.declaration"]
        return {
            "dunning.declaration.refusal": {
                "declaration_ids": [Command.set(declared.ids)]
            },
            "dunning.delivery.deposit.line": {
                "deposit_id": self._parent("dunning.delivery.deposit"),
                "delivery_id": self.samples["dunning.delivery"].id,
            },
            "dunning.entry": {**self._get_owner_values(), "note": "They called"},
            "dunning.entry.line": {
                "entry_id": self._parent("dunning.entry"),
                "move_line_id": self.claim.id,
            },
            "dunning.step.preview": {
                "company_id": self.company.id,
                "action_id": self.action.id,
                "channel": "email",
            },
            "dunning.submission.import": {
                "provider_id": self.samples["dunning.provider"].id,
                "file": b64encode(b"reference;state;date\n"),
            },
        }

    def _get_set_up_dialogs(self):
        company = {"company_id": self.company.id}
        run, golive = self._parent("dunning.dry.run"), self._parent("dunning.golive")
        return {
            "dunning.dry.run": {**company, "day_count": 5},
            "dunning.dry.run.cost": {"run_id": run, "channel": "letter"},
            "dunning.dry.run.line": {"run_id": run, "date": self.TODAY},
            "dunning.golive": company,
            "dunning.golive.intake": company,
            "dunning.golive.step": {"golive_id": golive, "code": "scenario"},
            "dunning.scenario.import": {"file": b64encode(b"{}")},
            "dunning.scenario.preview": {"scenario_id": self.scenario.id},
        }

    # ---- stubs -----------------------------------------------------------------------

    def _start_stubs(self):
        """Prevent printing, which takes a second each time."""
        press = self.env.registry["dunning.press"]

        def print_nothing(_self, documents, *_args, **_kwargs):
            return dict.fromkeys(documents, PDF), PDF

        self.patch(press, "_print", print_nothing)
        self.patch(press, "_merge", lambda _self, *_args, **_kwargs: PDF)
        report = self.env.registry["ir.actions.report"]
        self.startPatcher(
            patch.object(report, "_run_wkhtmltopdf", lambda *_a, **_k: PDF)
        )
