"""Demo database: demo data and the module, ready for today's run."""

import datetime
import json

from .base import LOCAL, say
from .database import (
    create_database,
    database,
    drop_database,
    exists,
    rename_database,
)
from .odoo import ensure_template, install_module, pregenerate_assets
from .testdb import carry_assets, fingerprint

STAMP = LOCAL / "demo-database.json"


def ensure_demo_database():
    """Make a fresh demo database, from today's copy if there is one.

    Demo data is dated relative to the day on which it is loaded.
    """
    template = ensure_template(demo=True)
    stamp = {
        "template": template,
        "module": fingerprint(),
        "day": str(datetime.date.today()),
    }
    fresh = STAMP.exists() and json.loads(STAMP.read_text()) == stamp
    if not (fresh and exists("demo_ready")):
        say("installing the module with its demo data")
        STAMP.unlink(missing_ok=True)
        draft = create_database("demo_draft", template=template)
        install_module(draft, "--with-demo", log="install-demo.log")
        for source in ("demo_ready", "test"):
            if exists(source):
                carry_assets(database(source), draft)
        drop_database("demo_ready")
        say("building the asset bundles")
        pregenerate_assets(draft, tests=False)
        rename_database(draft, "demo_ready")
        STAMP.write_text(json.dumps(stamp))
    return create_database("demo", template="demo_ready")
