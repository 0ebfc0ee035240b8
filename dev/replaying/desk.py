"""Staff of the company: confirms, calls and posts all prepared actions."""

from datetime import datetime, time

from odoo.tools import split_every

from odoo.addons.account_dunning_scenario.models.setup.guard.guard import SEAL

# Later than any send hour, and still the same day.
EVENING = time(23, 59)
PRINTED = ("letter", "registered_letter")
ELECTRONIC = "electronic_registered_letter"
BATCH_SIZE = 50


class Desk:
    """Perform every prepared action on its day.

    :param env: environment of the company
    :param scenario: dunning.scenario of all customers
    :param is_printing: whether letters are composed, to be printed at the end
    """

    def __init__(self, env, scenario, is_printing=False):
        self.env = env(context={**env.context, "dunning_skip_pdf": SEAL})
        self.scenario = scenario
        self.is_printing = is_printing
        self.letters = {}
        # Nothing is left to the scheduled jobs, and nothing leaves the machine.
        env["ir.cron"].search([]).active = False

    def configure(self, spacing=0, minimum=0, is_business_days_only=False):
        """Apply the fixed settings of a replay, and the given ones."""
        self.env.company.write(
            {
                "dunning_is_live": True,
                "dunning_scenario_id": self.scenario.id,
                "dunning_go_live_date": False,
                "dunning_books_max_age": 0,
                "dunning_is_quiet": False,
                "dunning_min_days_between_contacts": spacing,
            }
        )
        providers = self.env["dunning.provider"]
        if not providers._find(self.env.company, ELECTRONIC):
            providers.create({"name": "Replay", "service": ELECTRONIC})
        self.scenario.write(
            {
                "amount_minimum": minimum,
                "is_business_days_only": is_business_days_only,
                "min_days_between_contacts": 0,
            }
        )

    def work(self, day):
        """Plan a day; confirm, deliver, call and post all of it on the same day."""
        actions = self.env["dunning.planner"]._plan(self.env.company, day)
        waiting = actions.filtered(lambda action: action.state == "to_confirm")
        if waiting:
            waiting.action_confirm()
        actions._deliver(datetime.combine(day, EVENING))
        self._call(actions)
        self._hand_over(actions, day)
        self._decide(actions)
        self._post(actions)
        self._send_mails(actions)

    def _call(self, actions):
        calls = actions.delivery_ids.activity_id
        if calls:
            calls.action_feedback(feedback="Reached, agreed to pay.")

    def _hand_over(self, actions, day):
        """Stand in for the provider of electronic registered letters."""
        actions.delivery_ids.submission_ids._register_sent(day)

    def _decide(self, actions):
        """Let the committee decide at once to continue."""
        cases = actions.delivery_ids.committee_case_id
        cases.write({"decision": "carry_on", "decision_reason": "Goes on."})
        for case in cases:
            case.action_decide()

    def _post(self, actions):
        """Post the letters, composed with the day's figures and printed at the end,
        many at once."""
        posted = actions.filtered(lambda action: action.state == "in_progress")
        for code in PRINTED if self.is_printing else ():
            letters = posted.filtered(
                lambda action, code=code: code in action.delivery_ids.mapped("channel")
            )
            if letters:
                channel = self.env["dunning.channel"]._get(code)
                self.letters |= channel._compose(letters)
        if posted:
            posted.action_mark_posted()

    def _send_mails(self, actions):
        """Stand in for the mail server: mails in Odoo's queue would be withdrawn when a
        claim is paid later."""
        actions.delivery_ids.mail_mail_id.state = "sent"

    def print_letters(self):
        """Print the letters of all days; yield each batch of deliveries when
        printed."""
        # They have no scripts to wait for.
        self.env["ir.config_parameter"].set_param("report.print_delay", "50")
        actions = self.env["dunning.action"].union(*self.letters)
        posted = actions.delivery_ids.filtered(
            lambda way: way.channel in PRINTED and way._is_performed()
        )
        for code, letters in posted.grouped("channel").items():
            channel = self.env["dunning.channel"]._get(code)
            for batch in split_every(BATCH_SIZE, letters.ids, letters.browse):
                channel._print_letters(batch, self.letters)
                yield batch

    def bind_letters(self):
        """Return one PDF of all printed letters, in the order they were posted."""
        press = self.env["dunning.press"]
        batches = self.env["dunning.action"].union(*self.letters)
        batches = batches.delivery_ids.batch_attachment_id.sorted("id")
        return press._merge(batches.mapped("raw"))
