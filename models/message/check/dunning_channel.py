from odoo import models

from ...setup.guard.guard import get_sealed
from .message_advice import ADVICE


class DunningChannel(models.AbstractModel):
    """Extend channels with the check that every message must pass."""

    _inherit = "dunning.channel"

    def _find_faults(self, actions, texts):
        """Return {action: list of Finding} of the messages that may not leave.

        A user's decision to send is respected, as the user was warned before; only
        texts forbidden by law towards consumers are always refused. With the sealed
        context `dunning_findings`, a dict, nothing is refused and the findings are
        stored in it as {action id: findings} (previews).

        :param actions: dunning.action that leave by this channel
        :param texts: {action: {`subject`, `body_html`}} as the reader gets them; a
            spoken or short message has `body` as text, and no `subject`
        """
        checker = self.env["dunning.message.checker"]
        shown = get_sealed(self.env, "dunning_findings")
        if shown is None:
            checked = actions.filtered(lambda action: action._is_automatic())
            found = checker._check_costs(actions - checked, texts)
        else:
            checked, found = actions, {}
        templates = {action: self._get_message_template(action) for action in checked}
        found |= checker._check(checked, texts, templates)
        if shown is not None or self._channel_is_overheard:
            for action, advice in checker._advise(checked, texts).items():
                told = [f for f in advice if shown is not None or f.code not in ADVICE]
                if told:
                    found[action] = found.get(action, []) + told
        if shown is None:
            return found
        shown.update({action.id: found[action] for action in found})
        return {}

    def _get_message_template(self, action):
        """Return the template of an action's message, empty for a user's own text."""
        if action.mail_body:
            return self.env["mail.template"]
        return self._get_step_template(action.step_id)

    def _get_step_template(self, step):
        """Return the step's template for this channel."""
        return step.mail_template_id
