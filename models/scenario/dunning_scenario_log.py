from contextlib import contextmanager

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models

from ..setup.guard.guard import SEAL, is_sealed

# Fields of a step in the change log.
LOGGED_FIELDS = (
    "name",
    "kind",
    "timing",
    "channel",
    "second_channel",
    "fallback_channel",
    "mode",
    "is_enabled",
    "is_last_resort",
    "send_hour",
    "mail_template_id",
    "letter_template_id",
    "sms_template_id",
    "tone",
    "request",
    "request_days",
    "call_attempts",
    "call_retry_delay",
    "call_retry_unit",
    "amount_from",
    "amount_to",
    "items_from",
    "items_to",
    "customer_size",
    "customer_area",
    "domain",
)


class DunningScenario(models.Model):
    """Extend scenarios with a change log of their steps in the chatter.

    Steps are compared by code: a played step that is moved is replaced by a copy, which
    the log shows as the same step.
    """

    _name = "dunning.scenario"
    _inherit = ["dunning.scenario", "mail.thread", "mail.activity.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Create scenarios without logging their first steps."""
        silent = self.with_context(dunning_film_logged=SEAL)
        scenarios = super(DunningScenario, silent).create(vals_list)
        return scenarios.with_env(self.env)

    def write(self, vals):
        with self._logging_film():
            silent = self.with_context(dunning_film_logged=SEAL)
            return super(DunningScenario, silent).write(vals)

    @contextmanager
    def _logging_film(self):
        """Log the changes made to the steps within the context, once for all."""
        # Nested in a logged change, or made by an installation.
        is_installing = self.env.uid == SUPERUSER_ID and self.env.context.get(
            "install_mode"
        )
        if is_installing or is_sealed(self.env, "dunning_film_logged"):
            yield
            return
        before = self._get_films()
        yield
        after = self._get_films()
        bodies = {
            scenario.id: changes
            for scenario in self
            if (changes := scenario._get_changes(before[scenario], after[scenario]))
        }
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)

    def _get_films(self):
        """Return {scenario: {step code: {field: value as text}}} of the active
        steps."""
        return {
            scenario: {
                step.code: {name: step._get_logged_text(name) for name in LOGGED_FIELDS}
                for step in scenario.step_ids.filtered("active")
            }
            for scenario in self
        }

    def _get_changes(self, before, after):
        """Return the changes between two states of the film, as a list for the chatter.

        :param before: film, see `_get_films`
        """
        added = [film["name"] for code, film in after.items() if code not in before]
        gone = [film["name"] for code, film in before.items() if code not in after]
        lines = [self.env._("Step added: %(step)s", step=name) for name in added]
        lines += [self.env._("Step withdrawn: %(step)s", step=name) for name in gone]
        for code in before.keys() & after.keys():
            lines += self._get_step_changes(before[code], after[code])
        common = [code for code in before if code in after]
        if common != [code for code in after if code in before]:
            lines.append(self.env._("Order of the steps changed"))
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        return lines and Markup("<ul>%s</ul>") % items

    def _get_step_changes(self, before, after):
        labels = self.env["dunning.step"].fields_get(LOGGED_FIELDS, ["string"])
        return [
            self.env._(
                "%(step)s: %(field)s %(old)s → %(new)s",
                step=after["name"],
                field=labels[name]["string"],
                old=before[name] or "–",
                new=after[name] or "–",
            )
            for name in LOGGED_FIELDS
            if before[name] != after[name]
        ]
