from collections import Counter

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....models.channels.registered_letter.postal_number import (
    clean_number,
    format_number,
    is_valid_number,
)


class DunningNumberMixin(models.AbstractModel):
    """Check lists of numbers of registered letters: all errors are shown at once, and
    nothing is recorded."""

    _name = "dunning.number.mixin"
    _description = "Numbers of Registered Letters"
    _inherit = ["dunning.wizard.mixin"]

    def _split_numbers(self, text):
        """Return the numbers of a pasted list, one per line, in the stored format."""
        return [
            clean_number(line) for line in (text or "").splitlines() if line.strip()
        ]

    def _get_format_error(self, number):
        """Return the error in a number and the expected format; False if it is
        valid."""
        if is_valid_number(number):
            return False
        return self.env._(
            "“%(number)s” is not the number of a registered letter. Those of La Poste "
            "have 13 characters such as 1A 123 456 7890 1, those of other countries "
            "too, such as RR 473 124 829 DE, whose ninth digit checks the others: read "
            "it on the label again.",
            number=number,
        )

    def _get_doubled_errors(self, numbers):
        counts = Counter(filter(None, numbers))
        return [
            self.env._("%(number)s is named twice.", number=format_number(number))
            for number, count in counts.items()
            if count > 1
        ]

    def _find_letters(self, numbers):
        """Return the registered letters of the user's companies with these numbers."""
        return self.env["dunning.delivery"].search(
            Domain("tracking_number", "in", numbers)
            & Domain("channel", "=", "registered_letter")
            & Domain("company_id", "in", self.env.companies.ids)
        )

    def _refuse(self, errors):
        """Refuse a list as a whole.

        :raise UserError: there are errors
        """
        if errors:
            raise UserError(
                "\n".join([self.env._("Nothing was recorded. Correct this:"), *errors])
            )
