"""Books of a separate company, kept from a history day by day."""

from collections import defaultdict

from odoo import Command
from odoo.tools import split_every

BATCH_SIZE = 200
BATCH_DAYS = 30
LANG = "en_US"
ADDRESS = {"street": "1 Main Street", "zip": "10001", "city": "New York"}
PHONE = "+1 212 555 0100"
# Reserved for examples: a message to such an address reaches nobody.
EMAIL_DOMAIN = "example.com"


def open_company(env):
    """Create a company with a chart of accounts and its staff.

    :param env: environment of the superuser
    :return: environment of the company's collector, with all rights
    """
    env["res.lang"]._activate_lang(LANG)
    env = env(context={"lang": LANG, "tracking_disable": True})
    company = env["res.company"].create({"name": "Replay"})
    # Written on the partner: the company's own country makes Odoo install
    # localisations.
    company.partner_id.write(
        {**ADDRESS, "country_id": env.ref("base.us").id, "lang": LANG, "tz": "UTC"}
    )
    env["account.chart.template"].try_loading(
        "generic_coa", company=company, install_demo=False
    )
    collector = env["res.users"].create(
        {
            "name": "Collector",
            "login": "collector",
            "email": f"collector@{EMAIL_DOMAIN}",
            "lang": LANG,
            "tz": "UTC",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [
                Command.link(env.ref("account.group_account_manager").id),
                Command.link(
                    env.ref("account_dunning_scenario.dunning_group_manager").id
                ),
            ],
        }
    )
    company.dunning_collector_id = collector
    context = {**env.context, "allowed_company_ids": company.ids}
    return env(user=collector.id, su=True, context=context)


