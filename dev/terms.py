"""Update the terms of the module: the template (.pot), then each language (.po).

The template is Odoo's export from the test database. A language keeps its translations,
loses obsolete terms and gets the new ones empty; these are printed for translation:
`make lint` refuses them until then.
"""

import sys

import polib
import stack
from check_terms import is_code
from devstack.base import LOCAL, MODULE, PYTHON, ROOT, StackError, lock, run, say
from devstack.odoo import write_config

FOLDER = ROOT / "i18n"
TEMPLATE = FOLDER / f"{MODULE}.pot"
# They would make each export differ from the last.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def export_template(db):
    """Write the template from a database in which the module is installed."""
    config = write_config("terms", db)
    words = [PYTHON, "-m", "odoo", "i18n", "export", MODULE, "-c", config, "-d", db]
    problem = "The terms could not be exported:"
    run([*words, "-l", "pot"], problem, log="terms.log", cwd=LOCAL)
    template = polib.pofile(str(TEMPLATE))
    for key in DATES:
        template.metadata.pop(key, None)
    template.save()
    return template


def merge(path, template):
    """Update a language to the template, keeping its translations.

    :return: the entries without translation
    """
    language = polib.pofile(str(path))
    known = {entry.msgid: entry for entry in language}
    language.clear()
    for entry in template:
        old = known.get(entry.msgid)
        language.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=_get_translation(entry, old),
                comment=entry.comment,
                tcomment=old.tcomment if old else "",
                occurrences=entry.occurrences,
                flags=old.flags if old else [],
            )
        )
    language.save()
    return language.untranslated_entries()


def _get_translation(entry, old):
    if is_code(entry):
        return entry.msgid
    return old.msgstr if old else ""


def main():
    """Export, merge, and list the missing translations."""
    stack.ensure()
    with lock():
        db = stack.ensure_test_database()
    say("exporting the terms")
    template = export_template(db)
    for path in sorted(FOLDER.glob("*.po")):
        missing = merge(path, template)
        say(f"{path.name}: {len(template)} terms, {len(missing)} to translate")
        for entry in missing:
            print(f"{path.name}:{entry.linenum}: {entry.msgid!r}")


if __name__ == "__main__":
    try:
        main()
    except (StackError, OSError) as error:
        sys.exit(f"error: {error}")
