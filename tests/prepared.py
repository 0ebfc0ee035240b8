"""Accounting data made once per test database instead of once per class.

`make test` runs `prepare.py` when it builds the test database. Without it (another
test runner), each class makes its own, as Odoo's own tests do.
"""

import json

from odoo import Command, api
from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

PARAMETER = "tests_prepared.accounting"
# Name of companies with a chart of accounts that stories may take.
ASIDE = "Put aside for tests"


class PreparedAccounting(AccountTestInvoicingCommon):
    """Company, user, accounts, taxes and products of AccountTestInvoicingCommon."""

    @classmethod
    def setUpClass(cls):
        prepared = cls._read_prepared()
        if not prepared:
            super().setUpClass()
            return
        # What AccountTestInvoicingCommon and its bases make is in the database: only
        # the transaction of the class begins.
        super(BaseCommon, cls).setUpClass()  # pylint: disable=bad-super-call
        context = cls.default_env_context()
        cls.env = api.Environment(cls.cr, prepared["user"], context)
        for name, value in prepared["attributes"].items():
            setattr(cls, name, cls._revive(value))

    @staticmethod
    def _read_prepared():
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            return json.loads(env["ir.config_parameter"].get_param(PARAMETER, "{}"))

    @classmethod
    def _keep(cls, value):
        """Return records, and dictionaries of records, as what JSON can hold."""
        if isinstance(value, BaseModel):
            return {"model": value._name, "ids": value.ids}
        if isinstance(value, dict):
            return {"records": {name: cls._keep(v) for name, v in value.items()}}
        return {"value": value}

    @classmethod
    def _revive(cls, kept):
        if "model" in kept:
            return cls.env[kept["model"]].browse(kept["ids"])
        if "records" in kept:
            return {name: cls._revive(v) for name, v in kept["records"].items()}
        return kept["value"]

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "account_dunning_scenario.dunning_group_manager"
        )

    @classmethod
    def _create_company(cls, **values):
        """Take a company put aside with its chart of accounts, as loading one takes
        seconds; make one where there is none, or in another country."""
        aside = [("name", "=like", f"{ASIDE}%")]
        ready = cls.env["res.company"].search(aside, limit=1)
        if not ready or values.keys() - {"name"} or cls.country_code:
            return super()._create_company(**values)
        defaults = ready.default_get(["dunning_is_live"])
        ready.write({"name": "Test Company", **values, **defaults})
        ready.account_fiscal_country_id = cls.env.ref("base.us")
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready
