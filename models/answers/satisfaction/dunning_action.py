from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...setup.guard.guard import by_code

SCORES = (1, 2, 3, 4, 5)
QUESTION = "account_dunning_scenario.mail_satisfaction"
# Ways in which a customer answers in person.
SPOKEN_SOURCES = ("call", "visit")


class DunningAction(models.Model):
    """Extend the action with the customer's satisfaction, once per contact (S0-11):
    given on the phone, on a visit or by a link in a message, and kept in Odoo's
    ratings."""

    _inherit = "dunning.action"

    # Stored by default in Odoo; the planner writes actions without computing anything.
    rating_last_value = fields.Float(store=False)
    satisfaction = fields.Integer(
        copy=False,
        aggregator=None,
        help="From 1 (not at all satisfied) to 5 (very satisfied); 0: no answer.",
    )
    satisfaction_words = fields.Text(string="In the Customer's Words", copy=False)
    satisfaction_date = fields.Date(
        string="Satisfaction Answered On",
        copy=False,
        help="Day of the last answer about satisfaction, in the company's time zone.",
    )
    satisfaction_html = fields.Html(
        string="Satisfaction Question",
        compute="_compute_satisfaction_html",
        compute_sudo=True,
        sanitize=False,
        help="Satisfaction question with links to answer it; only in thanks, and never "
        "in letters.",
    )

    @api.depends("kind", "rating_ids.access_token")
    @api.depends_context("lang", "dunning_channel")
    def _compute_satisfaction_html(self):
        """Render the links with the keys made by `_ensure_keys`."""
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
        """Record the customer's satisfaction with a contact.

        Once per action: a second answer corrects the first. A call under way is
        marked as performed.

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
        """Record a rating, also one from Odoo's own pages, on the action with its
        effects, then log it in the chatter.

        :raise AccessError: called in the customer's place
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Only the customer rates a contact: note the answer with “Note "
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
        """Write today's answer to the action."""
        return self.write(
            {
                "satisfaction": score,
                "satisfaction_words": words,
                "satisfaction_date": self.company_id._dunning_today(),
            }
        )

    # ---- ratings ---------------------------------------------------------------------

    def _rating_get_partner(self):
        """Return the contact who is written to or called, else the customer."""
        return self.contact_id or self.partner_id

    def _rating_get_operator(self):
        """Return the collector, else the salesperson."""
        users = self._get_collector() | self.salesperson_id
        return users[:1].partner_id

    def _rating_get_access_token(self, partner=None):
        """Return the key of the action's only rating, whoever follows the link."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._get_ratings().access_token  # sudo: as in Odoo's own method

    def _get_rating_url(self):
        """Return the address of the page on which the customer answers, without the
        score."""
        return f"{self.get_base_url()}/rate/{self.rating_ids.access_token}"

    def _ensure_keys(self):
        """Make the keys of the links in messages that ask for the satisfaction."""
        result = super()._ensure_keys()
        self.sudo().filtered(lambda a: a._asks_satisfaction())._get_ratings()
        return result

    def _get_ratings(self):
        """Return the ratings of the actions, creating all missing ones at once."""
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
