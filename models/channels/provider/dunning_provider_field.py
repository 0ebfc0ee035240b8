from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Our names, by direction; a provider that uses them needs no line.
NAMES = {
    "request": (
        "reference",
        "recipient_name",
        "recipient_email",
        "recipient_phone",
        "is_professional",
        "sender_name",
        "subject",
        "text",
        "document_name",
        "document",
    ),
    "answer": ("reference", "state", "date", "notice_date", "proof", "reason"),
    "state": ("accepted", "refused", "unclaimed", "failed"),
}


LONGEST_NAME = 200
MAX_LEVELS = 10


class DunningProviderField(models.Model):
    """Name that a provider gives to a field of ours, or to a result."""

    _name = "dunning.provider.field"
    _description = "Field Name at a Provider"
    _inherit = ["dunning.guard.mixin"]
    _order = "direction, id"

    provider_id = fields.Many2one(
        comodel_name="dunning.provider", required=True, index=True, ondelete="cascade"
    )
    direction = fields.Selection(
        selection=[
            ("request", "Sent to the provider"),
            ("answer", "Answered by the provider"),
            ("state", "Provider's name for a result"),
        ],
        default="request",
        required=True,
    )
    name = fields.Char(
        string="Our Name for It",
        required=True,
        help="Sent: reference, recipient_name, recipient_email, recipient_phone, "
        "is_professional, sender_name, subject, text, document_name, document. "
        "Answered: reference, state, date, notice_date, proof, reason. Results: "
        "accepted, refused, unclaimed, failed.",
    )
    external = fields.Char(
        string="Provider's Name for It",
        required=True,
        help="Dots separate levels: recipient.email.",
    )

    _named_once = models.UniqueIndex(
        "(provider_id, direction, name)", "Name each field only once per direction."
    )

    @api.constrains("direction", "name", "external")
    def _check_name(self):
        for field in self:
            if field.name not in NAMES[field.direction]:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is not one of our names. They are: %(names)s.",
                        name=field.name,
                        names=", ".join(NAMES[field.direction]),
                    )
                )
            if field._has_path_conflict():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot hold a value and other fields at once: give "
                        "one of them another name.",
                        name=field.external,
                    )
                )
            if not _is_name(field.external, field.direction):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is not a field name: it must be short and on one "
                        "line, with dots between levels, as in recipient.email.",
                        name=field.external[:LONGEST_NAME],
                    )
                )

    def _has_path_conflict(self):
        """Return whether a sent field is used both as a value and as a level."""
        if self.direction != "request":
            return False
        paths = {
            f"{self.provider_id._get_path(self.direction, name)}."
            for name in NAMES[self.direction]
        }
        return any(a != b and a.startswith(b) for a in paths for b in paths)


def _is_name(text, direction):
    """Return whether a text can be a provider's name: one line of visible signs; for a
    field, in a few levels."""
    if len(text) > LONGEST_NAME or not text.isprintable() or not text.strip():
        return False
    levels = text.split(".")
    return direction == "state" or (all(levels) and len(levels) <= MAX_LEVELS)
