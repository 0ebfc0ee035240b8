from markupsafe import escape

from odoo import fields, models
from odoo.fields import Domain

from ...setup.guard.guard import by_code

ACTIVITY_TYPE = "account_dunning_scenario.mail_activity_type_mend_filter"
GROUP_MANAGER = "account_dunning_scenario.dunning_group_manager"


class DunningFilterMixin(models.AbstractModel):
    """What has a filter in `domain`, and cannot be applied as long as that filter
    cannot: the managers are told once, and once more when it happens again.

    A model names the record that their task is about, and says what does not happen.
    """

    _name = "dunning.filter.mixin"
    _description = "Follow-Up Filter"

    filter_problem = fields.Char(
        copy=False,
        readonly=True,
        help="Why the filter cannot be used; whoever comes to it waits.",
    )
    # Each company plans for itself: the one that found a problem finds that it is gone.
    filter_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Filter Problem of",
        copy=False,
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )

    def write(self, vals):
        """A filter that is written anew was tried: what was wrong with it is over."""
        if "domain" in vals:
            vals = {**vals, "filter_problem": False, "filter_company_id": False}
        result = super().write(vals)
        if "domain" in vals:
            self._close_filter_tasks()
        return result

    # ---- hooks -----------------------------------------------------------------------

    def _get_filter_path(self):
        """Return the field that leads to the record that the task is about."""
        raise NotImplementedError

    def _get_filter_document(self):
        return self[self._get_filter_path()]

    def _tell_filter_problem(self):
        """Say in the language of the context what does not happen, why, and what to do
        about it."""
        raise NotImplementedError

    # ---- business --------------------------------------------------------------------

    def _register_filters(self, company, broken):
        """Note which of these filters cannot be used, and tell the managers of those
        that are new.

        :param company: res.company that has applied these filters
        :param broken: {record: why, in words}
        """
        companies = (company, company.browse())
        # sudo: what cannot be applied does not depend on who finds out
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
        """Return the managers of the follow-up who work in a company."""
        return self.env.ref(GROUP_MANAGER).all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _close_filter_tasks(self):
        """Take back the tasks about what has no problem any more."""
        documents = self._get_filter_document()
        if not documents:
            return
        left = self.sudo().search(
            Domain("filter_problem", "!=", False)
            & Domain(self._get_filter_path(), "in", documents.ids)
        )
        documents -= left._get_filter_document()
        # sudo: tasks of other managers, about nothing any more
        documents.sudo().activity_unlink([ACTIVITY_TYPE])

    def _get_filter_problems(self):
        """Return what does not happen because of a filter, a sentence each, for the
        companies of the user."""
        found = self.search([("filter_problem", "!=", False)])
        return [record._tell_filter_problem() for record in found]
