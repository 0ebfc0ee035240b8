def migrate(cr, version):
    """Switch on the companies that already follow up.

    The switch belongs to the nearest company with its own set-up, else to the root.
    """
    cr.execute(
        """UPDATE res_company setup SET dunning_is_live = TRUE
            WHERE setup.id IN (
                  SELECT (SELECT holder.id
                            FROM res_company holder
                           WHERE company.parent_path LIKE holder.parent_path || '%'
                             AND (holder.dunning_is_own_setup
                                  OR holder.parent_id IS NULL)
                           ORDER BY LENGTH(holder.parent_path) DESC
                           LIMIT 1)
                    FROM res_company company
                   WHERE EXISTS (SELECT 1 FROM dunning_action action
                                  WHERE action.company_id = company.id
                                    AND action.performed_date IS NOT NULL))"""
    )
