# Input of `odoo shell`: the accounting data that tests share; `tests/prepared.py` says
# what it is.
from odoo.addons.account_dunning_scenario.tests.prepared import prepare

prepare(env)  # noqa: F821
print("world made")
