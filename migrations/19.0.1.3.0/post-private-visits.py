from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Meetings of visits say what the customer owes, and all colleagues could read it:
    they are private now, for whoever makes the visit, as new ones are."""
    if not table_exists(cr, "calendar_event"):
        return
    cr.execute(
        """UPDATE calendar_event meeting SET privacy = 'private'
             FROM ir_model model
            WHERE model.id = meeting.res_model_id AND model.model = 'dunning.action'
              AND meeting.privacy IS DISTINCT FROM 'private'"""
    )
