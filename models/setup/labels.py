def get_labels(records, name):
    """Return the labels of a selection, in the language of the records.

    :param records: records of the model, may be empty
    :param name: name of the field
    :return: {value: label}
    """
    return dict(records._fields[name]._description_selection(records.env))
