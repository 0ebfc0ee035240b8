"""The customers of the process tests, created in a real database."""

from datetime import timedelta

from odoo.fields import Command

SMTP_TIMEOUT = 3  # seconds, instead of Odoo's minute
COMPANY = "Process Stories"
# Most days from the due date to today: the reminder is due at any hour.
LATE = timedelta(days=10)
BODY = """<p>Dear <t t-out="object.contact_id.name"/>,</p>
<p>Please pay <t t-out="object.totals_text"/> by
<t t-out="format_date(object.request_date, date_format='long')"/>.</p>"""


def build(env, port, customers):
    """Fill a database.

        Process Stories    customers late for a reminder by e-mail (else by letter);
                           collectors Camille and Denis
        … by Hand          a tenth of them late for a letter, as many for a call

    All dates are relative to today. Earlier data is kept out: no other company is
    followed up, no other job runs, no other mail waits.

    :param port: of the mail server
    :param customers: number of customers of the first company
    :return: ids of the companies
    """
    # Odoo would install a localisation for a company with a country.
    env = env(context={"tracking_disable": True, "no_reset_password": True})
    _clear(env)
    env["ir.mail_server"].create(
        {
            "name": "Stories",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_encryption": "none",
        }
    )
    text = _create_text(env)
    first = _create_company(env, COMPANY)
    second = _create_company(env, f"{COMPANY} by Hand")
    _create_users(env, first | second)
    by_mail, by_letter, by_phone = [
        _create_scenario(env, channel, text) for channel in ("email", "letter", "phone")
    ]
    _create_customers(env, first, by_mail, "Mail", customers)
    _create_customers(env, second, by_letter, "Letter", customers // 10)
    _create_customers(env, second, by_phone, "Phone", customers // 10)
    return [first.id, second.id]


def build_services(env, url):
    """Add customers of the first company for the services, two for each: electronic
    registered letter, SMS, fax.

    :param url: of the provider of electronic registered letters
    """
    env = env(context={"tracking_disable": True})
    company = env["res.company"].search([("name", "=", COMPANY)])
    company.dunning_fax_gateway = "{number}@fax.example"
    env["ir.config_parameter"].set_param(
        "account_dunning_scenario.local_provider_hosts", "127.0.0.1"
    )
    env["dunning.provider"].create(
        {
            "name": "Provider",
            "company_id": company.id,
            "adapter": "http",
            "url": f"{url}/letters",
            "status_url": f"{url}/letters/{{reference}}",
            "api_key": "secret",
        }
    )
    text = _create_text(env)
    sms = env["sms.template"].create(
        {
            "name": "Stories",
            "model_id": env["ir.model"]._get_id("dunning.action"),
            "body": "Please pay {{ object.totals_text }}",
        }
    )
    for channel in (
        "electronic_registered_letter",
        "sms",
        "fax",
    ):
        scenario = _create_scenario(
            env, channel, text, sms_template_id=sms.id, sms_audience="all"
        )
        numbers = {
            "phone": "+33 6 12 34 56 7",
            "dunning_fax": "+33 1 23 45 67 8",
        }
        _create_customers(env, company, scenario, channel, 2, **numbers)


def _clear(env):
    env["res.company"].search([]).dunning_scenario_id = False
    env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
    env["ir.mail_server"].search([]).active = False
    kept = (
        env.ref("account_dunning_scenario.ir_cron_plan_actions")
        | env.ref("account_dunning_scenario.ir_cron_deliver_actions")
        | env.ref("mail.ir_cron_mail_scheduler_action")
    )
    (env["ir.cron"].search([]) - kept).active = False


def _create_text(env):
    return env["mail.template"].create(
        {
            "name": "Stories",
            "model_id": env["ir.model"]._get_id("dunning.action"),
            "subject": "To settle: {{ object.invoice_names }}",
            "body_html": BODY,
        }
    )


def _create_company(env, name):
    company = env["res.company"].create(
        {
            "name": name,
            "email": "office@stories.example",
        }
    )
    env["account.chart.template"].try_loading(
        "generic_coa", company=company, install_demo=False
    )
    company.write(
        {
            "dunning_is_live": True,
            "dunning_is_quiet": False,
            "dunning_scenario_id": False,
            "dunning_books_max_age": 0,
        }
    )
    company.partner_id.write({"lang": "en_US", "tz": "UTC"})
    return company


def _create_users(env, companies):
    collectors = env["res.users"].create(
        [
            {
                "name": name,
                "login": name.lower(),
                "email": f"{name.lower()}@stories.example",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [
                    Command.set(
                        env.ref("account_dunning_scenario.dunning_group_collector").ids
                    )
                ],
            }
            for name in ("Camille", "Denis")
        ]
    )
    companies.dunning_collector_id = collectors[0]


def _create_scenario(env, channel, text, **values):
    return env["dunning.scenario"].create(
        {
            "name": channel,
            "step_ids": [
                Command.create(
                    {
                        "code": "reminder_1",
                        "name": "Reminder",
                        "channel": channel,
                        "fallback_channel": channel == "email" and "letter",
                        "mode": "auto",
                        "send_hour": 0,
                        "anchor": "due_date",
                        "delay": 5,
                        "mail_template_id": text.id,
                        **values,
                    }
                )
            ],
        }
    )


def _create_customers(env, company, scenario, kind, count, **numbers):
    """Create customers with one overdue invoice each.

    :param numbers: of telephone and fax, by field; a last digit is put to each
    """
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    customers = env["res.partner"].create(
        [
            {
                "name": f"{kind} {number:03}",
                "is_company": True,
                "lang": "en_US",
                "tz": "UTC",
                "email": f"{kind.lower()}{number:03}@customers.example",
                "phone": f"+1 212 555 {number:04}",
                **{name: f"{start}{number}" for name, start in numbers.items()},
                "street": f"{number} Main Street",
                "zip": "10001",
                "city": "New York",
                "country_id": env.ref("base.us").id,
                "dunning_scenario_id": scenario.id,
            }
            for number in range(1, count + 1)
        ]
    )
    due = company._dunning_today() - LATE
    env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": 100.0, "tax_ids": []}
                    )
                ],
            }
            for customer in customers
        ]
    ).action_post()


