import re

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request

# No address has them; the database and the headers of an answer refuse them.
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class IrHttp(models.AbstractModel):
    """Tells the web client what it needs from its first moment on; answers addresses
    that nothing can have."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Find nothing at an address with control characters: a link of ours that was
        tampered with is not found, instead of failing in what Odoo does about it."""
        if CONTROLS.search(path_info):
            raise NotFound
        return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        """Serve nothing at such an address either."""
        if CONTROLS.search(request.httprequest.path):
            return None
        return super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        """Drop a parameter `self` of the address, which no method of Python could be
        given beside its own: every page that takes any parameter would fail by it."""
        request.params.pop("self", None)
        return super()._dispatch(endpoint)

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
