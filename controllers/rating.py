from odoo.http import request, route

from odoo.addons.rating.controllers.main import Rating

from ..models.answers.page.page_form import read_id
from .customer_page import (
    answer_busy,
    answer_gone,
    is_barred,
    is_key,
    is_worn,
    keep_private,
)

ACTION = "dunning.action"
PAGE = "account_dunning_scenario.satisfaction_page"
REFUSED_PAGE = "rating.rating_external_page_invalid_partner"
# Longer than any real answer; a link may become known to many.
WORDS_LENGTH = 2000


class RatingController(Rating):
    """Odoo's rating pages adapted to follow-up: five scores, the asking company, the
    reader's language. Opening a page records nothing, as in Odoo."""

    # Odoo's own address, except for the score: a huge number would fail before this
    # method is called.
    @route("/rate/<string:token>/<string:rate>")
    def action_open_rating(self, token, rate, **_kwargs):
        if is_barred():
            return answer_busy()
        rating, action_sudo = self._find_rating_and_record(token)
        if not rating:
            return answer_gone()
        if action_sudo._name != ACTION:
            return super().action_open_rating(token, read_id(rate))
        if is_worn(token):
            return answer_busy()
        return self._render_satisfaction(rating, action_sudo, read_id(rate))

    @route()
    def action_submit_rating(self, token, rate=0, feedback="", **_kwargs):
        if is_barred():
            return answer_busy()
        rating, action_sudo = self._find_rating_and_record(token)
        if not rating:
            return answer_gone()
        if action_sudo._name != ACTION:
            return super().action_submit_rating(token, rate=rate, feedback=feedback)
        if is_worn(token):
            return answer_busy()
        score = int(rate) if rate in ("1", "2", "3", "4", "5") else 0
        is_sent = request.httprequest.method == "POST"
        if not is_sent or not action_sudo._is_score(score) or self._is_stranger(rating):
            return self._render_satisfaction(rating, action_sudo, 0, is_missing=is_sent)
        # A file instead of text is ignored.
        words = feedback if isinstance(feedback, str) else ""
        words = words.replace("\0", "")[:WORDS_LENGTH]
        action_sudo._register_satisfaction(score, words, source="email")
        return self._render_satisfaction(rating, action_sudo, score, is_sent=True)

    def _find_rating_and_record(self, token):
        """Return the rating of a key and its record, or two empty values."""
        # sudo: the visitor has no user; the key gives the right
        ratings_sudo = request.env["rating.rating"].sudo()
        if is_key(token):
            ratings_sudo = ratings_sudo.search([("access_token", "=", token)], limit=1)
        record_sudo = ratings_sudo and ratings_sudo.env.get(ratings_sudo.res_model)
        if record_sudo is None or not ratings_sudo:
            return None, None
        record_sudo = record_sudo.browse(ratings_sudo.res_id).exists()
        return (ratings_sudo, record_sudo) if record_sudo else (None, None)

    def _render_satisfaction(self, rating, action_sudo, score, **values):
        if self._is_stranger(rating):
            return keep_private(
                request.render(
                    REFUSED_PAGE,
                    {
                        "model_name": request.env["ir.model"]._get(ACTION).display_name,
                        "name": action_sudo.company_id.name,
                        "web_base_url": rating.get_base_url(),
                    },
                )
            )
        lang = (rating.partner_id or action_sudo.partner_id)._dunning_get_lang(
            action_sudo.company_id
        )
        request.update_context(lang=lang)
        return keep_private(
            request.render(
                PAGE,
                {
                    "company": action_sudo.company_id,
                    "rating": rating,
                    "score": score,
                    "html_data": {"lang": lang.replace("_", "-")},
                    **values,
                },
            )
        )

    def _is_stranger(self, rating):
        """Return whether the user logged in does not belong to this customer: a
        colleague who follows the link in the customer's chatter."""
        user = request.env.user
        customer = rating.partner_id.commercial_partner_id
        return not user._is_public() and user.commercial_partner_id != customer
