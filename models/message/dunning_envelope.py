from markupsafe import Markup

from odoo import models

LAYOUT = "account_dunning_scenario.mail_layout"
# Stands for the text while a layout is rendered once for many mails.
SLOT = "<!-- dunning-body -->"


class DunningEnvelope(models.AbstractModel):
    """What is around the words of an e-mail: who gets it, who signs and sends it, who
    reads the answer, its layout.

    The channels, the statement of account and what is written about a promise or a
    dispute share it. A message is a `dunning.action`, saved or not.
    """

    _name = "dunning.envelope"
    _description = "Dunning Envelope"

    # ---- who reads it ----------------------------------------------------------------

    def _get_readers(self, actions):
        """Return {action: all who get the mail}: those with an e-mail address that did
        not send the last message back."""
        return actions._get_contacts(
            lambda contact: (
                contact.email_normalized
                and contact.email_normalized != contact.dunning_bounced_email
            )
        )

    def _get_unreachable_text(self):
        """Say that a customer cannot be written to by e-mail."""
        return self.env._("The customer has no e-mail address that works.")

    # ---- who sends it ----------------------------------------------------------------

    def _get_author(self, action):
        """Return who signs: an answer to the mail notifies them."""
        return action.collector_id.partner_id or action.company_id.partner_id

    def _get_sender(self, action, text):
        """Return whom the mail comes from: the step's sender, else that of the text,
        the collector, the company (S1-56, S1-57)."""
        chosen = action.step_id.email_from or text.get("email_from")
        if chosen:
            return chosen
        author = self._get_author(action)
        for partner in (author, action.company_id.partner_id, self.env.user.partner_id):
            if partner.email_normalized:
                return partner.email_formatted
        return False

    def _get_replies(self, actions, senders):
        """Return {customer: reply-to address}: the thread's, else the sender."""
        customers = actions.partner_id
        by_customer = actions.grouped("partner_id")
        addresses = customers._notify_get_reply_to_batch(
            defaults={c.id: senders[by_customer[c][0]] for c in customers},
            author_ids={
                c.id: self._get_author(by_customer[c][0]).id for c in customers
            },
        )
        return {customer: addresses[customer.id] for customer in customers}

    # ---- layout ----------------------------------------------------------------------

    def _get_layouts(self, actions):
        """Return {action: its layout, SLOT in the place of the text}.

        Ours is the same for all readers of a language; another may name the record, so
        that it is rendered for each.
        """
        langs = actions._get_reader_langs()
        shared = {}
        layouts = {}
        for action in actions:
            xmlid = action.step_id.mail_template_id.email_layout_xmlid or LAYOUT
            key = (xmlid, langs[action], action.company_id)
            if xmlid != LAYOUT:
                layouts[action] = self._render_layout(xmlid, action, langs[action])
                continue
            if key not in shared:
                shared[key] = self._render_layout(xmlid, action, langs[action])
            layouts[action] = shared[key]
        return layouts

    def _encapsulate(self, action, body, lang):
        """Return one text in our layout."""
        return self._render_layout(LAYOUT, action, lang).replace(SLOT, body)

    def _render_layout(self, xmlid, action, lang):
        renderer = self.env["mail.render.mixin"].with_context(lang=lang)
        return renderer._render_encapsulate(
            xmlid,
            Markup(SLOT),
            add_context={"company": action.company_id, "lang": lang},
            context_record=action.with_context(lang=lang),
        )
