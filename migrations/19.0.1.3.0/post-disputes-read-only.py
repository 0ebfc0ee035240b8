def migrate(cr, version):
    """Make the accountants' rule on disputes read-only.

    Rules are not updated with the module, as they may have been adapted; the new rule
    for collectors is created by the update.
    """
    cr.execute(
        """UPDATE ir_rule rule SET perm_write = FALSE
             FROM ir_model_data data
            WHERE data.module = 'account_dunning_scenario'
              AND data.name = 'dunning_dispute_rule_accountant'
              AND data.model = 'ir.rule' AND data.res_id = rule.id"""
    )
