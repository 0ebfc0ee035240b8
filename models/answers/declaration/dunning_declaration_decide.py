from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...setup.labels import get_labels
from .dunning_declaration import CLAIM_KINDS

REFUSED = "mail_template_declaration_refused"


class DunningDeclaration(models.Model):
    """Extend the declaration with the decision of a person: accept, correct or
    refuse."""

    _inherit = "dunning.declaration"

    # ---- buttons ---------------------------------------------------------------------

    def action_accept(self):
        """Accept declarations: note the answers that the dialog would have noted. Of
        several, those that cannot be accepted as they are stay as they were, and are
        named.

        :raise UserError: the only one cannot be accepted, with the reason
        :raise AccessError: the user is no collector of the company
        """
        self.check_access("write")
        if len(self) == 1:
            self._accept()
            return True
        refusals = {}
        for declaration in self:
            try:
                with self.env.cr.savepoint():
                    declaration._accept()
            except UserError as error:
                refusals[declaration] = str(error)
        return self._tell_result(refusals)

    def action_correct(self):
        """Open the dialog for noting an answer, filled in with the declaration.

        :raise UserError: it is decided already
        """
        self.ensure_one()
        self.check_access("write")
        self._check_undecided()
        subject = {**self._get_dunning_subject(), "declaration_id": self}
        dialog = self.env["dunning.entry"]._open(subject)
        return {
            **dialog,
            "context": {**dialog["context"], **self._get_dialog_defaults()},
        }

    def _get_dialog_defaults(self):
        """Return the defaults of the dialog for noting an answer, beside those that it
        reads from the declaration itself."""
        defaults = {
            "promise": {
                "default_has_promise": True,
                "default_promise_date": max(
                    self.term_ids.mapped("date"), default=False
                ),
            },
            "dispute": {
                "default_has_dispute": True,
                "default_dispute_reason_id": self.reason_id.id,
            },
            "paid": {
                "default_has_reason": True,
                "default_reason": "paid",
                "default_paid_date": self.paid_date,
                "default_payment_reference": self.payment_reference,
            },
            "not_received": {
                "default_has_reason": True,
                "default_reason": "not_received",
            },
        }
        return defaults.get(self.kind, {})

    def action_refuse(self):
        """Open the dialog with the words of a refusal.

        :raise UserError: one is decided already
        """
        self.check_access("write")
        self._check_undecided()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "dunning.declaration.refusal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_declaration_ids": [Command.set(self.ids)]},
        }

    def _tell_result(self, refusals):
        """Return a notification on the declarations accepted and those left.

        :param refusals: {declaration: reason}
        """
        accepted = len(self) - len(refusals)
        lines = [self.env._("Accepted: %(count)s.", count=accepted)]
        lines += [
            self.env._(
                "%(declaration)s: %(reason)s",
                declaration=declaration.display_name,
                reason=reason,
            )
            for declaration, reason in refusals.items()
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "message": "\n".join(lines),
                "sticky": bool(refusals),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _lock_undecided(self):
        """Keep declarations for this decision.

        :raise UserError: one is decided already, or a colleague is at it
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        if busy := self - locked:
            raise UserError(
                self.env._(
                    "Somebody else is deciding on “%(declaration)s” right now: look at "
                    "it again in a moment.",
                    declaration=busy[0].display_name,
                )
            )
        self._check_undecided()

    def _check_undecided(self):
        """Refuse declarations that are decided already.

        :raise UserError: names the state and who decided
        """
        decided = self.filtered(lambda declaration: not declaration.is_undecided)
        if decided:
            declaration = decided[0]
            state = get_labels(self, "state")[declaration.state].lower()
            raise UserError(
                self.env._(
                    "“%(declaration)s” is %(state)s already. %(user)s",
                    declaration=declaration.display_name,
                    state=state,
                    user=declaration.user_id.sudo().name or "",  # sudo: who left
                ).strip()
            )

    # ---- acceptance ------------------------------------------------------------------

    def _accept(self, **values):
        """Accept a declaration: record what the customer said as of the day declared,
        with holds from today on.

        :param values: further values of the declaration
        :raise UserError: it is decided already, settled, or only a manager may
        :raise ValidationError: it is impossible by now
        """
        self.ensure_one()
        self._lock_undecided()
        if self.kind in CLAIM_KINDS:
            self._settle_items(self.line_ids.move_line_id)
            self._check_undecided()
            self._check_posted()
            self._check_days(self._get_terms_left())
        self._conclude("accepted", **values)
        notes = {
            "promise": self._accept_promise,
            "dispute": self._accept_dispute,
            "paid": self._accept_reason,
            "not_received": self._accept_reason,
        }
        if note := notes.get(self.kind):
            note()
        self._log_state()

    def _check_posted(self):
        """Refuse to decide about invoices that are being edited.

        :raise UserError: one is
        """
        items = (line.move_line_id for line in self.claim_ids)
        if not all(item.parent_state == "posted" for item in items):
            raise UserError(
                self.env._(
                    "An invoice of this declaration is being edited: post it first."
                )
            )

    def _prepare_answer(self):
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "action_id": self.action_id.id,
            "declaration_id": self.id,
            "source": "portal",
        }

    def _accept_promise(self):
        """Take the promise as of the day declared; payments since then count for it.

        :raise UserError: only a manager takes it
        """
        items, terms = self.claim_ids.move_line_id, self._get_terms_left()
        self.env["dunning.promise"]._journal().create(
            {
                **self._prepare_answer(),
                "currency_id": self.currency_id.id,
                "taken_date": self.declared_date,
                "user_id": self._get_correspondent().id or self.env.uid,
                "note": self.description,
                "term_ids": [Command.create(term) for term in terms],
                "claim_ids": [Command.create({"move_line_id": i.id}) for i in items],
            }
        )._judge(self.company_id._dunning_today())

    def _get_terms_left(self):
        """Return the values of the payments announced, up to the amount of the claims
        still concerned: the last ones lose what a dispute took or was paid before."""
        left, terms = self._get_promised_amount(), []
        for term in self.term_ids:
            amount = self.currency_id.round(min(term.amount, left))
            if self.currency_id.compare_amounts(amount, 0) > 0:
                terms.append({"date": term.date, "amount": amount})
                left -= amount
        return terms

    def _get_promised_amount(self):
        return sum(self.claim_ids.mapped("amount_currency"))

    def _check_days(self, terms):
        """Refuse to accept as it is a promise with a day that has passed, unless it was
        kept."""
        today = self.company_id._dunning_today()
        paid = sum(
            line.residual_currency_before - line.move_line_id.amount_residual_currency
            for line in self.claim_ids
        )
        due = 0
        for term in terms:
            due += term["amount"]
            is_kept = self.currency_id.compare_amounts(paid, due) >= 0
            if term["date"] < today and not is_kept:
                raise UserError(
                    self.env._(
                        "%(day)s has passed: agree on another day and use “Correct”.",
                        day=format_date(self.env, term["date"]),
                    )
                )

    def _accept_dispute(self):
        """Open the dispute as of the day declared, of what is still open."""
        dispute = (
            self.env["dunning.dispute"]
            ._journal()
            .create(
                {
                    **self._prepare_answer(),
                    "reason_id": self.reason_id.id,
                    "description": self.description,
                    "opened_date": self.declared_date,
                    "claim_ids": [
                        Command.create(
                            {
                                "move_line_id": line.move_line_id.id,
                                "amount": line._get_amount_left(),
                            }
                        )
                        for line in self.claim_ids
                    ],
                }
            )
        )
        self._hand_on_files(dispute)

    def _accept_reason(self):
        """Note the reason for not paying as of the day declared; its hold counts from
        today."""
        values = self._prepare_answer()
        values |= {
            "user_id": self._get_correspondent().id or self.env.uid,
            "note": self.description,
            "noted_date": self.declared_date,
            "hold_date": self.company_id._dunning_today(),
        }
        if self.kind == "paid":
            values |= {
                "paid_date": self.paid_date,
                "payment_reference": self.payment_reference,
            }
        self.env["dunning.nonpayment"]._note(
            self.claim_ids.move_line_id, self.kind, values
        )

    def _hand_on_files(self, dispute):
        """Copy the customer's files to the dispute.

        :param dispute: dunning.dispute
        """
        if not self.attachment_ids:
            return
        # sudo: copies of files that the reader of the declaration may read
        files_sudo = self.attachment_ids.sudo().copy(
            {"res_model": dispute._name, "res_id": dispute.id}
        )
        dispute._journal().attachment_ids = [Command.set(files_sudo.ids)]

    # ---- refusal ---------------------------------------------------------------------

    def _get_refusal_words(self):
        """Return the usual words of a refusal, in the language of the context."""
        self.ensure_one()
        texts = {
            "promise": self.env._(
                "We cannot agree to the days that you named. Please call us, so that "
                "we find a solution together."
            ),
            "paid": self.env._(
                "We have not found this payment. Please send us a proof of it, such as "
                "the debit note of your bank."
            ),
            "not_received": self.env._(
                "According to our records the invoice reached you. Please tell us to "
                "whom we should send it."
            ),
            "dispute": self.env._(
                "After looking into it, we do not share your view: the amount remains "
                "due."
            ),
        }
        usual = self.env._("We cannot accept what you told us. Please call us.")
        return texts.get(self.kind, usual)

    def _refuse(self, texts):
        """Refuse declarations, write to the customers, and follow their claims up
        again.

        :param texts: {declaration: words for its customer, in the reader's language}
        :return: the declarations whose customer has an e-mail address
        :raise UserError: one is decided already
        """
        self._lock_undecided()
        for declaration in self:
            declaration._conclude("refused", refusal_text=texts[declaration])
        self._log_state()
        return self._write_to_customers(REFUSED)
