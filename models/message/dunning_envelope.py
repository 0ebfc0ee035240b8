from markupsafe import Markup

from odoo import models
from odoo.tools import formataddr

LAYOUT = "account_dunning_scenario.mail_layout"
# Placeholder of the text while a layout is rendered once for many e-mails.
SLOT = "<!-- dunning-body -->"


class DunningEnvelope(models.AbstractModel):
    """Envelope of an e-mail: readers, author, sender, reply address, layout.

    It is shared by the channels, the statement of account, and the correspondence about
    promises and disputes. A message is a `dunning.action`, saved or not.
    """

    _name = "dunning.envelope"
    _description = "Follow-Up Envelope"

    # ---- readers ---------------------------------------------------------------------

    def _get_readers(self, actions):
        """Return {action: all readers of the e-mail}: contacts with an e-mail address
        that works."""
        own = self._get_own_addresses()
        return actions._get_contacts(lambda contact: contact._dunning_get_emails(own))

    def _get_own_addresses(self):
        """Return the addresses at which this database takes in mails, of any company: a
        message to one of them would come back as an answer."""
        # sudo: whoever sends may not read the set-up of incoming mails
        domains_sudo = self.env["mail.alias.domain"].sudo()
        domains_sudo = domains_sudo.search([("name", "!=", False)])
        aliases_sudo = self.env["mail.alias"].sudo()
        aliases_sudo = aliases_sudo.search([("alias_domain_id", "!=", False)])
        own = {
            *domains_sudo.mapped("bounce_email"),
            *domains_sudo.mapped("catchall_email"),
            *aliases_sudo.mapped("alias_full_name"),
        }
        return {address.lower() for address in own if address}

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
        return chosen or self._format_sender(
            action.company_id, self._get_author(action), self.env.user.partner_id
        )

    def _format_sender(self, company, author, substitute):
        """Return the address of a person who writes for a company, as the recipient's
        inbox shows it: person – company (S4-07).

        :param author: res.partner of the person
        :param substitute: res.partner, where neither person nor company has an address
        :return: name and address, False if nobody has one
        """
        for partner in (author, company.partner_id, substitute):
            if partner.email_normalized:
                names = [partner.name, company.name]
                shown = " – ".join(dict.fromkeys(filter(None, names)))
                return formataddr((shown, partner.email_normalized))
        return False

    def _get_replies(self, actions, senders):
        """Return {action: reply-to address}: the one at which its company takes in
        answers, else the sender's."""
        replies = {}
        for company, of_company in actions.grouped("company_id").items():
            actions_by_customer = of_company.grouped("partner_id")
            customers = of_company.partner_id.with_company(company)
            firsts = {c.id: actions_by_customer[c][0] for c in customers}
            addresses = customers._notify_get_reply_to_batch(
                defaults={id_: senders[action] for id_, action in firsts.items()},
                author_ids={
                    id_: self._get_author(action).id for id_, action in firsts.items()
                },
            )
            for action in of_company:
                replies[action] = addresses[action.partner_id.id]
        return replies

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
