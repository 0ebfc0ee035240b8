import re

MASK = "xxx"
# Parts of an address, plain or quoted within another one (https%3A%2F%2F…).
SLASH = r"(?:/|%2F)"
PART = r"(?:[\w.~-]|%(?!2F|3F|26|22|27)[0-9A-F]{2})+"
KEYS = re.compile(
    rf"""(?P<path>{SLASH}my{SLASH}follow-up{SLASH}\d+{SLASH}   # a customer's page
          |{SLASH}rate{SLASH}                                  # a vote
         )(?P<key>{PART})""",
    re.IGNORECASE | re.VERBOSE,
)
# An invoice: its key stands anywhere behind the first part of the address. Looked for
# step by step: whoever writes us an e-mail may repeat the beginning ten thousand times.
ADDRESS = re.compile(r"""[^\s"'<>]+""")
INVOICE = re.compile(rf"{SLASH}(?:my|payment){SLASH}", re.IGNORECASE)
TOKEN = re.compile(rf"(?P<path>access_token(?:=|%3D)){PART}", re.IGNORECASE)


def hide_keys(text):
    """Return a text or markup whose links into our pages open nothing any more: the
    key of each, which lets in whoever has it, is masked.

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
