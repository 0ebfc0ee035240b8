"""Test database: the module installed in a copy of the template."""

import hashlib
import json

from .base import DATA_DIR, LOCAL, ROOT, say
from .database import (
    create_database,
    database,
    drop_database,
    exists,
    psql,
    rename_database,
)
from .odoo import (
    ensure_template,
    install_module,
    pregenerate_assets,
    prepare_world,
)

STAMP = LOCAL / "test-database.json"
# Modules that ours uses if they are installed, and does without otherwise.
OPTIONAL = ["calendar"]
# These folders do not change what is installed.
NOT_INSTALLED = {"dev", "tests", "Makefile", "pytest.ini"}
ASSET_COLUMNS = (
    "name, type, url, mimetype, res_model, res_id, public, store_fname, file_size,"
    " checksum, create_uid, write_uid, create_date, write_date"
)


def fingerprint():
    """Return a hash of the files that the test database is made of."""
    rows = []
    for top in sorted(ROOT.iterdir()):
        if top.name in NOT_INSTALLED or top.name.startswith("."):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                rows.append(_stamp(path))
    rows += map(_stamp, sorted((ROOT / "tests").glob("prepare*.py")))
    return hashlib.sha1(repr(rows).encode()).hexdigest()


def _stamp(path):
    return str(path), path.stat().st_mtime_ns, path.stat().st_size


def ensure_test_database():
    """Make the test database match the module on disk.

    It is made anew whenever an installed file changed, never updated: data of an older
    state of the module could hide a mistake.
    """
    template = ensure_template()
    stamp = {"template": template, "module": fingerprint()}
    if exists("test") and STAMP.exists() and json.loads(STAMP.read_text()) == stamp:
        return database("test")
    say("installing the module in a new test database")
    STAMP.unlink(missing_ok=True)
    draft = create_database("test_draft", template=template)
    install_module(draft, also=OPTIONAL)
    if exists("test"):
        carry_assets(database("test"), draft)
        drop_database("test")
    say("building the asset bundles")
    pregenerate_assets(draft)
    prepare_world(draft)
    name = rename_database(draft, "test")
    STAMP.write_text(json.dumps(stamp))
    return name


def carry_assets(source, target):
    """Take over asset bundles of another database; outdated ones are replaced later.

    A bundle is found again by its address, which holds a hash of its files.
    """
    rows = psql(
        f"SELECT to_jsonb(a) FROM (SELECT {ASSET_COLUMNS} FROM ir_attachment"
        " WHERE url LIKE '/web/assets/%' AND store_fname IS NOT NULL) a",
        source,
    )
    if not rows:
        return
    literal = "[" + ",".join(rows).replace("'", "''") + "]"
    psql(
        f"INSERT INTO ir_attachment ({ASSET_COLUMNS}) SELECT {ASSET_COLUMNS}"
        f" FROM jsonb_populate_recordset(NULL::ir_attachment, '{literal}')",
        target,
    )
    for row in map(json.loads, rows):
        old, new = (
            DATA_DIR / "filestore" / name / row["store_fname"]
            for name in (source, target)
        )
        if old.exists() and not new.exists():
            new.parent.mkdir(parents=True, exist_ok=True)
            new.hardlink_to(old)