class Ledger:
    """Customers of a company and their entries.

    Entries are prepared as drafts, in large batches, and posted on their day. The
    payments of a day are one entry of the bank with a line each; each line is
    reconciled with its invoice, in full.
    """

    def __init__(self, env, invoices, start, end):
        """Open the books; earlier invoices are ignored.

        :param env: environment of the company, see `open_company`
        :param invoices: `history.Invoice` objects, in any order
        :param start: first day of the replay
        :param end: last day
        """
        self.env = env
        invoices = [i for i in invoices if start <= i.invoiced <= end]
        self.invoices = invoices
        self.customers = self._create_customers(invoices)
        self.account = env.company.partner_id.property_account_receivable_id
        self.sales, self.bank = map(self._get_journal, ("sale", "bank"))
        self.invoiced = _group(invoices, lambda invoice: invoice.invoiced)
        paid = [i for i in invoices if i.settled and i.settled <= end]
        self.settled = _group(paid, lambda invoice: invoice.settled)
        self.paperless = _group(
            [invoice for invoice in invoices if invoice.paperless],
            lambda invoice: max(invoice.paperless, start),
        )
        self.claims = self._create_claims(invoices)
        self.receipts = self._create_receipts()

    def open_day(self, day):
        """Book the events of a day: e-mail addresses, invoices, payments."""
        self._give_emails(self.paperless[day])
        if self.invoiced[day]:
            self._post_invoices(self.invoiced[day])
        if self.settled[day]:
            self._settle(self.settled[day])

    def open_all(self):
        """Book the invoices and payments of all days at once, in batches."""
        for invoices in split_every(BATCH_SIZE, self.invoices, list):
            self._post_invoices(invoices)
        for days in split_every(BATCH_DAYS, sorted(self.settled), list):
            self._settle([invoice for day in days for invoice in self.settled[day]])

    # ---- customers -------------------------------------------------------------------

    def _create_customers(self, invoices):
        """Return {customer of the history: res.partner}; their country is a label."""
        countries = {invoice.customer: invoice.country for invoice in invoices}
        labels = self._create_labels(set(countries.values()))
        customers = self.env["res.partner"].create(
            [
                {
                    **ADDRESS,
                    "name": name,
                    "ref": name,
                    "is_company": True,
                    "phone": PHONE,
                    "country_id": self.env.company.country_id.id,
                    "lang": LANG,
                    "category_id": [Command.set(labels[country].ids)],
                }
                for name, country in countries.items()
            ]
        )
        return dict(zip(countries, customers, strict=True))

    def _create_labels(self, names):
        labels = self.env["res.partner.category"].create(
            [{"name": name} for name in sorted(names) if name]
        )
        return defaultdict(labels.browse, {label.name: label for label in labels})

    def _give_emails(self, invoices):
        for name in {invoice.customer for invoice in invoices}:
            customer = self.customers[name]
            customer.email = f"customer{customer.id}@{EMAIL_DOMAIN}"

    def _get_journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", kind)], limit=1
        )

    # ---- entries ---------------------------------------------------------------------

    def _create_claims(self, invoices):
        """Return {number of the invoice: its receivable item}."""
        moves = self._create_moves([self._prepare_invoice(i) for i in invoices])
        return {item.move_id.ref: item for item in self._get_items(moves)}

    def _create_receipts(self):
        """Return {number of the invoice: receivable item of its payment}."""
        moves = self._create_moves(
            [self._prepare_receipt(day, paid) for day, paid in self.settled.items()]
        )
        return {item.name: item for item in self._get_items(moves)}

    def _create_moves(self, values_list):
        # All lines are given, so that Odoo need not derive them, which halves the time.
        moves = self.env["account.move"].with_context(skip_invoice_sync=True)
        created = moves
        for batch in split_every(BATCH_SIZE, values_list):
            created += moves.create(batch)
            self.env.invalidate_all()
        return created.with_env(self.env)

    def _get_items(self, moves):
        return moves.line_ids.filtered(lambda item: item.account_id == self.account)

    def _prepare_invoice(self, invoice):
        customer = self.customers[invoice.customer]
        amount = float(invoice.amount)
        income = {
            "display_type": "product",
            "account_id": self.sales.default_account_id.id,
            "name": f"Invoice {invoice.number}",
            "price_unit": amount,
            "tax_ids": [],
            "credit": amount,
        }
        claim = {
            "display_type": "payment_term",
            "account_id": self.account.id,
            "date_maturity": invoice.due,
            "debit": amount,
        }
        return {
            "move_type": "out_invoice",
            "journal_id": self.sales.id,
            "partner_id": customer.id,
            "ref": invoice.number,
            "date": invoice.invoiced,
            "invoice_date": invoice.invoiced,
            "invoice_date_due": invoice.due,
            "invoice_payment_term_id": False,
            "line_ids": [Command.create(income), Command.create(claim)],
        }

    def _prepare_receipt(self, day, invoices):
        lines = [
            {
                "name": invoice.number,
                "partner_id": self.customers[invoice.customer].id,
                "account_id": self.account.id,
                "credit": float(invoice.amount),
            }
            for invoice in invoices
        ]
        received = float(sum(invoice.amount for invoice in invoices))
        account = self.bank.default_account_id
        lines.append({"account_id": account.id, "debit": received})
        return {
            "move_type": "entry",
            "journal_id": self.bank.id,
            "date": day,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _post_invoices(self, invoices):
        self._get_moves(self.claims, invoices).action_post()

    def _settle(self, invoices):
        """Post the payments of these invoices and reconcile each with its invoice."""
        self._get_moves(self.receipts, invoices).action_post()
        self.env["account.move.line"]._reconcile_plan(
            [
                self.claims[invoice.number] | self.receipts[invoice.number]
                for invoice in invoices
            ]
        )
        # As at the end of the accountant's transaction: the follow-up runs then.
        self.env.cr.flush()

    def _get_moves(self, items, invoices):
        ids = [items[invoice.number].id for invoice in invoices]
        return self.env["account.move.line"].browse(ids).move_id


def _group(invoices, key):
    groups = defaultdict(list)
    for invoice in invoices:
        groups[key(invoice)].append(invoice)
    return groups
