def migrate(cr, version):
    """Accountants read disputes: the rule that lets them is for reading alone now.

    Rules are not updated with the module, as they may have been adapted; the new one
    for collectors came with it.
    """
    cr.execute(
        """UPDATE ir_rule rule SET perm_write = FALSE
             FROM ir_model_data data
            WHERE data.module = 'account_dunning_scenario'
              AND data.name = 'dunning_dispute_rule_accountant'
              AND data.model = 'ir.rule' AND data.res_id = rule.id"""
    )
