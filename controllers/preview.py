from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route

from ..models.answers.page.page_form import read_id
from .customer_page import keep_private

RECORDS = ("company_id", "action_id", "step_id", "partner_id")


class PreviewController(Controller):
    """Page with the PDF of a previewed letter."""

    @route(
        "/account_dunning_scenario/preview", type="http", auth="user", methods=["GET"]
    )
    def preview(self, channel="", download="", **parameters):
        """Print the letter of a preview, without keeping it.

        :param parameters: ids of company, action or step, customer, see
            `dunning.step.preview`, which checks the user's rights
        """
        previews = request.env["dunning.step.preview"]
        previews.check_access("create")
        values = self._read_values(channel, parameters)
        if not values:
            return request.not_found()
        try:
            content = previews.new(values)._rehearse()
        except (AccessError, MissingError):
            return request.not_found()
        except UserError as error:
            return self._answer(str(error), [("Content-Type", "text/plain")])
        if not content.get("document"):
            return request.not_found()
        headers = [("Content-Type", "application/pdf")]
        if download:
            name = content["attachments"][0][0]
            headers.append(("Content-Disposition", content_disposition(name)))
        return self._answer(content["document"], headers)

    def _read_values(self, channel, parameters):
        """Return the values of a preview, empty if a channel or an id is invalid."""
        values = {"channel": channel}
        for name in RECORDS:
            if text := parameters.get(name):
                values[name] = read_id(text)
        channels = dict(request.env["dunning.channel"]._get_selection())
        return values if channel in channels and all(values.values()) else None

    def _answer(self, content, headers):
        """Return the PDF in a way that the viewer, a page of this server, may show
        it."""
        return keep_private(request.make_response(content, headers), framed=True)
