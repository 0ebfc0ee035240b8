def migrate(cr, version):
    """Make the channel costs, single figures so far, valid from the beginning. By SQL,
    since the column that held them is dropped."""
    cr.execute(
        """SELECT 1 FROM information_schema.columns
            WHERE table_name = 'res_company'
              AND column_name = 'dunning_channel_costs'"""
    )
    if not cr.fetchone():
        return
    cr.execute(
        """INSERT INTO dunning_channel_cost (company_id, channel, date_from, amount)
           SELECT company.id, cost.key, DATE '2000-01-01', cost.value::numeric
             FROM res_company company,
                  jsonb_each_text(company.dunning_channel_costs) cost
            WHERE cost.value::numeric > 0
           ON CONFLICT DO NOTHING"""
    )
    cr.execute("ALTER TABLE res_company DROP COLUMN dunning_channel_costs")
