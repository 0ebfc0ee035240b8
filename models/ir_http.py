from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the web client what it needs from its first moment on."""

    _inherit = "ir.http"

    def session_info(self):
        """Add `dunning_channels`: name, icon and colour of each, for `getChannel`; and
        `dunning_dispatches`: how far what the user sent is, unless it was put away."""
        info = super().session_info()
        user = self.env.user
        if user._is_internal():
            channels = self.env["dunning.channel"].with_context(lang=user.lang)
            info["dunning_channels"] = channels._get_looks()
            info["dunning_dispatches"] = self.env["dunning.dispatch"]._get_unseen()
        return info
