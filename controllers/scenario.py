from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route

from ..models.answers.page.page_form import read_id
from .customer_page import keep_private


class ScenarioController(Controller):
    """Download of scenarios."""

    @route(
        "/account_dunning_scenario/scenario/<string:scenario_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, scenario_id):
        """Download a scenario as a file, with the user's own rights."""
        scenario = request.env["dunning.scenario"].browse(read_id(scenario_id))
        if not scenario.exists():
            return request.not_found()
        try:
            content = scenario._export_json()
        except (AccessError, MissingError):
            return request.not_found()
        except UserError as error:
            headers = [("Content-Type", "text/plain")]
            return keep_private(request.make_response(str(error), headers))
        name = f"{scenario.name.replace('/', '-')}.json"
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return keep_private(request.make_response(content, headers))
