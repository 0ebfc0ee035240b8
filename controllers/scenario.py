from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route


class ScenarioController(Controller):
    @route(
        "/account_dunning_scenario/scenario/<int:scenario_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def export(self, scenario_id):
        """Download a scenario as a file; the user's rights decide which."""
        scenario = request.env["dunning.scenario"].browse(scenario_id)
        try:
            content = scenario._export_json()
        except (AccessError, MissingError):
            return request.not_found()
        except UserError as error:
            return request.make_response(str(error), [("Content-Type", "text/plain")])
        name = f"{scenario.name.replace('/', '-')}.json"
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers)
