from odoo import models

from ...setup.guard.guard import get_sealed


class DunningChannel(models.AbstractModel):
    """The check that every message passes before it leaves."""

    _inherit = "dunning.channel"

    def _find_faults(self, actions, texts):
        """Return {action: list of Finding} of the messages that may not leave.

        What a person decided to send is theirs: they were warned before; only what the
        law forbids towards a consumer is refused to everyone. Context
        `dunning_findings` (sealed): nothing is refused, the dict is given
        {action id: findings} (previews).

        :param actions: dunning.action that leave by this channel
        :param texts: {action: {`subject`, `body_html`}} as the reader would get them;
            a spoken or short message has `body` as text, and no `subject`
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
        if shown is None:
            return found
        shown.update({action.id: found[action] for action in found})
        return {}

    def _get_message_template(self, action):
        """Return the record whose text the message of an action is, none for what a
        person wrote."""
        if action.mail_body:
            return self.env["mail.template"]
        return self._get_step_template(action.step_id)

    def _get_step_template(self, step):
        """Return the text that this channel takes from a step."""
        return step.mail_template_id
