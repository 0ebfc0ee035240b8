from odoo import models


class DunningChannel(models.AbstractModel):
    """Extend the channel with its use for answers."""

    _inherit = "dunning.channel"

    def _get_answering(self, is_written):
        """Return the code of the most likely channel of an answer: the first that the
        system writes by, else the first that people speak by; False if there is none.

        :param is_written: whether the answer was written

        :param is_written: whether the answer is
        """
        wanted = ("sent", "written") if is_written else ("human", "spoken")
        return next(
            (
                look["code"]
                for look in self._get_looks()
                if (look["nature"], look["family"]) == wanted
            ),
            False,
        )
