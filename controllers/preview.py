from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route

RECORDS = ("company_id", "action_id", "step_id", "partner_id")


class PreviewController(Controller):
    @route("/account_dunning_scenario/preview", type="http", auth="user")
    def preview(self, channel, download=False, **parameters):
        """Print the letter that a customer would get; nothing is kept of it.

        :param parameters: ids of company, action or step, customer, see
            `dunning.step.preview`, which checks the user's rights
        """
        values = {
            name: int(parameters[name]) for name in RECORDS if parameters.get(name)
        }
        previews = request.env["dunning.step.preview"]
        previews.check_access("create")
        try:
            content = previews.new({**values, "channel": channel})._rehearse()
        except UserError as error:
            return request.make_response(str(error), [("Content-Type", "text/plain")])
        if not content.get("document"):
            return request.not_found()
        headers = [("Content-Type", "application/pdf")]
        if download:
            name = content["attachments"][0][0]
            headers.append(("Content-Disposition", content_disposition(name)))
        return request.make_response(content["document"], headers)
