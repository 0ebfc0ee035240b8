from odoo.exceptions import UserError


class DeclarationError(UserError):
    """Refusal of a declaration, with the field to correct.

    :param field: name of the value, as `dunning.declaration._declare` takes it
    :param message: for the customer, translated
    :param index: place of the part of a promise, from 0; None for all other values
    """

    def __init__(self, field, message, index=None):
        super().__init__(message)
        self.field = field
        self.index = index
