from collections import namedtuple

from odoo import fields, models

from ...setup.labels import get_labels
from ...setup.res_partner_reader import READERS

# Customer and scope of a glance; `items` are the open ones, `settled` those paid
# lately.
Subject = namedtuple("Subject", ["customer", "company", "companies", "day"])

PEOPLE_SHOWN = 12
# Contacts in the order in which to call them, by type; then the customer, then all
# others.
FIRST_CONTACTS = ("followup", "invoice")


class DunningGlance(models.AbstractModel):
    """Customer at a glance: open items, contacts, answers and coming steps.

    Each subject is a method `_get_<subject>` that returns one part of the result, ready
    to be shown: dates as text, amounts as numbers, labels in the user's language.
    """

    _name = "dunning.glance"
    _description = "Customer at a Glance"

    def _get(self, partner):
        """Return everything about a customer, for `get_dunning_glance`.

        :param partner: res.partner, any contact of the customer
        :return: dict: `customer`, `company`, `today`, `rights`, `situation`, `balance`,
            `items`, `film`, `declarations`, `promises`, `disputes`, `reasons`,
            `satisfaction`, `people`
        :raise AccessError: neither collector, accountant nor their salesperson
        """
        customer = partner.commercial_partner_id
        company = self.env.company
        customer._dunning_check_readable(company)
        subject = Subject(
            customer=customer,
            company=company,
            companies=company.sudo()._dunning_tree().sudo(False) & self.env.companies,
            day=company._dunning_today(),
        )
        standing = self.env["dunning.explainer"]._get_standing(
            company, customer, subject.day, subject.companies
        )
        items = self._get_open_items(subject)
        outlook = self._get_outlook(subject, items)
        return {
            "customer": {"id": customer.id, "name": customer.display_name},
            "company": {"id": company.id, "currency_id": company.currency_id.id},
            "today": self._date(subject.day),
            "rights": self._get_rights(subject),
            "situation": self._get_situation(subject, standing),
            "balance": self._get_balance(subject, items, standing),
            "items": self._get_items(subject, items, outlook),
            "film": self._get_film(subject, items, outlook),
            **self._get_answers(subject),
            "people": self._get_people(customer),
        }

    # ---- people ----------------------------------------------------------------------

    def _get_rights(self, subject):
        """Return {button: whether the user may press it}."""
        user = self.env.user
        is_collector = user.has_group(
            "account_dunning_scenario.dunning_group_collector"
        )
        return {
            "note": subject.customer._may_note_answer(),
            "statement": is_collector,
            "explain": user.has_groups(READERS),
        }

    def _get_situation(self, subject, standing):
        """Return the customer's segment, scenario, collector and other settings."""
        customer = subject.customer
        stop = customer._dunning_get_stop(subject.company)
        scenario = self.env["dunning.scenario"].browse(standing["scenario_id"])
        collector = self.env["res.users"].browse(standing["collector_id"])
        source = self.env["dunning.explainer"]._get_source_label(
            standing["scenario_source"]
        )
        return {
            "segment": self._link(customer._dunning_get_segment(subject.company)),
            "scenario": self._link(scenario),
            "scenario_source": source or "",
            "collector": self._link(collector),
            "salesperson": self._link(customer.user_id),
            "is_stopped": standing["is_stopped"],
            "stop_reason": stop.dunning_stop_reason or "",
            "stop_until": self._date(stop.dunning_stop_until),
            "insolvent_since": self._date(customer.dunning_insolvent_since),
        }

    def _get_people(self, customer):
        """Return the people to speak to, best first, with their phone numbers and
        addresses."""
        people = self.env["res.partner"].search(
            [("commercial_partner_id", "=", customer.id)], order="name, id"
        )
        people = people.filtered(lambda p: p == customer or p.phone or p.email)
        types = get_labels(people, "type")

        def get_rank(person):
            if person.type in FIRST_CONTACTS:
                return FIRST_CONTACTS.index(person.type)
            return len(FIRST_CONTACTS) + (person != customer)

        return [
            {
                "id": person.id,
                "name": person.name or person.display_name,
                "role": person.function
                or (types[person.type] if person.type in FIRST_CONTACTS else ""),
                "phone": person.phone or "",
                "email": person.email or "",
                "is_bounced": bool(person.dunning_bounced_email),
            }
            for person in people.sorted(get_rank)[:PEOPLE_SHOWN]
        ]

    # ---- formats ---------------------------------------------------------------------

    def _date(self, day):
        return fields.Date.to_string(day) if day else False

    def _link(self, record):
        """Return id and name of a record for a link; False if it is empty."""
        return bool(record) and {"id": record.id, "name": record.display_name}

    def _label(self, record, name):
        """Return the label of a selection's value in the user's language."""
        labels = get_labels(record, name)
        return labels.get(record[name], "")
