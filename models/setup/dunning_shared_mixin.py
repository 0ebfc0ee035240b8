from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain


class DunningSharedMixin(models.AbstractModel):
    """Set-up records without a company, shared by all companies.

    A shared record is changed only by users who work in every live company; the others
    read it, and duplicate it for their own company. A record that a company uses is
    neither archived nor given to another company by users who do not work there.

    Superusers and the module's data are not checked.
    """

    _name = "dunning.shared.mixin"
    _description = "Set-Up Shared by Companies"

    def _check_access(self, operation):
        """Refuse changes of shared records to users who do not work in all
        companies."""
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su:
            return result
        shared = self._dunning_filter_shared()
        missing = shared and self._dunning_get_missing()
        if not missing:
            return result
        return shared, lambda: AccessError(shared._get_shared_refusal(missing))

    @api.model
    def default_get(self, fields):
        """Propose the user's company where they may not create shared records."""
        values = super().default_get(fields)
        if "company_id" in fields and self._dunning_is_own_only():
            values.setdefault("company_id", self.env.company.id)
        return values

    def copy_data(self, default=None):
        """Give the copy to the user's company where they may not create shared
        records."""
        values_list = super().copy_data(default=default)
        if self._dunning_is_own_only() and "company_id" not in (default or {}):
            for values in values_list:
                values["company_id"] = values.get("company_id") or self.env.company.id
        return values_list

    def write(self, vals):
        """Refuse to archive or give away records that another company uses.

        :raise ValidationError: a company uses the record and is outside the new
            company's tree, or the user who archives it does not work there
        """
        self._check_dunning_bounds(vals)  # before the new company is looked at
        if vals.get("company_id"):
            new = self.env["res.company"].browse(vals["company_id"])
            given = self.filtered(lambda record: record.company_id != new)
            tree = self.env["res.company"].sudo()  # sudo: branches that are not shown
            given._check_used_within(tree.search([("id", "child_of", new.id)]))
        if "active" in vals and not vals["active"] and not self.env.su:
            archived = self.filtered("active")
            archived._check_used_within(self.env.user.company_ids)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_elsewhere(self):
        if not self.env.su:
            self._check_used_within(self.env.user.company_ids)

    # ---- companies of the user -------------------------------------------------------

    def _dunning_get_missing(self):
        """Return the live companies in which the user does not work."""
        # sudo: companies hidden from the user use shared records all the same
        live_sudo = (
            self.env["res.company"].sudo().search([("dunning_is_live", "=", True)])
        )
        setups = live_sudo.browse().union(
            *(company._dunning_setup_company() for company in live_sudo)
        )
        return (setups & live_sudo) - self.env.user.company_ids

    def _dunning_is_own_only(self):
        """Return whether the user may create only records that belong to a company."""
        field = self._fields.get("company_id")
        if self.env.su or not field or field.related:
            return False
        return bool(self._dunning_get_missing())

    def _dunning_filter_shared(self):
        """Return the records without a company."""
        stored = self.filtered("id")
        if "company_id" not in self._fields:
            return stored
        # sudo: the company is checked before the right to read
        return stored.filtered(lambda record: not record.sudo().company_id)

    # ---- uses ------------------------------------------------------------------------

    def _get_uses(self):
        """Return the fields that refer to these records and count for the company of
        their own record; each room adds its own.

        :return: ((model, field), …)
        """
        return ()

    def _get_using_companies(self):
        """Return the active companies that use these records."""
        companies = self.env["res.company"].sudo()  # sudo: as above
        if not self:
            return companies
        for model, name in self._get_uses():
            companies |= self._get_companies_naming(model, name)
        return companies.filtered("active")

    def _get_companies_naming(self, model, name):
        """Return the companies whose records of a model refer to these.

        :param name: name of the field that refers to them
        """
        # sudo: as above
        users_sudo = self.env[model].sudo().with_context(active_test=False)
        within = Domain(name, "in", self.ids)
        if model == "res.company":
            return users_sudo.search(within)
        if users_sudo._fields[name].company_dependent:
            return (
                self.env["res.company"]
                .sudo()  # sudo: as above
                .search([("active", "=", True)])
                .filtered(
                    lambda company: users_sudo.with_company(company).search_count(
                        within, limit=1
                    )
                )
            )
        if users_sudo._fields["company_id"].store:
            groups = users_sudo._read_group(within, ["company_id"])
            companies = users_sudo.env["res.company"].union(*(row[0] for row in groups))
        else:
            companies = users_sudo.search(within).company_id
        if isinstance(users_sudo, self.env.registry["dunning.shared.mixin"]):
            # A shared record is used by the companies that use it in turn.
            companies |= users_sudo.search(
                within & Domain("company_id", "=", False)
            )._get_using_companies()
        return companies

    def _check_used_within(self, companies):
        """Refuse records that companies outside these use.

        :raise ValidationError: another company uses one of the records
        """
        for record in self:
            others = record._get_using_companies() - companies
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(record)s” is used by %(company)s. Choose another one there "
                        "first, or copy it and change the copy.",
                        record=record.display_name,
                        company=others[0].name,
                    )
                )

    # ---- texts -----------------------------------------------------------------------

    def _get_shared_refusal(self, missing):
        """Return the message that refuses a change of a shared record, with a
        remedy."""
        values = {
            # sudo: only a name
            "record": self[0].sudo().display_name,
            "company": missing[0].name,
        }
        if "company_id" in self._fields:
            return self.env._(
                "“%(record)s” is shared with %(company)s, where you do not work. "
                "Duplicate it for your own company, or ask somebody who works in all "
                "companies.",
                **values,
            )
        return self.env._(
            "“%(record)s” also applies to %(company)s, where you do not work. Ask "
            "somebody who works in all companies.",
            **values,
        )
