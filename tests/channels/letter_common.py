import re
import subprocess

from odoo import Command

from ..delivery.common import DeliveryCommon

WORD = re.compile(
    r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
)
MM = 25.4 / 72
PARAGRAPHS = (
    "Dear Sir or Madam,",
    "Your payment of <t t-out='object.totals_text'/> has not reached us yet. It has "
    "probably just slipped through in the daily course of business.",
    "The statement of account that comes with this letter gives the details.",
    "Would you please make this payment within a week?",
    "If your payment has crossed this letter, please disregard it.",
    "If something is holding it back, call us: we will look for a solution with you.",
    "Yours faithfully,",
    "Camille Durand<br/>Fournitures Azur",
)
IBAN = "FR7630006000011234567890189"


class LetterCommon(DeliveryCommon):
    """A French supplier that sends letters in euros, with measurements of its
    prints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("letter", fallback_channel=False)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
        cls.letter_text.body_html = f"<div>{body}</div>"
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.partner_id.write(
            {
                "name": "Fournitures Azur SAS",
                "street": "14 rue du Port",
                "zip": "75001",
                "city": "Paris",
                "country_id": cls.env.ref("base.fr").id,
                "company_registry": "334 175 221 00017",
            }
        )
        cls.bank = (
            cls.env["res.partner.bank"]
            .sudo()
            .create(
                {
                    "acc_number": IBAN,
                    "allow_out_payment": True,
                    "partner_id": cls.company.partner_id.id,
                    "bank_id": cls.env["res.bank"]
                    .sudo()
                    .create({"name": "Crédit du Port", "bic": "AGRIFRPP"})
                    .id,
                }
            )
        )

    @classmethod
    def _create_euro_claims(cls, count, customer=None, **values):
        """Post invoices of 100, 101… euros, due for reminder 1 today."""
        return [
            cls._create_late_claim(
                customer, amount=100 + n, currency_id=cls.euro.id, **values
            )
            for n in range(count)
        ]

    @classmethod
    def _write_letters(cls):
        """Plan, confirm and print all due letters; return the actions."""
        actions = cls._plan()
        actions.with_user(cls.collector).action_confirm()
        cls._print(actions)
        return actions

    @classmethod
    def _get_pdf(cls, action):
        return action.delivery_ids.attachment_id.raw

    @classmethod
    def _move_to_germany(cls):
        cls.company.partner_id.country_id = cls.env.ref("base.de")

    def _get_words(self, pdf):
        """Return the words of each page as (text, left, top, right, bottom) in mm."""
        html = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        return [
            [
                (text, *(float(place) * MM for place in places))
                for *places, text in WORD.findall(page)
            ]
            for page in html.split("<page ")[1:]
        ]

    def _get_box(self, words, texts):
        """Return left, top, right, bottom of the words that make up some texts."""
        wanted = {word for text in texts for word in text.split()}
        found = [word for word in words if word[0] in wanted]
        self.assertTrue(found, texts)
        return (
            min(word[1] for word in found),
            min(word[2] for word in found),
            max(word[3] for word in found),
            max(word[4] for word in found),
        )

    @classmethod
    def _create_long_customer(cls):
        """Create a customer with name, contact and address of maximal length."""
        customer = cls._create_customer(
            "Établissements Réunis de Construction Mécanique et de Chaudronnerie du "
            "Bassin de la Haute-Vallée de l’Ubaye et de ses Affluents, Société Anonyme",
            street="Zone industrielle de la Croix-Rouge, bâtiment administratif nº 14, "
            "3e étage, porte droite",
            street2="Boîte postale 1204, lieu-dit Les Grandes Combes du Haut",
            city="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
        )
        customer.child_ids = [
            Command.create(
                {
                    "type": "invoice",
                    "name": "Service de la comptabilité fournisseurs, à l’attention de "
                    "Mme Marie-Antoinette de la Rochefoucauld",
                    "street": customer.street,
                    "street2": customer.street2,
                    "zip": customer.zip,
                    "city": customer.city,
                    "country_id": customer.country_id.id,
                }
            )
        ]
        return customer
