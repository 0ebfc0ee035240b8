"""Preparation of a test database, see `prepared.py` and `prepared_claims.py`."""

import json

from odoo.models import BaseModel
from odoo.sql_db import Cursor
from odoo.tests import freeze_time

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from . import prepared_claims
from .common import DunningCommon, day
from .prepared import ASIDE, PARAMETER

COUNT = 3
# Before the first day of all stories.
MADE_ON = "2026-01-01 10:00:00"


class _Preparation(DunningCommon):
    """The set-up of a class, kept and committed."""

    @classmethod
    def _keep_all(cls):
        before = set(vars(cls))
        AccountTestInvoicingCommon.setUpClass.__func__(cls)
        attributes = {
            name: cls._keep(value)
            for name, value in vars(cls).items()
            if name not in before and _is_data(value)
        }
        prepared = {"user": cls.env.uid, "attributes": attributes}
        cls._commit_parameter(PARAMETER, json.dumps(prepared))
        kept = cls._post_claim_to_copy()
        Cursor.rollback(cls.cr)
        cls._commit_parameter(prepared_claims.PARAMETER, kept)

    @classmethod
    def _post_claim_to_copy(cls):
        cls.scenario = cls.env["dunning.scenario"]
        customer = cls._create_customer("Azur Interior")
        circumstances = prepared_claims.read_circumstances(cls.env, customer)
        claim = cls._post_claim(day("02-20"), prepared_claims.AMOUNT, customer)
        return prepared_claims.keep(cls.env, claim, circumstances)

    @classmethod
    def _commit_parameter(cls, name, value):
        parameters_sudo = cls.env["ir.config_parameter"].sudo()
        parameters_sudo.set_param(name, value)
        cls.env.flush_all()
        # Test classes must not commit, and their cursors refuse to.
        Cursor.commit(cls.cr)


def _is_data(value):
    is_records = isinstance(value, dict) and all(map(_is_data, value.values()))
    return is_records or value is None or isinstance(value, (BaseModel, int, str))


def prepare(env):
    """Make the data of PreparedAccounting, the invoice that claims are copied from, and
    companies to be taken, and commit."""
    companies = env["res.company"].create(
        [{"name": f"{ASIDE} {number}"} for number in range(COUNT)]
    )
    for company in companies:
        charts = env["account.chart.template"]
        charts.try_loading("generic_coa", company=company, install_demo=False)
    env.cr.commit()
    with freeze_time(MADE_ON):
        try:
            _Preparation._keep_all()
        finally:
            _Preparation.doClassCleanups()
