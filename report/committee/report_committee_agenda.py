from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ...models.setup.labels import get_labels
from ...models.setup.statement_format import StatementFormat

CASE_DOCUMENT = "account_dunning_scenario.committee_case_document"
# Rows that fit on the page of a case; the rest is counted.
ITEM_ROWS = 8
HISTORY_ROWS = 5
ANSWER_ROWS = 3
# Printed characters of a remark, and of a proposal.
REMARK_LENGTH = 64
PROPOSAL_LENGTH = 150


class ReportCommitteeAgenda(models.AbstractModel):
    """Agenda of a committee, one page per case: open items, contacts, promises,
    disputes and declarations. The same page opens a claims file."""

    _name = "report.account_dunning_scenario.committee_agenda"
    _description = "Agenda of a Committee"
    _inherit = ["dunning.sheets"]

    _has_streams = True

    # ---- entry points ----------------------------------------------------------------

    def _get_report_values(self, docids, data=None):
        """Return the agendas for a preview."""
        committees = self.env["dunning.committee"].browse(docids)
        documents = {
            key: document
            for committee in committees
            for key, document in self._get_documents(committee).items()
        }
        return self._prepare_preview_values(committees, documents)

    def _get_streams(self, docids):
        """Return {id: PDF} of agendas, the largest case first."""
        streams = {}
        for committee in self.env["dunning.committee"].browse(docids):
            committee.check_access("read")
            documents = self._get_documents(committee)
            margins = dict.fromkeys(documents, self._get_margins(committee.company_id))
            _pages, bound = self.env["dunning.press"]._print(documents, margins)
            streams[committee.id] = bound
        return streams

    def _get_page(self, customer, company, day):
        """Return the page of one customer as PDF."""
        values = self._prepare_cases(customer, company, day)[customer]
        document = self.env["ir.qweb"]._render(CASE_DOCUMENT, values)
        margins = {customer: self._get_margins(company)}
        pdfs, _batch = self.env["dunning.press"]._print({customer: document}, margins)
        return pdfs[customer]

    def _get_claims_file(self, customer, company, day):
        """Return the PDF for a third party who collects from a customer: the page of
        the case, and the ledger extract."""
        extract = self.env["report.account_dunning_scenario.ledger_extract"]
        ledger = extract._get_pdfs(customer, day, company)[customer]
        page = self._get_page(customer, company, day)
        return self.env["dunning.press"]._merge([page, ledger])

    def _get_margins(self, company):
        """Omit the fold marks: these pages are not folded."""
        return {**super()._get_margins(company), "folds": ()}

    # ---- pages -----------------------------------------------------------------------

    def _get_documents(self, committee):
        """Return {case: markup} of the cases on the agenda, the largest amount
        first."""
        company = committee.company_id
        cases = committee.case_ids.filtered(lambda case: case.state != "dropped")
        cases = cases.sorted(lambda case: (-case.amount_overdue, case.id))
        day = company._dunning_today()
        pages = self._prepare_cases(cases.partner_id, company, day)
        origins = get_labels(self.env["dunning.committee.case"], "origin")
        decisions = get_labels(self.env["dunning.committee.case"], "decision")
        documents = {}
        for number, case in enumerate(cases, start=1):
            decided = case.state == "decided" and decisions[case.decision]
            values = {
                **pages[case.partner_id],
                "case": case,
                "committee": committee.display_name,
                "place": f"{number} / {len(cases)}",
                "origin": origins[case.origin],
                "proposal": self._cut(case.proposal or "", PROPOSAL_LENGTH),
                "reason": self._cut(case.decision_reason or "", PROPOSAL_LENGTH),
                "decided": decided,
                "decisions": [] if decided else list(decisions.values()),
            }
            documents[case] = self.env["ir.qweb"]._render(CASE_DOCUMENT, values)
        return documents

    def _prepare_cases(self, customers, company, day):
        """Return {customer: values of the page}, with a fixed number of queries.

        :param day: the company's day
        """
        statement = self.env["dunning.statement"]
        sections = statement._get_sections_by_customer(customers, day, company)
        contacts = self._get_contacts(customers, company)
        promises = self._get_answers("dunning.promise", customers, company)
        disputes = self._get_answers("dunning.dispute", customers, company)
        visits = self._get_answers("dunning.visit", customers, company)
        declared = self._get_answers("dunning.declaration", customers, company)
        writer = StatementFormat(self.env)
        return {
            customer: {
                **self._prepare_sheet_values(company, customer),
                "customer": customer,
                "reference": customer.ref or f"C{customer.id:07d}",
                "day": format_date(self.env, day, date_format="long"),
                "facts": self._get_facts(customer, company)
                + self._get_declared_facts(declared[customer]),
                "sections": self._shorten(sections[customer]),
                "contacts": self._get_contact_rows(contacts[customer]),
                "promises": self._get_promise_rows(promises[customer], writer),
                "disputes": self._get_dispute_rows(disputes[customer], writer),
                "visit": visits[customer][:1]
                and self._get_visit_text(visits[customer][0]),
                "case": None,
            }
            for customer in customers
        }

    def _shorten(self, sections):
        """Keep the oldest rows of a statement, and count the others."""
        count = max(ITEM_ROWS // max(len(sections), 1), 1)
        return [
            {
                **section,
                "rows": section["rows"][:count],
                "rest": len(section["rows"][count:]),
                "ageing": section["ageing"] if len(sections) == 1 else [],
            }
            for section in sections
        ]

    # ---- facts -----------------------------------------------------------------------

    def _get_facts(self, customer, company):
        """Return (label, text) of the customer's main facts."""
        env = self.env
        customer = customer.with_company(company)
        labels = get_labels(env["res.partner"], "dunning_legal_status")
        collector = customer._dunning_get_collector(company)
        address = customer._display_address(without_company=True)
        facts = [
            (env._("Address"), ", ".join(filter(None, address.splitlines()))),
            (env._("Telephone"), customer.phone),
            (env._("E-mail"), customer.email),
            (env._("Register"), customer.company_registry),
            (env._("Tax number"), customer.vat),
            (env._("Legal status"), labels.get(customer.dunning_legal_status)),
            (env._("Segment"), customer.dunning_segment_id.name),
            (env._("Collector"), collector.name),
            (env._("Salesperson"), customer.user_id.name),
            (env._("Promises kept"), self._get_kept_text(customer)),
        ]
        return [(label, text) for label, text in facts if text]

    def _get_declared_facts(self, declarations):
        """Return (label, text) of what the customer declared and nobody decided on."""
        new = declarations.filtered(lambda declaration: declaration.state == "new")
        kinds = get_labels(declarations, "kind")
        return [
            (
                self.env._("Declared"),
                self._cut(f"{kinds[one.kind]}: {one.summary or one.description or ''}"),
            )
            for one in new[:ANSWER_ROWS]
        ]

    def _get_kept_text(self, customer):
        if not customer.dunning_promise_count:
            return False
        return f"{customer.dunning_kept_rate:.0%}"

    # ---- history ---------------------------------------------------------------------

    def _get_contacts(self, customers, company):
        """Return {customer: performed actions, latest first}."""
        found = defaultdict(lambda: self.env["dunning.action"])
        # sudo: the page is for all members of the committee
        actions_sudo = self.env["dunning.action"].sudo()
        domain = [
            ("partner_id", "in", customers.ids),
            ("company_id", "=", company.id),
            ("state", "=", "done"),
            ("kind", "!=", "thanks"),
        ]
        order = "performed_date desc, id desc"
        for action in actions_sudo.search(domain, order=order):
            found[action.partner_id.sudo(False)] |= action
        return found

    def _get_contact_rows(self, actions):
        """Return dict: `rows` (day, step, channel, outcome), latest first, and `rest`,
        the number of those left out."""
        outcomes = get_labels(self.env["dunning.action"], "outcome")
        rows = [
            (
                format_date(self.env, action.performed_date),
                action.step_id.name or self.env._("Contact made by hand"),
                action.channel_text,
                outcomes.get(action.outcome) or "",
            )
            for action in actions[:HISTORY_ROWS]
        ]
        return {"rows": rows, "rest": len(actions[HISTORY_ROWS:])}

    def _get_answers(self, model, customers, company):
        """Return {customer: records of a model about them, latest first}."""
        Model = self.env[model].sudo()  # sudo: as in `_get_contacts`
        found = defaultdict(lambda: Model)
        domain = Domain("partner_id", "in", customers.ids)
        records = Model.search(
            domain & Domain("company_id", "=", company.id), order="id desc"
        )
        for record in records:
            found[record.partner_id.sudo(False)] |= record
        return found

    def _get_promise_rows(self, promises, writer):
        states = get_labels(self.env["dunning.promise"], "state")
        rows = [
            (
                writer.date(promise.taken_date),
                self.env._(
                    "%(amount)s by %(day)s",
                    amount=writer.amount(promise.amount, promise.currency_id),
                    day=writer.date(promise.date),
                ),
                states[promise.state],
            )
            for promise in promises[:ANSWER_ROWS]
        ]
        return {"rows": rows, "rest": len(promises[ANSWER_ROWS:])}

    def _get_dispute_rows(self, disputes, writer):
        states = get_labels(self.env["dunning.dispute"], "state")
        rows = [
            (
                writer.date(dispute.opened_date),
                self._cut(
                    f"{dispute.reason_id.name}: {dispute.description or ''}".rstrip(
                        ": "
                    )
                ),
                states[dispute.state],
            )
            for dispute in disputes[:ANSWER_ROWS]
        ]
        return {"rows": rows, "rest": len(disputes[ANSWER_ROWS:])}

    def _get_visit_text(self, visit):
        return self.env._(
            "%(day)s, %(user)s: %(situation)s",
            day=format_date(self.env, visit.visited_date),
            user=visit.user_id.name,
            situation=self._cut(
                " ".join(filter(None, (visit._format_situation(), visit.agreement)))
            ),
        )

    def _cut(self, text, length=REMARK_LENGTH):
        text = " ".join(text.split())
        if len(text) > length:
            text = text[: length - 1].rstrip() + "…"
        return text
