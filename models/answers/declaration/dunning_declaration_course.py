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
        (new - due)._remind()

    def _expire(self, day):
        """Let declarations of one company expire: their claims are followed up
        again."""
        self._conclude("expired")
        text = self._in_company_language().env._(
            "Expired without a decision: accept, correct or refuse it"
        )
        self._give_tasks(date_deadline=day, summary=text)
        self._log_state()

    def _remind(self):
        """Ask the collectors of one company to decide before the declarations expire,
        once."""
        known = self.activity_search([TASK], only_automated=False)
        missing = self - self.browse(known.mapped("res_id"))
        text = self._in_company_language().env._("Decide before the follow-up goes on")
        for day, declarations in missing.grouped("expiry_date").items():
            declarations._give_tasks(date_deadline=day, summary=text)

    def _give_tasks(self, **values):
        """Give the collectors one task per declaration, or change it.

        :param values: of the tasks: `date_deadline`, `summary`
        """
        known = self.activity_search([TASK], only_automated=False)
        open_journal(known).write(values)
        missing = self - self.browse(known.mapped("res_id"))
        by_user = missing.grouped(
            lambda one: one.partner_id._dunning_get_collector(one.company_id)
        )
        for user, declarations in by_user.items():
            if user:
                quiet = by_code(declarations).with_context(
                    mail_activity_quick_update=True
                )
                quiet.activity_schedule(TASK, user_id=user.id, **values)

    def _dunning_process_reply(self, message_dict):
        """Log the customer's reply to an e-mail about the declaration, and ask the
        collector to read it."""
        result = super()._dunning_process_reply(message_dict)
        if self._is_of_colleague(message_dict):
            return result
        self.env["dunning.chronicle"]._tell_answer(self, message_dict["message_id"])
        self._give_tasks(
            date_deadline=self.company_id._dunning_today(),
            summary=self._in_company_language().env._("The customer answered"),
        )
        return result

    def _in_company_language(self):
        return self.with_context(lang=self.company_id[:1]._dunning_get_lang())

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
