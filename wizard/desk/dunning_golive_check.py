from odoo import api, models
from odoo.tools import format_date, formatLang

MODULE = "account_dunning_scenario"


class DunningGolive(models.TransientModel):
    """Extend the go-live with the state of its steps."""

    _inherit = "dunning.golive"

    @api.model
    def _get_codes(self):
        """Return the codes of the steps in their order; each has a method
        `_check_<code>`."""
        return [
            "scenario",
            "segments",
            "collector",
            "senders",
            "books",
            "letters",
            "start",
            "coverage",
            "dry_run",
        ]

    def _check(self, code):
        """Return the state of a step: dict `name`, `state`, `text`, `action`
        (xmlid)."""
        self.ensure_one()
        return getattr(self, f"_check_{code}")()

    def _get_step_action(self, code):
        action = self._check(code)["action"]
        if code == "dry_run":
            return self._get_dry_run_action()
        return self.env["ir.actions.act_window"]._for_xml_id(action)

    def _answer(self, name, state, text, action=None):
        return {"name": name, "state": state, "text": text, "action": action}

    # ---- the steps -------------------------------------------------------------------

    def _check_scenario(self):
        scenario = self.company_id._origin.dunning_scenario_id
        steps = scenario.step_ids.filtered("is_enabled")
        if scenario and steps:
            state = "done"
            text = self.env._(
                "“%(scenario)s” with %(count)s steps is used for customers without a "
                "scenario of their own.",
                scenario=scenario.name,
                count=len(steps),
            )
        else:
            state = "todo"
            text = self.env._("Choose the default scenario above: it needs steps.")
        name = self.env._("Default scenario")
        return self._answer(name, state, text, f"{MODULE}.dunning_scenario_action")

    def _check_segments(self):
        owing, sorted_count = self._get_segment_counts()
        text = self.env._(
            "%(count)s of %(total)s customers with open items have a segment; the "
            "others play the default scenario.",
            count=sorted_count,
            total=owing,
        )
        state = "done" if sorted_count else "advice"
        return self._answer(
            self.env._("Segments"), state, text, f"{MODULE}.res_partner_action_owing"
        )

    def _get_segment_counts(self):
        """Return the number of customers with open items, and of those with a
        segment."""
        Item = self.env["account.move.line"]
        company = self.company_id._origin
        domain = Item._get_dunning_open_domain(company, company._dunning_today())
        groups = Item._read_group(domain, ["partner_id"])
        customers = self.env["res.partner"].union(*(partner for (partner,) in groups))
        customers = customers.commercial_partner_id.with_company(company)
        return len(customers), len(customers.filtered("dunning_segment_id"))

    def _check_collector(self):
        collector = self.company_id._origin._dunning_default_collector()
        if collector:
            state = "done"
            text = self.env._(
                "%(name)s follows up the customers that have no collector of their "
                "own.",
                name=collector.name,
            )
        else:
            state = "todo"
            text = self.env._(
                "Choose a default collector above: otherwise nobody gets the calls to "
                "customers without a collector."
            )
        name = self.env._("Collectors")
        return self._answer(name, state, text, f"{MODULE}.dunning_team_action")

    def _check_senders(self):
        problem = self.env["ir.mail_server"]._get_dunning_problem()
        collector = self.company_id._origin._dunning_default_collector().partner_id
        people = collector | self.company_id.partner_id
        sender = people.filtered("email_normalized")[:1]
        if not sender:
            state = "todo"
            text = self.env._(
                "Neither the collector nor the company has an e-mail address to send "
                "from."
            )
        elif problem:
            state, text = "todo", problem
        else:
            state = "done"
            text = self.env._(
                "E-mails come from %(sender)s.", sender=sender.email_formatted
            )
        return self._answer(self.env._("Senders"), state, text)

    def _check_books(self):
        company = self.company_id._origin
        settings = self.env["dunning.planner"]._prepare(
            company, company._dunning_today()
        )
        newest = settings.newest_bank_date
        if not newest:
            text = self.env._(
                "There is no bank entry yet: nothing is sent automatically."
            )
        elif settings.is_stale:
            text = self.env._(
                "The latest bank entry is dated %(day)s: enter the later ones, so that "
                "no customer who has paid is reminded.",
                day=format_date(self.env, newest),
            )
        else:
            text = self.env._(
                "The latest bank entry is dated %(day)s.",
                day=format_date(self.env, newest),
            )
        state = "todo" if settings.is_stale else "done"
        action = "account.open_account_journal_dashboard_kanban"
        return self._answer(self.env._("Bank entries"), state, text, action)

    def _check_letters(self):
        steps = self.company_id._origin.dunning_scenario_id.step_ids.filtered(
            "is_enabled"
        )
        channels = set(
            steps.mapped("channel")
            + steps.mapped("second_channel")
            + steps.mapped("fallback_channel")
        )
        Channel = self.env["dunning.channel"]
        known = channels & set(Channel._get_codes())
        natures = {Channel._get_nature(code) for code in known}
        Report = self.env["ir.actions.report"]
        name = self.env._("Letters and calls")
        if natures & {
            "printed",
            "deposited",
        } and Report.get_wkhtmltopdf_state() not in (
            "ok",
            "workers",
        ):
            text = self.env._(
                "Letters cannot be printed: wkhtmltopdf is missing on the server. Ask "
                "your administrator."
            )
            return self._answer(name, "todo", text)
        text = self.env._("Letters can be printed, calls go to their collectors.")
        return self._answer(name, "done", text)

    def _check_start(self):
        intake = self.env["dunning.golive.intake"].new(
            {"company_id": self.company_id.id}
        )
        name = self.env._("Start and old claims")
        action = f"{MODULE}.dunning_golive_intake_action"
        if not intake.item_count:
            text = self.env._("All open claims are followed up, whatever their age.")
            return self._answer(name, "done", text, action)
        text = self.env._(
            "%(count)s old entries or opening balances (%(amount)s) are left out: take "
            "in those to be followed up.",
            count=intake.item_count,
            amount=intake.currency_id.format(intake.amount),
        )
        return self._answer(name, "advice", text, action)

    def _check_coverage(self):
        coverage = self.env["dunning.coverage"].with_context(
            allowed_company_ids=self.company_id.ids
        )
        summary = coverage.get_summary()
        text = self.env._(
            "%(percent)s %% of the customers with an overdue amount will be followed "
            "up, %(count)s are forgotten.",
            percent=formatLang(self.env, summary["percent"], digits=1),
            count=summary["forgotten"],
        )
        state = "advice" if summary["forgotten"] else "done"
        action = f"{MODULE}.res_partner_action_forgotten"
        return self._answer(self.env._("Nobody forgotten"), state, text, action)

    def _check_dry_run(self):
        run = self._get_last_dry_run()
        name = self.env._("Dry run")
        action = f"{MODULE}.dunning_dry_run_action"
        if run.state == "done":
            text = self.env._(
                "%(count)s contacts would be sent in %(days)s days.",
                count=run._get_figures()["contacts"],
                days=run.day_count,
            )
            return self._answer(name, "done", text, action)
        text = self.env._("Preview what would be sent before anything is.")
        return self._answer(name, "todo", text, action)

    # ---- dry run ---------------------------------------------------------------------

    def _get_last_dry_run(self):
        return self.env["dunning.dry.run"].search(
            [("company_id", "=", self.company_id.id), ("state", "!=", "draft")],
            order="id desc",
            limit=1,
        )

    def _get_dry_run_action(self):
        """Open the user's last dry run, else a new one."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"{MODULE}.dunning_dry_run_action"
        )
        return {**action, "res_id": self._get_last_dry_run().id}
