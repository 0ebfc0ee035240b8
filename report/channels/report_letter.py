from lxml import html
from markupsafe import Markup

from odoo import models

from ...models.setup.day_format import format_day
from ..paper.dunning_sheets import SLIP_HEIGHT
from ..paper.typesetting import count_lines

DOCUMENT = "account_dunning_scenario.letter_document"
# End of a letter, kept together with the payment slip: closing and signature.
CLOSING_BLOCKS = 2
# In mm: height below the subject of the first sheet, and height of its text.
TEXT_ROOM = 158
TEXT_WIDTH = 164
TEXT_LINE = 4.9
TEXT_SIZE = 10
PARAGRAPH_SPACE = 2.6


class ReportLetter(models.AbstractModel):
    """Compose letters, each in its reader's language, and print them in batches.

    A short statement of account stands below the text, a longer one is enclosed on
    sheets of its own.
    """

    _name = "report.account_dunning_scenario.letter"
    _description = "Follow-Up Letters"
    _inherit = ["dunning.sheets"]

    _has_streams = True

    def _get_report_values(self, docids, data=None):
        """Return the letters as they would be printed now, for a user's preview."""
        actions = self.env["dunning.action"].browse(docids)
        letters = {}
        for channel, group in self._grouped_by_channel(actions).items():
            letters |= channel._compose(group)
        documents = {action: letters[action] for action in actions}
        return self._prepare_preview_values(actions, documents)

    def _get_streams(self, docids):
        """Return {id: PDF} of the letters as they would be printed now."""
        actions = self.env["dunning.action"].browse(docids)
        pdfs = {}
        for channel, group in self._grouped_by_channel(actions).items():
            printed, _batch = channel._get_press()._get_pdfs(channel._compose(group))
            pdfs |= {action.id: pdf for action, pdf in printed.items()}
        return pdfs

    def _grouped_by_channel(self, actions):
        """Return {channel: actions}: the action's channel with letters, else the first
        channel with letters, the ordinary one."""
        Channel = self.env["dunning.channel"]
        others = Channel._get_codes()

        def get_channel(action):
            codes = (action.channel, action.step_id.second_channel, *others)
            channels = (Channel._get(code) for code in codes if code)
            return next(c for c in channels if c._channel_style == "paper")

        return actions.grouped(get_channel)

    def _get_pdfs(self, letters):
        """Print letters of the context's channel.

        :param letters: {action: markup}, see `_get_letters`
        :return: {action: PDF as bytes}, and one PDF of all of them, by postcode
        :raise UserError: printing fails
        """
        actions = self.env["dunning.action"].concat(
            *sorted(letters, key=self._get_postal_key)
        )
        margins = {c: self._get_margins(c) for c in actions.company_id}
        annexes = actions._get_annexes()
        documents = {}  # each letter, then what comes with it
        for action in actions:
            documents[action, 0] = letters[action]
            for place, (_name, sheet) in enumerate(annexes.get(action, ()), 1):
                documents[action, place] = sheet
        press = self.env["dunning.press"]
        pdfs, batch = press._print(
            documents, {key: margins[key[0].company_id] for key in documents}
        )
        parts = {action: [] for action in actions}
        for key in documents:
            parts[key[0]].append(pdfs[key])
        return {
            action: press._merge(bound) if len(bound) > 1 else bound[0]
            for action, bound in parts.items()
        }, batch

    def _get_postal_key(self, letter):
        """Return the sort key that the post asks for: domestic letters first, then by
        postcode.

        :param letter: dunning.delivery, or the dunning.action in the channel
        """
        contact, home = letter.contact_id, letter.company_id.country_id
        country = contact.country_id if contact.country_id != home else home.browse()
        return (country.code or "", contact.zip or "", contact.city or "", letter.id)

    # ---- HTML ------------------------------------------------------------------------

    def _get_letters(self, actions, texts):
        """Return {action: markup of its letter}, each in its reader's language.

        :param texts: {action: {subject, body_html}} in the readers' languages
        """
        letters = dict.fromkeys(actions)
        langs = actions._get_reader_langs()
        for lang, group in actions.grouped(lambda action: langs[action]).items():
            report = self.with_context(lang=lang)
            localized = group.with_context(lang=lang)
            sections = localized._get_statement_sections()
            for action in localized:
                values = report._prepare_letter_values(
                    action, texts[action], sections[action]
                )
                letters[action] = report.env["ir.qweb"]._render(DOCUMENT, values)
        return letters

    def _prepare_letter_values(self, action, text, sections):
        if action.kind == "thanks":  # they show no debt, whatever else is open
            sections = []
        slips = self._get_action_slips(action)
        body = self._parse_body(text["body_html"])
        is_inline = not sections or self._fits(body, sections, len(slips))
        sheets = self._get_sheets(sections, has_ageing=not is_inline)
        opening, closing = self._split_body(body)
        return {
            **self._prepare_sheet_values(action.company_id, action.contact_id),
            "action": action,
            "has_annex": action._has_annexes(),
            "customer": action.partner_id,
            "subject": text["subject"],
            "opening": opening,
            "closing": closing,
            "inline": sheets[0] if is_inline else [],
            "sheets": [] if is_inline else sheets,
            "slips": slips,
            "date": self._get_date_line(action),
            "day": format_day(self.env, action._get_message_day()),
            "reference": action._get_reference(),
            "customer_reference": self._get_customer_reference(action),
        }

    def _get_action_slips(self, action):
        """Return the payment slips of a letter, see `_get_slips`; thanks have none."""
        if action.kind == "thanks":
            return []
        return self._get_slips(
            [
                (payment.account, payment.currency, payment.amount, payment.reference)
                for payment in action._get_payments(action._unpack_rows())
            ],
            action.partner_id,
        )

    def _parse_body(self, body):
        """Return the tree of a text without the statement included in e-mail texts: the
        letter has its own."""
        root = html.fragment_fromstring(body or "", create_parent="div")
        for statement in root.find_class("o_dunning_statement"):
            statement.drop_tree()
        return root

    def _fits(self, body, sections, slip_count):
        """Return whether the statement fits on the first sheet with text and payment
        slips."""
        slips = SLIP_HEIGHT * max(slip_count, 1)
        room = TEXT_ROOM - slips - self._get_height(sections)
        for block in body.iter("p", "li", "h1", "h2", "h3", "h4"):
            lines = count_lines(block.text_content(), TEXT_SIZE, TEXT_WIDTH)
            lines += len(block.findall(".//br"))
            room -= lines * TEXT_LINE + PARAGRAPH_SPACE
        return room >= 0

    def _split_body(self, body):
        """Split a text in two: closing and signature, the second part, stay with what
        follows."""
        parent = body
        while len(parent) == 1 and not (parent.text or "").strip():
            parent = parent[0]
        closing = html.Element("div")
        if len(parent) > CLOSING_BLOCKS:
            closing.extend(parent[-CLOSING_BLOCKS:])
        return [
            Markup(html.tostring(part, encoding="unicode")) for part in (body, closing)
        ]

    def _get_date_line(self, action):
        """Return place and date of a letter, in its reader's language."""
        day = format_day(self.env, action._get_message_day())
        city = action.company_id.city
        return self.env._("%(city)s, %(day)s", city=city, day=day) if city else day

    def _get_customer_reference(self, action):
        """Return the customer's own reference, if all claims share one."""
        references = set(action._get_message_lines().move_id.mapped("ref"))
        return references.pop() if len(references) == 1 else False
