# Input of `odoo shell`: companies with a chart of accounts; `tests/common.py` uses
# them.
COUNT = 3

companies = env["res.company"].create(  # noqa: F821
    [{"name": f"Put aside for tests {number}"} for number in range(COUNT)]
)
for company in companies:
    charts = env["account.chart.template"]  # noqa: F821
    charts.try_loading("generic_coa", company=company, install_demo=False)

env.cr.commit()  # noqa: F821
print("companies made")
