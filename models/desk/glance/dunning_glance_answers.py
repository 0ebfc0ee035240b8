from odoo import models

ANSWERS_SHOWN = 20


class DunningGlance(models.AbstractModel):
    """Extend the glance with the customer's declarations, promises, disputes, reasons
    and satisfaction."""

    _inherit = "dunning.glance"

    def _get_answers(self, subject):
        return {
            "declarations": self._get_declarations(subject),
            "promises": self._get_promises(subject),
            "disputes": self._get_disputes(subject),
            "reasons": self._get_reasons(subject),
            "satisfaction": self._get_satisfaction(subject),
        }

    def _search_answers(self, model, subject, order):
        """Return the customer's answers that the user may see, the latest first."""
        return self.env[model].search(
            [
                ("partner_id", "=", subject.customer.id),
                ("company_id", "in", subject.companies.ids),
            ],
            order=order,
            limit=ANSWERS_SHOWN,
        )

    def _get_declarations(self, subject):
        declarations = self._search_answers(
            "dunning.declaration", subject, "declared_at desc, id desc"
        )
        return [
            {
                "id": declaration.id,
                "kind_label": self._label(declaration, "kind"),
                "summary": declaration.summary or "",
                "description": declaration.description or "",
                "declared_date": self._date(declaration.declared_date),
                "expiry_date": self._date(declaration.expiry_date),
                "author": declaration.author_name or "",
                "is_new": declaration.state == "new",
                "state_label": self._label(declaration, "state"),
            }
            for declaration in declarations
        ]

    def _get_promises(self, subject):
        promises = self._search_answers(
            "dunning.promise", subject, "date desc, id desc"
        )
        return [
            {
                "id": promise.id,
                "date": self._date(promise.date),
                "taken_date": self._date(promise.taken_date),
                "amount": promise.amount,
                "amount_paid": promise.amount_paid,
                "currency_id": promise.currency_id.id,
                "is_plan": promise.is_plan,
                "state": promise.state,
                "state_label": self._label(promise, "state"),
                "user": promise.user_id.sudo().name or "",  # sudo: archived users
            }
            for promise in promises
        ]

    def _get_disputes(self, subject):
        disputes = self._search_answers(
            "dunning.dispute", subject, "opened_date desc, id desc"
        )
        return [
            {
                "id": dispute.id,
                "reason": dispute.reason_id.name,
                "description": dispute.description or "",
                "amount": dispute.amount,
                "currency_id": dispute.currency_id.id,
                "opened_date": self._date(dispute.opened_date),
                "target_date": self._date(dispute.target_date),
                "settled_date": self._date(dispute.settled_date),
                "is_open": dispute.state != "settled",
                "is_late": bool(dispute.is_late),
                "state_label": self._label(dispute, "state"),
                "outcome_label": self._label(dispute, "outcome"),
                "owner": dispute.owner_id.sudo().name or "",  # sudo: as above
            }
            for dispute in disputes
        ]

    def _get_reasons(self, subject):
        reasons = self._search_answers(
            "dunning.nonpayment", subject, "noted_date desc, id desc"
        )
        return [
            {
                "id": reason.id,
                "date": self._date(reason.noted_date),
                "move_id": reason.move_id.id,
                # sudo: the name of an invoice of the salesperson's customer
                "invoice": reason.move_id.sudo().name or "",
                "label": self._label(reason, "reason"),
                "note": reason.note or "",
            }
            for reason in reasons
        ]

    def _get_satisfaction(self, subject):
        customer = subject.customer
        return {
            "score": customer.dunning_satisfaction,
            "average": customer.dunning_satisfaction_average,
            "count": customer.dunning_satisfaction_count,
            "is_dissatisfied": customer.dunning_is_dissatisfied,
            "paid_label": self._label(customer, "dunning_paid_answer"),
            "satisfied_label": self._label(customer, "dunning_satisfied_answer"),
        }
