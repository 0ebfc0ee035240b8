from lxml import etree

from odoo import models

from ..setup.guard.guard import get_sealed

# Context keys on which the compiled code of a text depends, besides the language.
COMPILED_FOR = ("raise_on_forbidden_code_for_model", "preserve_comments")


class IrQweb(models.AbstractModel):
    """Compile a text of ours once for all its readers, instead of once for each."""

    _inherit = "ir.qweb"

    def _compile(self, template):
        """Reuse compiled code from the sealed context `dunning_compiled`."""
        compiled = get_sealed(self.env, "dunning_compiled")
        if compiled is None or not isinstance(template, etree._Element):
            return super()._compile(template)
        context_keys = (*self._get_template_cache_keys(), *COMPILED_FOR)
        values = (self.env.context.get(key) for key in context_keys)
        key = (etree.tostring(template), *values)
        if key not in compiled:
            compiled[key] = super()._compile(template)
        return compiled[key]
