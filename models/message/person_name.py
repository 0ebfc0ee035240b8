"""Names of contacts: who is a person, and how they are addressed."""

import re
import unicodedata

TITLES = {
    "ms": "fr frau madame mademoiselle miss mlle mme mrs ms sig.ra signora sra".split(),
    "mr": "herr hr m mister monsieur mr sig signor sr".split(),
}
TITLE_OF_WORD = {word: title for title, words in TITLES.items() for word in words}
# Parts of names of departments and functions, in the languages of western Europe,
# without accents.
DEPARTMENT = re.compile(
    r"""\b(?: account(?:s|ing|ancy)? | achats? | acquisti | administra\w+ | agence
        | amministrazione | attn | attention | billing | branch | buchhaltung | bureau
        | cabinet | centr[eo] | commercial | compra[s]? | compta(?:bilite)?
        | contabili\w+ | contas | contact | credit | creditors | debiteur\w*
        | debitor\w* | departement | department | dept | direction | einkauf | equipe
        | facturation | facturacion | fatturazione | finances? | finanz\w*
        | fournisseurs? | gestion
        | helpdesk | info | invoic\w+ | kreditor\w* | logisti\w+ | mairie | office
        | payables? | payments? | perception | proveedores | purchas\w+ | receivables?
        | rechnung\w* | reception | reglements? | secretaria\w+ | secretary | service
        | services | siege | support | team | tesoreria | treasury | tresor\w*
        | vendite | ventas | verwaltung | zahlung\w* )\b""",
    re.VERBOSE,
)
MOST_WORDS = 6


def split_name(name):
    """Return the title of a person and the name that goes with it.

    :return: `ms`, `mr` or False; the family name after a title, else the whole name
        of a person, else an empty text: a department or a company's address

    >>> split_name("Mme Claire Martin"), split_name("M. Jean de la Tour")
    (('ms', 'Martin'), ('mr', 'de la Tour'))
    >>> split_name("James Harwood"), split_name("MARTIN Claire")
    ((False, 'James Harwood'), (False, 'MARTIN Claire'))
    >>> split_name("Service comptabilité"), split_name("Accounts Payable")
    ((False, ''), (False, ''))
    >>> split_name("Service des finances, à l’attention de Mme Martin")
    (False, '')
    >>> split_name("Comptabilité"), split_name("Warehouse 12"), split_name("")
    ((False, ''), (False, ''), (False, ''))
    """
    words = (name or "").replace(",", " , ").split()
    title = TITLE_OF_WORD.get(words[0].rstrip(".").lower(), False) if words else False
    if title:
        return title, get_family_name(" ".join(words[1:]))
    plain = _strip_accents(" ".join(words)).lower()
    is_person = (
        2 <= len(words) <= MOST_WORDS
        and not re.search(r"[\d,;:/@&()]", plain)
        and not DEPARTMENT.search(plain)
    )
    return False, " ".join(words) if is_person else ""


def get_family_name(name):
    """Return the family name of a person: what is written in capitals, else all but the
    first word.

    >>> get_family_name("MARTIN Claire"), get_family_name("Claire DE LA TOUR")
    ('MARTIN', 'DE LA TOUR')
    >>> get_family_name("Marie-Antoinette de la Rochefoucauld"), get_family_name("Ng")
    ('de la Rochefoucauld', 'Ng')
    """
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals)
    return " ".join(words[1:] or words)


def get_given_name(name):
    """Return the first name of a person, empty for a name of one word.

    >>> get_given_name("MARTIN Claire"), get_given_name("Marie-Ange de la Tour")
    ('Claire', 'Marie-Ange')
    >>> get_given_name("Ng")
    ''
    """
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return next(word for word in words if word not in capitals)
    return words[0] if words[1:] else ""


def _strip_accents(text):
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))
