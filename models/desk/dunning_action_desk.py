from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..setup.bounds import read_domain
from ..setup.guard.guard import SEAL, is_sealed


class DunningAction(models.Model):
    """Extend the action with the fields and buttons of the review desk."""

    _inherit = "dunning.action"

    is_to_post = fields.Boolean(
        string="To Post",
        compute="_compute_is_to_post",
        help="A printed letter is to be posted.",
    )
    batch_attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letters of the Batch",
        compute="_compute_batch_attachment_id",
    )

    @api.depends("delivery_ids.state", "delivery_ids.channel")
    def _compute_is_to_post(self):
        to_post = self._get_printed_deliveries().action_id
        for action in self:
            action.is_to_post = action in to_post

    @api.depends("delivery_ids.batch_attachment_id")
    def _compute_batch_attachment_id(self):
        for action in self:
            deliveries = action.delivery_ids.filtered(lambda d: d.state != "cancelled")
            action.batch_attachment_id = deliveries.batch_attachment_id[-1:]

    # ---- ORM -------------------------------------------------------------------------

    def write(self, vals):
        """Tick actions whose text was personalised: saving the text means sending
        it."""
        result = super().write(vals)
        if vals.get("mail_body") and not is_sealed(self.env, "dunning_drafting"):
            self.filtered(
                lambda action: (
                    action.state == "to_confirm"
                    and action.untick_reason == "personalise"
                )
            ).action_tick()
        return result

    # ---- figures ---------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_desk_summary(self, domain, with_coverage=True):
        """Return the figures above the desk's list, for the user's companies.

        :param domain: of the list, its filters included
        :param with_coverage: whether to search for forgotten customers, too; this reads
            all open items and does not depend on the ticks
        :return: dict: `count`, `ticked`, `failed`, `first` (actions with a dispute, a
            broken promise or a declaration), `declarations` (number to decide on, whose
            claims no action is prepared for), `amounts` of the ticked actions, one per
            currency (`currency_id`, `amount`); for collectors, else False, `coverage`,
            see dunning.coverage, and `troubles`: texts of current problems and jobs
        """
        domain = read_domain(self, domain)
        summary = {"count": 0, "ticked": 0, "failed": 0}
        amounts = defaultdict(float)
        groups = self._read_group(
            domain,
            ["state", "is_ticked", "company_id"],
            ["__count", "amount_total:sum"],
        )
        for state, is_ticked, company, count, amount in groups:
            summary["count"] += count
            if state == "failed":
                summary["failed"] += count
            elif state == "to_confirm" and is_ticked:
                summary["ticked"] += count
                amounts[company.currency_id] += amount
        first = domain & Domain("first_reason", "!=", False)
        summary["first"] = self.search_count(first)
        summary["declarations"] = self._count_declarations()
        summary["amounts"] = [
            {"currency_id": currency.id, "amount": currency.round(amount)}
            for currency, amount in amounts.items()
        ]
        if with_coverage:
            is_collector = self.has_access("write")
            coverage = self.env["dunning.coverage"]
            summary["coverage"] = is_collector and coverage.get_summary()
            summary["troubles"] = is_collector and self._get_trouble_texts()
        return summary

    @api.model
    def _count_declarations(self):
        """Return the number of declarations to decide on that the user may see."""
        new = Domain("state", "=", "new")
        own = Domain("company_id", "in", self.env.companies.ids)
        return self.env["dunning.declaration"].search_count(new & own)

    @api.model
    def _get_trouble_texts(self):
        """Return the texts of all problems that keep the desk incomplete."""
        texts = self.env["dunning.trouble"]._get_texts()
        planner = self.env["dunning.planner"]
        if busy := planner._filter_being_planned(self.env.companies):
            texts.append(planner._get_busy_text(busy))
        return [
            *texts,
            *self.env["dunning.step"]._get_filter_problems(),
            *self.env["dunning.team.rule"]._get_filter_problems(),
            *self.env["dunning.delivery"]._get_put_off_texts(),
        ]

    # ---- buttons ---------------------------------------------------------------------

    def action_plan_today(self):
        """Prepare the actions of the day for the user's companies that are switched on.

        Called from the desk, whatever is selected there.

        :raise UserError: no company is switched on
        """
        self.check_access("write")
        self._check_any_live()
        planner = self.env["dunning.planner"]
        planned, busy = self.browse(), self.env["res.company"]
        for company in self.env.companies._dunning_live():
            if not planner._lock_company(company):
                busy |= company
                continue
            planned |= planner._plan(company, company._dunning_today())
            self.env["dunning.trouble"]._settle("plan", company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if busy else "success" if planned else "info",
                "title": self.env._("Planning of the day"),
                "message": self._get_planned_text(planned, busy),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_planned_text(self, planned, busy):
        """Return the result of planning on demand, in the user's words.

        :param planned: dunning.action records prepared
        :param busy: companies that another transaction is planning
        """
        texts = []
        if planned:
            texts.append(
                self.env._(
                    "%(count)s actions were prepared. They wait on the review desk, or "
                    "are sent automatically if their step says so.",
                    count=len(planned),
                )
            )
        if busy:
            texts.append(self.env["dunning.planner"]._get_busy_text(busy))
        return " ".join(texts) or self.env._(
            "Nothing new to prepare: every step due today is already on record."
        )

    def action_write_message(self):
        """Fill subject and message with the step's text, for the user to edit.

        :raise UserError: the step has no e-mail text, or the action has left
        """
        self.ensure_one()
        self._take(("to_confirm",), self.env._("edited"))
        template = self.step_id.mail_template_id
        if not template:
            raise UserError(
                self.env._(
                    "The step “%(step)s” has no e-mail text to start from. Write the "
                    "message yourself, or give the step a text.",
                    step=self.step_id.name or self.display_name,
                )
            )
        draft = self.env["dunning.channel"]._get(self.channel)._in_channel(self)
        draft._ensure_keys()
        texts = draft._render_texts({draft: template}, ("subject", "body_html"))[draft]
        return self.with_context(dunning_drafting=SEAL).write(
            {"mail_subject": texts["subject"], "mail_body": texts["body_html"]}
        )

    def action_edit_message(self):
        """Open the message in a dialog, filled with the text of the step if it is
        empty; saving it means sending it.

        :raise UserError: the step has no e-mail text, or the action has left
        """
        self.ensure_one()
        if not self.mail_body:
            self.action_write_message()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (
                    self.env.ref(
                        "account_dunning_scenario.dunning_action_view_form_message"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
        }

    def action_open_batch(self):
        """Open the file of merged letters that includes this one.

        :raise UserError: it was not printed, or others are still being printed
        """
        self.ensure_one()
        # sudo: users may not write the merged files, and choose nothing here
        letters = self._get_printed_deliveries().sudo()
        for letter in letters.filtered(lambda way: not way.batch_attachment_id):
            self.env["dunning.binder"].sudo()._bind_for(letter)
        attachment = self.batch_attachment_id
        if not attachment:
            raise UserError(self.env._("No letter was printed for this action yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}",
            "target": "new",
        }

    def action_explain(self):
        """Open the explanation of the items of these actions, rule by rule."""
        return self.line_ids.move_line_id.action_explain_dunning()
