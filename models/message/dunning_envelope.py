from markupsafe import Markup

from odoo import models

LAYOUT = "account_dunning_scenario.mail_layout"
# Placeholder of the text while a layout is rendered once for many e-mails.
SLOT = "<!-- dunning-body -->"


class DunningEnvelope(models.AbstractModel):
    """Envelope of an e-mail: readers, author, sender, reply address, layout.

    It is shared by the channels, the statement of account, and the correspondence about
    promises and disputes. A message is a `dunning.action`, saved or not.
    """

    _name = "dunning.envelope"
    _description = "Dunning Envelope"

    # ---- readers ---------------------------------------------------------------------

    def _get_readers(self, actions):
        """Return {action: all readers of the e-mail}: contacts with an e-mail address
        that did not bounce last."""
        return actions._get_contacts(
            lambda contact: (
                contact.email_normalized
                and contact.email_normalized != contact.dunning_bounced_email
            )
        )

    def _get_unreachable_text(self):
        """Return the message that a customer cannot be reached by e-mail."""
        return self.env._("The customer has no working e-mail address.")

    # ---- sender ----------------------------------------------------------------------

    def _get_author(self, action):
        """Return the author, who is notified of an answer."""
        return action.collector_id.partner_id or action.company_id.partner_id

    def _get_sender(self, action, text):
        """Return the sender's address: the step's, else the text's, the collector's,
        the company's (S1-56, S1-57)."""
        chosen = action.step_id.email_from or text.get("email_from")
        if chosen:
            return chosen
        author = self._get_author(action)
        for partner in (author, action.company_id.partner_id, self.env.user.partner_id):
            if partner.email_normalized:
                return partner.email_formatted
        return False

    def _get_replies(self, actions, senders):
        """Return {customer: reply-to address}: the thread's, else the sender's."""
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
        """Return {action: layout}, with SLOT in place of the text.

        Ours is the same for all readers of a language; another one may use the record,
        so that it is rendered for each.
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
