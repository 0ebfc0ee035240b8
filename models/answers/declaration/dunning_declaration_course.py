from datetime import timedelta

from odoo import api, models

from ...journal.dunning_chronicle import Told
from ...setup.guard.guard import by_code, open_journal
from ...setup.labels import get_labels

TASK = "account_dunning_scenario.mail_activity_type_declaration"


class DunningDeclaration(models.Model):
    """Extend the declaration with its course until it is decided: replaced by a later
    one, settled by payments, expired."""

    _inherit = "dunning.declaration"

    # ---- claims that leave -----------------------------------------------------------

    def _replace_earlier(self, items):
        """Take claims out of the undecided declarations of the same sort, which this
        one replaces."""
        earlier = self._get_rival_lines(items)
        earlier._leave("replaced", self)

    def _get_rival_lines(self, items):
        topic = "dispute" if self.kind == "dispute" else "payment"
        return self.env["dunning.declaration.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("topic", "=", topic),
                ("declaration_id", "!=", self.id),
                *self._get_present_domain(),
            ]
        )

    @api.model
    def _settle_items(self, items):
        """Take claims of which nothing is open any more out of the declarations.

        :param items: account.move.line that changed
        """
        lines = self.env["dunning.declaration.line"].search(
            [("move_line_id", "in", items.ids), *self._get_present_domain()]
        )
        lines.filtered(lambda line: line._is_over())._leave("settled")

    @api.model
    def _get_present_domain(self):
        """Return the domain of the claims of declarations that are undecided."""
        return [
            ("left_as", "=", False),
            ("declaration_id.state", "in", ("new", "expired")),
        ]

    @api.model
    def _settle_company(self, company):
        """Take out of the declarations of a company the claims of which nothing is open
        any more, however they were settled."""
        lines = self.env["dunning.declaration.line"].search(
            [
                ("declaration_id.company_id", "=", company.id),
                *self._get_present_domain(),
            ]
        )
        lines.filtered(lambda line: line._is_over())._leave("settled")

    # ---- expiry ----------------------------------------------------------------------

    @api.model
    def _expire_due(self, company, day):
        """Expire the declarations of a company that nobody decided on in time, and
        remind the collectors of those that expire the next day.

        :param day: the company's day
        """
        new = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "new"),
                ("expiry_date", "!=", False),
                ("expiry_date", "<=", day + timedelta(days=1)),
            ]
        ).try_lock_for_update(allow_referencing=True)
        due = new.filtered(
            lambda declaration: (
                declaration.state == "new" and declaration.expiry_date < day
            )
        )
        due._expire(day)
        for declaration in new - due:
            declaration._remind()

    def _expire(self, day):
        """Let declarations expire: their claims are followed up again."""
        for declaration in self:
            declaration._conclude("expired")
            declaration._give_task(
                day,
                declaration._in_company_language().env._(
                    "Expired without a decision: accept, correct or refuse it"
                ),
            )
        self._log_state()

    def _remind(self):
        """Ask the collector to decide before the declaration expires, once."""
        if not self.activity_search([TASK], only_automated=False):
            self._give_task(self.expiry_date, self._get_task_text())

    def _get_task_text(self):
        env = self._in_company_language().env
        if not self.expiry_date:
            return env._("Answer the customer")
        return env._("Decide before the follow-up goes on")

    def _give_task(self, deadline, summary):
        """Give the collector one task about the declaration.

        :param deadline: date
        :param summary: text in the company's language
        """
        self.ensure_one()
        collector = self.partner_id._dunning_get_collector(self.company_id)
        tasks = self.activity_search([TASK], only_automated=False)
        values = {"date_deadline": deadline, "summary": summary}
        if tasks:
            open_journal(tasks).write(values)
        elif collector:
            by_code(self).activity_schedule(TASK, user_id=collector.id, **values)

    def _in_company_language(self):
        return self.with_context(lang=self.company_id._dunning_get_lang())

    # ---- states ----------------------------------------------------------------------

    def _conclude(self, state, **values):
        """Set the state of declarations, and end the hold of their claims.

        :param values: further values, such as `is_automatic` or `refusal_text`
        """
        for company, declarations in self.grouped("company_id").items():
            decided = {}
            if state in ("accepted", "corrected", "refused"):
                decided = {
                    "decided_date": company._dunning_today(),
                    "user_id": self.env.uid,
                }
            declarations._journal().write({"state": state, **decided, **values})
        # sudo: collectors decide on declarations; their claims only follow
        self.line_ids.sudo().is_open = False
        if state != "expired":
            # The tasks of others, too: it is decided.
            open_journal(self, "mail.activity").activity_unlink([TASK])

    def _conclude_corrected(self):
        """Mark undecided declarations as corrected: the collector noted an answer
        instead."""
        undecided = self.filtered("is_undecided")
        undecided._conclude("corrected")
        undecided._log_state()

    def _is_turned_down(self):
        """Return whether no answer may come from the declaration any more."""
        return self.state in ("refused", "replaced", "settled")

    def _log_state(self):
        """Log the state of declarations, in the customers' chatters without figures."""
        if not self:
            return
        labels = get_labels(self, "state")
        kinds = get_labels(self, "kind")
        told = [
            Told(
                declaration,
                self.env._(
                    "Declaration “%(kind)s”: %(state)s",
                    kind=kinds[declaration.kind].lower(),
                    state=labels[declaration.state].lower(),
                ),
                declaration.refusal_text or "",
            )
            for declaration in self
        ]
        self.env["dunning.chronicle"]._tell(told)
