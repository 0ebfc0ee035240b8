from odoo import models

from ..setup.trouble.guarded import guarded_reading


class MailThread(models.AbstractModel):
    """Extend the chatter with the noting of answers from its messages."""

    _inherit = "mail.thread"

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Add to the chatter's data whether answers may be noted from its messages."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if request_list and hasattr(self, "_may_note_answer"):
            for thread in self:
                with guarded_reading("tell whether an answer may be noted"):
                    values = {"mayNoteAnswer": thread._may_note_answer()}
                    store.add(thread, values, as_thread=True)
        return result
