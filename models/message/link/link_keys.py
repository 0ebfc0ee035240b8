import re

MASK = "xxx"
# Parts of a URL, plain or quoted within another one (https%3A%2F%2F…).
SLASH = r"(?:/|%2F)"
PART = r"(?:[\w.~-]|%(?!2F|3F|26|22|27)[0-9A-F]{2})+"
KEYS = re.compile(
    rf"""(?P<path>{SLASH}f{SLASH}(?=[\w-]{{20}})              # a customer's page
          |{SLASH}my{SLASH}follow-up{SLASH}\d+{SLASH}          # in earlier messages
          |{SLASH}rate{SLASH}                                  # a vote
         )(?P<key>{PART})""",
    re.IGNORECASE | re.VERBOSE,
)
# An invoice: its key may be anywhere after the first part of the URL. The search is
# step by step: an e-mail from outside may repeat that part ten thousand times.
ADDRESS = re.compile(r"""[^\s"'<>]+""")
INVOICE = re.compile(rf"{SLASH}(?:my|payment){SLASH}", re.IGNORECASE)
TOKEN = re.compile(rf"(?P<path>access_token(?:=|%3D)){PART}", re.IGNORECASE)


def hide_keys(text):
    """Return a text or markup with the access keys of its links to our pages masked, so
    that they open nothing.

    Other links with a key are left alone, such as those of pictures in an e-mail.
    """
    text = KEYS.sub(rf"\g<path>{MASK}", str(text or ""))
    return ADDRESS.sub(_hide_token, text)


def _hide_token(address):
    text = address.group()
    invoice = INVOICE.search(text)
    if not invoice:
        return text
    return text[: invoice.end()] + TOKEN.sub(rf"\g<path>{MASK}", text[invoice.end() :])
