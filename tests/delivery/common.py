import io
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools.pdf import PdfReader

from ...models.setup.guard.guard import SEAL
from ..common import DunningCommon, day

BODY = """<div>
    <p>Dear <t t-out="object.contact_id.name"/>,</p>
    <p>Please pay <b t-out="object.totals_text"/> by
        <t t-out="format_date(object.request_date)"/>.</p>
    <t t-out="object.statement_html"/>
    <p t-out="object.collector_name"/>
</div>"""


class DeliveryCommon(DunningCommon):
    """The collector's company of DunningCommon, with texts and a collector.

        collector     Camille, default of the company; has the collector's rights only
        customer      due for reminder 1 by e-mail when an invoice is 8 days late
        reminder_1    e-mail, else letter

    Texts exist in English and French.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_US", "fr_FR"):
            cls.env["res.lang"]._activate_lang(code)
        cls.collector = new_test_user(
            cls.env,
            login="camille",
            name="Camille Durand",
            email="camille@azur.example.com",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            lang="en_US",
        )
        cls.company.dunning_collector_id = cls.collector
        cls.company.partner_id.write({"lang": "en_US", "tz": "Europe/Paris"})
        cls.customer.lang = "en_US"
        cls.mail_text = cls._create_text("To settle: {{ object.totals_text }}", BODY)
        cls.mail_text.with_context(lang="fr_FR").write(
            {
                "subject": "À régler : {{ object.totals_text }}",
                "body_html": BODY.replace("Please pay", "Merci de payer"),
            }
        )
        cls.letter_text = cls._create_text(
            "Your account", "<p>We expect <t t-out='object.totals_text'/>.</p>"
        )
        cls._use_channel("email", fallback_channel="letter")

    @classmethod
    def _create_customer(cls, name, **values):
        return super()._create_customer(name, **{"lang": "en_US", **values})

    @classmethod
    def _create_text(cls, subject, body, **values):
        return cls.env["mail.template"].create(
            {
                "name": subject,
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "subject": subject,
                "body_html": body,
                **values,
            }
        )

    @classmethod
    def _use_channel(cls, channel, **values):
        """Make reminder 1 leave by a channel, with the texts that it may need."""
        cls.scenario.invalidate_recordset()  # a performed step was replaced
        cls.reminder = cls._get_step("reminder_1")
        cls.reminder.write(
            {
                "channel": channel,
                "mail_template_id": cls.mail_text.id,
                "letter_template_id": cls.letter_text.id,
                **values,
            }
        )

    @classmethod
    def _create_late_claim(cls, customer=None, amount=100.0, **values):
        """Post an invoice that is due for reminder 1 today."""
        return cls._create_claim(day("02-24"), amount, customer, **values)

    @classmethod
    def _prepare(cls, *customers, **claim_values):
        """Plan reminder 1 for overdue customers, and confirm it."""
        for customer in customers or [cls.customer]:
            cls._create_late_claim(customer, **claim_values)
        actions = cls._plan()
        actions.with_user(cls.collector).action_confirm()
        return actions

    @classmethod
    def _send(cls, actions, on=None):
        """Deliver as the collector, without printing letters."""
        taken = actions.with_user(cls.collector).with_context(dunning_skip_pdf=SEAL)
        return taken._deliver(on or datetime(2026, 3, 4, 12))

    @classmethod
    def _print(cls, actions):
        """Deliver as the collector, letters included."""
        return actions.with_user(cls.collector)._deliver(datetime(2026, 3, 4, 12))

    @classmethod
    def _remind(cls, *customers, **claim_values):
        """Plan, confirm and deliver reminder 1; return the actions."""
        actions = cls._prepare(*customers, **claim_values)
        cls._send(actions)
        return actions

    def _get_ways(self, action):
        return [(way.role, way.channel, way.state) for way in action.delivery_ids]

    def _get_text(self, pdf):
        """Return the text of each page of a PDF, words separated by single spaces."""
        pages = PdfReader(io.BytesIO(pdf)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    @contextmanager
    def _held_by_another_worker(self, records):
        """Make rows look locked by another transaction."""
        model = type(records)
        lock = model.try_lock_for_update

        def try_lock(self, **kwargs):
            return lock(self - records, **kwargs)

        with patch.object(model, "try_lock_for_update", try_lock):
            yield
