from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...setup.guard.guard import by_code

SCORES = (1, 2, 3, 4, 5)
QUESTION = "account_dunning_scenario.mail_satisfaction"
# Ways in which a customer answers somebody in person.
SPOKEN_SOURCES = ("call", "visit")


class DunningAction(models.Model):
    """How satisfied the customer is, once per contact (S0-11): said on the phone, on
    a visit, or by a link in a message, in Odoo's ratings whatever the way."""

    _inherit = "dunning.action"

    # Odoo stores it; the planner writes actions without computing anything.
    rating_last_value = fields.Float(store=False)
    satisfaction = fields.Integer(
        copy=False,
        aggregator=None,
        help="From 1, not at all satisfied, to 5, very satisfied; 0: not said.",
    )
    satisfaction_words = fields.Text(string="In the Customer's Words", copy=False)
    satisfaction_date = fields.Date(
        string="Satisfaction Said On",
        copy=False,
        help="The company's day of the last answer about the satisfaction.",
    )
    satisfaction_html = fields.Html(
        string="Question About the Satisfaction",
        compute="_compute_satisfaction_html",
        compute_sudo=True,
        sanitize=False,
        help="How satisfied the customer is, with links to answer; empty in letters, "
        "and in all but thanks.",
    )

    @api.depends("kind", "rating_ids.access_token")
    @api.depends_context("lang", "dunning_channel")
    def _compute_satisfaction_html(self):
        """The keys of the links were given by `_ensure_keys`."""
        asking = self.filtered(lambda action: action._asks_satisfaction())
        (self - asking).satisfaction_html = False
        for action in asking:
            values = {"action": action, "url": action._get_rating_url()}
            is_ready = action.rating_ids
            action.satisfaction_html = is_ready and self.env["ir.qweb"]._render(
                QUESTION, values
            )

    def _asks_satisfaction(self):
        return self.kind == "thanks" and not self._is_letter()

    # ---- answer ----------------------------------------------------------------------

    def _register_satisfaction(self, score, words=None, source="call"):
        """Keep what a customer said about their satisfaction at a contact.

        Once per action: a second answer corrects the first. A call under way has
        taken place: it is performed.

        :param score: 1 (not at all satisfied) to 5 (very satisfied)
        :param words: of the customer, plain text
        :param source: code of `dunning_source` of rating.rating
        :return: the rating.rating of the action
        :raise UserError: there is no such score
        """
        self.ensure_one()
        self.check_access("write")
        self._check_score(score)
        action_sudo = self.sudo()  # the journal is written by methods only
        rating = action_sudo._get_ratings()
        rating.dunning_source = source
        if source in SPOKEN_SOURCES:
            action_sudo._perform_call_under_way()
        return action_sudo.rating_apply(score, rating=rating, feedback=words)

    @api.model
    def _is_score(self, score):
        return score in SCORES

    def _check_score(self, score):
        if not self._is_score(score):
            raise UserError(
                self.env._(
                    "Satisfaction is a whole number from 1 (not at all satisfied) to 5 "
                    "(very satisfied)."
                )
            )

    def rating_apply(self, rate, token=None, rating=None, feedback=None, **kwargs):
        """Every answer comes through here, also those of Odoo's own pages: keep it on
        the action, with what follows from it, then tell it in the chatter.

        :raise AccessError: called in the customer's place
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Only the customer rates a contact: note what they say by “Note "
                    "Answer”."
                )
            )
        words = (feedback or "").strip() or False
        if (rate, words) != (self.satisfaction, self.satisfaction_words):
            self._apply_satisfaction(round(rate), words)
        return super().rating_apply(
            rate, token=token, rating=rating, feedback=words, **kwargs
        )

    def _apply_satisfaction(self, score, words):
        """Write a new answer of today on the action."""
        return self.write(
            {
                "satisfaction": score,
                "satisfaction_words": words,
                "satisfaction_date": self.company_id._dunning_today(),
            }
        )

    # ---- who rates whom --------------------------------------------------------------

    def _rating_get_partner(self):
        """The contact who is written to or called, else the customer."""
        return self.contact_id or self.partner_id

    def _rating_get_operator(self):
        """The collector, else the salesperson."""
        users = self._get_collector() | self.salesperson_id
        return users[:1].partner_id

    def _rating_get_access_token(self, partner=None):
        """One rating per action, answered or not, whoever follows the link."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._get_ratings().access_token  # sudo: as in Odoo's own

    def _get_rating_url(self):
        """Return the page on which the customer answers, without the score."""
        return f"{self.get_base_url()}/rate/{self.rating_ids.access_token}"

    def _ensure_keys(self):
        """The messages that ask for the satisfaction link to its answers."""
        result = super()._ensure_keys()
        self.sudo().filtered(lambda a: a._asks_satisfaction())._get_ratings()
        return result

    def _get_ratings(self):
        """Return the ratings of the actions; those missing are made, all at once."""
        missing = self - self.rating_ids.dunning_action_id
        model_id = self.env["ir.model"]._get_id(self._name)
        by_code(self.env["rating.rating"]).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": action.id,
                    "partner_id": action._rating_get_partner().id,
                    "rated_partner_id": action._rating_get_operator().id,
                    "is_internal": False,
                }
                for action in missing
            ]
        )
        return self.rating_ids
