"""Checks of the records that a caller refers to, in a form's values or default values.

Computed fields show data of these records, often read as superuser: related fields,
stored figures. The caller must be allowed to read the records before anything is
computed.
"""

from odoo import Command
from odoo.exceptions import UserError
from odoo.orm.identifiers import NewId

LINKING = (Command.LINK, Command.UPDATE)


def check_named(records, values):
    """Refuse values that refer to records which the user may not read.

    Values already on a saved record are not checked: a form may show more than its user
    may open, such as the journal items of a dispute.

    :param records: the saved records that the values are for, or none
    :param values: {field name: value}, as given to `onchange`, `create` and `write`
    :raise AccessError: a record is not readable
    :raise UserError: a value is no record id
    """
    if records.env.su or not isinstance(values, dict):
        return
    for name, value in values.items():
        field = records._fields.get(name)
        if value and field and field.relational and _is_checked(records, field):
            known = records.mapped(name)
            if field.type == "many2one":
                _check_many2one(known, value)
            else:
                _check_commands(known, value)


def get_named_ids(value):
    """Return the ids of the saved lines in the commands of a list."""
    ids = []
    for command in value if isinstance(value, (list, tuple)) else ():
        if not isinstance(command, (list, tuple)):
            ids.append(command)
        elif len(command) > 2 and command[0] == Command.SET:
            ids += command[2] or ()
        elif len(command) > 1 and command[0] not in (Command.CREATE, Command.CLEAR):
            ids.append(command[1])
    return [id_ for id_ in ids if isinstance(id_, int) and id_]


def _is_checked(records, field):
    """Return whether a field is checked here: not if the model checks it itself, nor
    for computed users, since colleagues of other companies may be in charge of shared
    customers."""
    if field.name in getattr(records, "_checked_otherwise", ()):
        return False
    return not (field.compute and field.comodel_name == "res.users")


def _check_many2one(known, value):
    if isinstance(value, dict):  # the form of a line sends what its owner's form holds
        shown = _browse(known, [value["id"]] if value.get("id") else [])
        _check_shown(known, shown)
        check_named(shown, value)
    elif isinstance(value, (int, NewId)) and not isinstance(value, bool):
        _check_shown(known, _browse(known, [value]))


def _check_commands(known, value):
    """Check the lines of a list's commands, and the values given for each."""
    shown, said = [], []
    for command in value if isinstance(value, (list, tuple)) else ():
        if isinstance(command, dict):
            said.append((known.browse(), command))
        elif not isinstance(command, (list, tuple)):
            shown.append(command)
        elif command[0] == Command.CREATE:
            said.append((known.browse(), command[2]))
        elif command[0] in LINKING:
            shown.append(command[1])
            if command[0] == Command.UPDATE:
                said.append((_browse(known, [command[1]]), command[2]))
        elif command[0] == Command.SET:
            shown += command[2] or ()
    _check_shown(known, _browse(known, shown))
    for line, values in said:
        check_named(line, values)


def _browse(known, ids):
    """Return the saved records of these ids.

    :raise UserError: one is no id; the database would understand text as well
    """
    if any(isinstance(id_, bool) or not isinstance(id_, (int, NewId)) for id_ in ids):
        raise UserError(
            known.env._("there is no such record: choose one from the list.")
        )
    return known.browse(ids)._origin


def _check_shown(known, shown):
    """Refuse records that are neither on the field already nor readable by the user."""
    others = shown - known._origin
    if others._name == "res.company":
        others._dunning_check_allowed()
    elif others:
        others.check_access("read")
