from odoo.http import request, route

from odoo.addons.rating.controllers.main import Rating

ACTION = "dunning.action"
PAGE = "account_dunning_scenario.satisfaction_page"
REFUSED_PAGE = "rating.rating_external_page_invalid_partner"
# More than anybody types; a link may be known to many.
WORDS_LENGTH = 2000


class RatingController(Rating):
    """Odoo's pages to rate, for follow-up: five scores, the company that asks, the
    reader's language. Looking at a page counts for nothing, as in Odoo's own."""

    @route()
    def action_open_rating(self, token, rate, **kwargs):
        rating, action_sudo = self._get_rating_and_record(token)
        if action_sudo._name != ACTION:
            return super().action_open_rating(token, rate, **kwargs)
        return self._render_satisfaction(rating, action_sudo, rate)

    @route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        rating, action_sudo = self._get_rating_and_record(token)
        if action_sudo._name != ACTION:
            return super().action_submit_rating(token, rate=rate, **kwargs)
        score = int(rate) if str(rate).isdecimal() else 0
        is_sent = request.httprequest.method == "POST"
        if not is_sent or not action_sudo._is_score(score) or self._is_stranger(rating):
            return self._render_satisfaction(rating, action_sudo, 0, is_missing=is_sent)
        words = kwargs.get("feedback", "")[:WORDS_LENGTH]
        action_sudo._register_satisfaction(score, words, source="email")
        return self._render_satisfaction(rating, action_sudo, score, is_sent=True)

    def _render_satisfaction(self, rating, action_sudo, score, **values):
        if self._is_stranger(rating):
            return request.render(
                REFUSED_PAGE,
                {
                    "model_name": request.env["ir.model"]._get(ACTION).display_name,
                    "name": action_sudo.display_name,
                    "web_base_url": rating.get_base_url(),
                },
            )
        lang = action_sudo._get_reader_langs()[action_sudo]
        request.update_context(lang=lang)
        return request.render(
            PAGE,
            {
                "company": action_sudo.company_id,
                "rating": rating,
                "score": score,
                "html_data": {"lang": lang.replace("_", "-")},
                **values,
            },
        )

    def _is_stranger(self, rating):
        """Tell whether somebody is logged in who is not of this customer: a colleague
        who follows the link in the customer's chatter."""
        user = request.env.user
        customer = rating.partner_id.commercial_partner_id
        return not user._is_public() and user.commercial_partner_id != customer
