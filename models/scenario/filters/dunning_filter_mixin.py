from markupsafe import escape

from odoo import fields, models
from odoo.fields import Domain

from ...setup.guard.guard import by_code

ACTIVITY_TYPE = "account_dunning_scenario.mail_activity_type_mend_filter"
GROUP_MANAGER = "account_dunning_scenario.dunning_group_manager"


class DunningFilterMixin(models.AbstractModel):
    """Base of records with a filter in `domain`, which are not applied while it is
    broken: the managers are told once, and once more when it breaks again.

    A model gives the record for the activity and the message about the effect.
    """

    _name = "dunning.filter.mixin"
    _description = "Follow-Up Filter"

    filter_problem = fields.Char(
        copy=False,
        readonly=True,
        help="Reason why the filter cannot be used; customers who reach it wait.",
    )
    # Each company plans for itself: the one that found a problem also finds it solved.
    filter_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Filter Problem of",
        copy=False,
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )

    def write(self, vals):
        """Clear the problem when the filter is written: a new filter has been tried."""
        if "domain" in vals:
            vals = {**vals, "filter_problem": False, "filter_company_id": False}
        result = super().write(vals)
        if "domain" in vals:
            self._close_filter_tasks()
        return result

    # ---- hooks -----------------------------------------------------------------------

    def _get_filter_path(self):
        """Return the name of the field with the record for the activity."""
        raise NotImplementedError

    def _get_filter_document(self):
        return self[self._get_filter_path()]

    def _tell_filter_problem(self):
        """Return the problem, its cause and a remedy, in the language of the
        context."""
        raise NotImplementedError

    # ---- business --------------------------------------------------------------------

    def _register_filters(self, company, broken):
        """Record which of these filters cannot be used, and tell the managers about new
        ones.

        :param company: res.company that applied the filters
        :param broken: {record: reason as text}
        """
        companies = (company, company.browse())
        # sudo: a broken filter is recorded whoever finds it
        records_sudo = self.sudo()
        mended = records_sudo.filtered(
            lambda record: (
                record.filter_problem
                and record not in broken
                and record.filter_company_id in companies
            )
        )
        mended.write({"filter_problem": False, "filter_company_id": False})
        mended._close_filter_tasks()
        for record in records_sudo:
            if record in broken and not record.filter_problem:
                record.write(
                    {
                        "filter_problem": broken[record],
                        "filter_company_id": company.id,
                    }
                )
                record._create_filter_tasks(company)

    def _create_filter_tasks(self, company):
        self.ensure_one()
        document = self._get_filter_document()
        for user in self._get_filter_managers(company):
            record = self.with_context(lang=user.lang)
            quiet = by_code(document).with_context(mail_activity_quick_update=True)
            quiet.activity_schedule(
                ACTIVITY_TYPE,
                company._dunning_today(),
                note=escape(record._tell_filter_problem()),
                user_id=user.id,
            )

    def _get_filter_managers(self, company):
        """Return the collection managers who work in a company."""
        return self.env.ref(GROUP_MANAGER).all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _close_filter_tasks(self):
        """Delete the activities of filters without a problem."""
        documents = self._get_filter_document()
        if not documents:
            return
        left = self.sudo().search(
            Domain("filter_problem", "!=", False)
            & Domain(self._get_filter_path(), "in", documents.ids)
        )
        documents -= left._get_filter_document()
        # sudo: activities of other managers, about solved problems
        documents.sudo().activity_unlink([ACTIVITY_TYPE])

    def _get_filter_problems(self):
        """Return the current filter problems for the user's companies, a sentence
        each."""
        found = self.search([("filter_problem", "!=", False)])
        return [record._tell_filter_problem() for record in found]
