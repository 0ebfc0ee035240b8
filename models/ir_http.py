from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the web client how the channels look."""

    _inherit = "ir.http"

    def session_info(self):
        """Add `dunning_channels`: name, icon and colour of each, for `getChannel`."""
        info = super().session_info()
        user = self.env.user
        if user._is_internal():
            channels = self.env["dunning.channel"].with_context(lang=user.lang)
            info["dunning_channels"] = channels._get_looks()
        return info