def declare(env, kind):
    """Declare something about the claims of the first reminder by e-mail, by the link
    in it.

    :param kind: of the declaration, `paid` or `promise`
    :return: id of the declaration
    """
    emails = [("channel", "=", "email")]
    action = env["dunning.action"].search(emails, order="id", limit=1)
    items = action.line_ids.move_line_id
    today = action.company_id._dunning_today()
    declared = env["dunning.declaration"]._declare(
        action.delivery_ids[:1],
        kind,
        {
            "items": items,
            "paid_date": today,
            "terms": [(today, sum(items.mapped("amount_residual")))],
        },
    )
    return declared.id


def pay(env, email, share):
    """Receive part of a customer's debt on the bank, and reconcile it."""
    customer = env["res.partner"].search([("email", "=", email)])
    claim = env["account.move.line"].search(
        [
            ("partner_id", "=", customer.id),
            ("account_id.account_type", "=", "asset_receivable"),
        ]
    )
    env = env(context={"allowed_company_ids": claim.company_id.ids})
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    amount = claim.amount_residual * share
    receipt = env["account.move"].create(
        {
            "journal_id": journal.id,
            "line_ids": [
                Command.create(
                    {"account_id": journal.default_account_id.id, "debit": amount}
                ),
                Command.create(
                    {
                        "account_id": claim.account_id.id,
                        "partner_id": customer.id,
                        "credit": amount,
                    }
                ),
            ],
        }
    )
    receipt.action_post()
    (claim | receipt.line_ids.filtered("credit")).reconcile()
