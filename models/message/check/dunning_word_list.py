from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .message_check import compile_words

# Limits of a list: every message is compared with all words at once.
MOST_WORDS = 2_000
LONGEST_WORDS = 200
# Kinds that are looked for in every language.
COST_KINDS = ("cost", "borne")


class DunningWordList(models.Model):
    """List of words for the message check, by language and kind of fault.

    Words match as a whole, whatever their case, accents and plural.
    """

    _name = "dunning.word.list"
    _description = "Word List"
    _inherit = ["dunning.shared.mixin"]
    _order = "lang, kind"
    _rec_name = "kind"

    lang = fields.Char(
        string="Language",
        required=True,
        help="Code of the language, such as en or fr.",
    )
    kind = fields.Selection(
        selection=[
            ("subject", "Forbidden in a subject"),
            ("court", "Sounds like a court"),
            ("request", "Asks for something"),
            ("aside", "Not a request after all"),
            ("denial", "Supposes an oversight"),
            ("earlier", "Mentions earlier messages"),
            ("cost", "Recovery costs"),
            ("borne", "Costs borne by the creditor"),
        ],
        required=True,
        help="A message should make one request only: sentences with request words are "
        "counted, except those that begin with a condition or close a letter. "
        "Recovery costs may not be asked of consumers, unless the sentence leaves "
        "them to the creditor.",
    )
    words = fields.Text(required=True, help="One word or group of words per line.")

    _list_once = models.UniqueIndex(
        "(lang, kind)", "A list of this kind already exists for this language."
    )

    @api.constrains("lang")
    def _check_lang(self):
        for words in self:
            if not (words.lang.isalpha() and words.lang.islower()):
                raise ValidationError(
                    self.env._(
                        "“%(lang)s” is not the code of a language: enter two or three "
                        "lower-case letters, such as en or fr.",
                        lang=words.lang,
                    )
                )

    @api.constrains("words")
    def _check_words(self):
        for words in self:
            lines = words.words.splitlines()
            if len(lines) > MOST_WORDS or any(len(li) > LONGEST_WORDS for li in lines):
                raise ValidationError(
                    self.env._(
                        "A list has %(most)s lines at most, of %(longest)s characters "
                        "each: one word or group of words per line.",
                        most=MOST_WORDS,
                        longest=LONGEST_WORDS,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_patterns(self):
        """Return {language: {kind: pattern}}, see `compile_words`."""
        patterns = {}
        # sudo: forbidden words are no secret
        for words in self.sudo().search([("lang", "!=", False)]):
            of_lang = patterns.setdefault(words.lang, {})
            of_lang[words.kind] = compile_words(words.words.splitlines())
        return patterns

    @api.model
    def _get_words(self, lang):
        """Return {kind: pattern} of a language, empty if it has no list.

        :param lang: code such as fr_FR
        """
        return self._get_patterns().get((lang or "en").split("_")[0], {})

    @api.model
    @tools.ormcache()
    def _get_cost_words(self):
        """Return {kind: pattern} of the words for recovery costs, and for costs borne
        by the creditor, in all languages."""
        # sudo: as above
        lists = self.sudo().search([("kind", "in", COST_KINDS)]).grouped("kind")
        return {
            kind: compile_words("\n".join(of_kind.mapped("words")).splitlines())
            for kind, of_kind in lists.items()
        }
