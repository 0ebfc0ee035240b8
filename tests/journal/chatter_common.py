import re

from odoo import Command
from odoo.tests import new_test_user

from ..delivery.common import BODY, DeliveryCommon

# Texts that internal users may not see: these links and these figures.
KEYED_LINK = re.compile(
    r"/my/follow-up/\d+/[\w-]{8}|/f/[\w-]{20}|/rate/[\w-]{8}|access_token(=|%3D)[\w-]{8}"
)
FIGURES = ("100.00", "4,711", "4711")


class ChatterCommon(DeliveryCommon):
    """Azur Interior owes 100; its salesperson is Marie.

    outsiders     a colleague without rights, the salesperson of another customer,
                  the collector of another company, all of whom read the customer;
                  the customer's own portal user
    text          asks for 100.00 and includes every link with a key
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.other = cls.setup_other_company()["company"]
        cls.marie = cls._create_user("marie", "base.group_user")
        cls.customer.user_id = cls.marie
        paul = cls._create_user("paul", "base.group_user")
        cls._create_customer("Borel").user_id = paul
        collector = "account_dunning_scenario.dunning_group_collector"
        portal = cls._create_user("azur", "base.group_portal")
        portal.partner_id.parent_id = cls.customer
        cls.outsiders = (
            cls._create_user("louis", "base.group_user")
            | paul
            | cls._create_user("carla", collector, cls.other)
            | portal
        )
        cls.mail_text.body_html = BODY.replace(
            '<t t-out="object.statement_html"/>',
            '<t t-out="object.statement_html"/><t t-out="object.request_html"/>'
            '<t t-out="object.payment_html"/><t t-out="object.satisfaction_html"/>',
        )
        cls.known = cls.env["mail.message"].sudo().search([], order="id desc", limit=1)

    @classmethod
    def _create_user(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"chatter_{login}",
            name=login.capitalize(),
            email=f"{login}@azur.example.com",
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _read_all(self, user):
        """Return all texts in chatters and tasks that a user can read since the
        set-up."""
        env = self.env(user=user.id)
        messages = env["mail.message"].search([("id", ">", self.known.id)])
        texts = [f"{one.subject} {one.body} {one.preview}" for one in messages]
        files = messages.sudo().attachment_ids
        texts += [f"{file.name}: {file.raw}" for file in files]
        if user._is_internal():
            tasks = env["mail.activity"].search([("res_model", "=", "res.partner")])
            texts += [f"{task.summary} {task.note}" for task in tasks]
        return " ".join(texts)

    def _assert_discreet(self):
        """Assert that no outsider learns anything of keys, figures and documents."""
        self.env.flush_all()
        invoices = self.env["account.move"].search(
            [("partner_id", "=", self.customer.id)]
        )
        for user in self.outsiders:
            read = self._read_all(user)
            with self.subTest(user=user.name):
                self.assertNotRegex(read, KEYED_LINK)
                for secret in (*FIGURES, "%PDF", *invoices.mapped("name")):
                    self.assertNotIn(secret, read)

    def _get_told(self):
        """Return the messages in the customer's chatter, the last first."""
        return " ".join(self.customer.message_ids.mapped("body"))

    def _receive(self, parent, text, model="res.partner", thread_id=None, **headers):
        """Receive an e-mail of the customer that answers a message."""
        lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
        address = f"{self.alias_catchall}@{self.alias_domain}"
        count = self.env["mail.message"].sudo().search_count([])
        return self.env["mail.thread"].message_process(
            model,
            f"From: {self.customer.email_formatted}\n"
            f"To: {address if parent else 'accounts@example.com'}\n"
            "Subject: Re: your account\n"
            f"Message-Id: <{count}.chatter@azur.example.com>\n"
            + (f"In-Reply-To: {parent.message_id}\n" if parent else "")
            + f"{lines}Content-Type: text/html\n\n{text}\n",
            thread_id=thread_id,
        )
