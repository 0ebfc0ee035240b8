import re

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request

# No valid address has them; the database and the response headers refuse them.
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class IrHttp(models.AbstractModel):
    """Extend the requests with data for the web client and with answers to invalid
    addresses."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Answer “not found” to addresses with control characters, such as a link that
        was tampered with, before Odoo fails on them."""
        if CONTROLS.search(path_info):
            raise NotFound
        return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        """Serve nothing at an address with control characters."""
        if CONTROLS.search(request.httprequest.path):
            return None
        return super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        """Drop a parameter `self` from the address: it would clash with the `self` of
        every page that takes any parameter."""
        request.params.pop("self", None)
        return super()._dispatch(endpoint)

    def session_info(self):
        """Add `dunning_channels`: name, icon and colour of each, for `getChannel`; and
        `dunning_dispatches`: the progress of the user's sendings, unless dismissed."""
        info = super().session_info()
        user = self.env.user
        if user._is_internal():
            channels = self.env["dunning.channel"].with_context(lang=user.lang)
            info["dunning_channels"] = channels._get_looks()
            info["dunning_dispatches"] = self.env["dunning.dispatch"]._get_unseen()
        return info
