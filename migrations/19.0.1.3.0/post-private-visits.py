from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Make the meetings of visits private, as new ones are: they contain the customer's
    debts, and all colleagues could read them."""
    if not table_exists(cr, "calendar_event"):
        return
    cr.execute(
        """UPDATE calendar_event meeting SET privacy = 'private'
             FROM ir_model model
            WHERE model.id = meeting.res_model_id AND model.model = 'dunning.action'
              AND meeting.privacy IS DISTINCT FROM 'private'"""
    )
