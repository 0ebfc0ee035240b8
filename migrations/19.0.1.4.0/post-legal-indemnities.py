def migrate(cr, version):
    """Move the recovery indemnities, so far among the legal rates, to a table of their
    own: those of a period or an amount other than the delivered one."""
    cr.execute(
        """INSERT INTO dunning_legal_indemnity (currency_id, band_currency_id,
                  amount_from, amount, date_from, date_to, source)
           SELECT euro.res_id, euro.res_id, 0, rate.value, rate.date_from,
                  rate.date_to, rate.source
             FROM dunning_legal_rate rate
             JOIN ir_model_data euro ON euro.module = 'base' AND euro.name = 'EUR'
            WHERE rate.reference = 'indemnity'
           ON CONFLICT (COALESCE(country_id, 0), currency_id, amount_from, date_from)
           DO UPDATE SET amount = EXCLUDED.amount, date_to = EXCLUDED.date_to"""
    )
    cr.execute(
        """DELETE FROM ir_model_data data USING dunning_legal_rate rate
            WHERE data.model = 'dunning.legal.rate' AND data.res_id = rate.id
              AND rate.reference = 'indemnity'"""
    )
    cr.execute("DELETE FROM dunning_legal_rate WHERE reference = 'indemnity'")
