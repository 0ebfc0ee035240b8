import re

MASK = "xxx"
# Parts of an address, plain or quoted within another one (https%3A%2F%2F…).
SLASH = r"(?:/|%2F)"
PART = r"(?:[\w.~-]|%(?!2F|3F|26|22|27)[0-9A-F]{2})+"
REST = r"""[^\s"'<>]*?"""
KEYS = re.compile(
    rf"""(?P<path>{SLASH}my{SLASH}follow-up{SLASH}\d+{SLASH}   # a customer's page
          |{SLASH}rate{SLASH}                                  # a vote
          |{SLASH}(?:my|payment){SLASH}{REST}access_token(?:=|%3D)  # an invoice
         )(?P<key>{PART})""",
    re.IGNORECASE | re.VERBOSE,
)


def hide_keys(text):
    """Return a text or markup whose links into our pages open nothing any more: the
    key of each, which lets in whoever has it, is masked.

    Other links with a key are left alone, such as those of pictures in an e-mail.
    """
    return KEYS.sub(rf"\g<path>{MASK}", str(text or ""))
