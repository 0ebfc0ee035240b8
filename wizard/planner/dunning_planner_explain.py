from odoo import api, fields, models


class DunningPlannerExplain(models.TransientModel):
    """Explain the follow-up of an open item on a day, rule by rule.

    It shows the planner's own answers; nothing is decided here.
    """

    _name = "dunning.planner.explain"
    _description = "Follow-Up Explained"
    _inherit = ["dunning.wizard.mixin"]

    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Open Items",
        default=lambda self: self._default_item_ids(),
    )
    day = fields.Date(
        string="Planned as of",
        required=True,
        default=lambda self: self._default_day(),
    )
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.model
    def _default_item_ids(self):
        return self.env["account.move.line"].browse(self.env.context.get("active_ids"))

    @api.model
    def _default_day(self):
        company = self._default_item_ids().company_id[:1] or self.env.company
        return company._dunning_today()

    @api.depends("item_ids", "day")
    def _compute_body(self):
        for wizard in self:
            wizard.body = self.env["ir.qweb"]._render(
                "account_dunning_scenario.dunning_explanation",
                {"answers": wizard._get_answers()},
            )

    def _get_answers(self):
        """Return the planner's answers, with the records they name."""
        items = self.item_ids._origin.sorted(lambda item: item.company_id.id)
        answers = self.env["dunning.planner"]._explain(items, self.day)
        told = self.env["dunning.explainer"]._tell_answers(answers, self.day)
        return [
            self._prepare_answer(answer, told[answer["move_line_id"]])
            for answer in answers
        ]

    def _get_value(self, answer, rule):
        """Return the value that decided a rule, unless the lines above show it
        already."""
        if rule["code"] in ("scenario", "step"):
            return ""
        return self.env["dunning.explainer"]._format_value(answer, rule)

    def _prepare_answer(self, answer, sentence):
        explainer = self.env["dunning.explainer"]
        steps = self.env["dunning.step"]
        item = self.env["account.move.line"].browse(answer["move_line_id"])
        return {
            "item": item,
            "due_date": item._dunning_due_date(),
            "scenario": self.env["dunning.scenario"].browse(answer["scenario_id"]),
            "source": explainer._get_source_label(answer["scenario_source"]),
            "position": steps.browse(answer["position_step_id"]),
            "next_step": steps.browse(answer["next_step_id"]),
            "trigger_date": answer["trigger_date"],
            "fresh_start": answer["counted_from"]
            and explainer._get_fresh_start(answer),
            "sentence": sentence,
            "rules": [
                {**rule, "value": self._get_value(answer, rule)}
                for rule in answer["rules"]
            ],
            "is_due": self.env["dunning.planner"]._is_due(answer),
        }
