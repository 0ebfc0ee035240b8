"""What the journals name is what they keep: the letter that was printed, the e-mail
that was sent, the proof of its receipt."""

OUR_MODELS = "dunning."


def find_named(records):
    """Return those of the records that a journal names in a field which only methods
    write.

    :param records: of a model of Odoo's own, such as ir.attachment
    """
    found = records.browse()
    for name, model in records.env.registry.items():
        form_fields = getattr(model, "_form_fields", None)
        if form_fields is None or model._abstract:
            continue
        for field in model._fields.values():
            is_naming = field.store and field.comodel_name == records._name
            if not is_naming or field.type == "one2many" or field.name in form_fields:
                continue
            # sudo: whoever may not read the journal must not change it either
            journal_sudo = records.env[name].sudo().with_context(active_test=False)
            naming = journal_sudo.search([(field.name, "in", records.ids)])
            found |= naming[field.name].with_env(records.env) & records
    return found
