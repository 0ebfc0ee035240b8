from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain


class DunningSharedMixin(models.AbstractModel):
    """Set-up that companies share, as long as it belongs to none of them.

    What is shared is changed only by those who work in every company that is switched
    on: the others read it, and make their own. What a company uses is neither archived
    nor taken away by those who do not work there.

    Superusers and the module's data are code.
    """

    _name = "dunning.shared.mixin"
    _description = "Set-Up that Companies Share"

    def _check_access(self, operation):
        """Keep what is shared from those who do not work in all companies."""
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
        """Propose one's own company to whoever may not make what is shared."""
        values = super().default_get(fields)
        if "company_id" in fields and self._dunning_is_own_only():
            values.setdefault("company_id", self.env.company.id)
        return values

    def copy_data(self, default=None):
        """Make the copy one's own where a shared one is not one's to make."""
        values_list = super().copy_data(default=default)
        if self._dunning_is_own_only() and "company_id" not in (default or {}):
            for values in values_list:
                values["company_id"] = values.get("company_id") or self.env.company.id
        return values_list

    def write(self, vals):
        """Refuse to take from a company what it uses.

        :raise ValidationError: a company uses it that is not the new one's, or in which
            the user who archives it does not work
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

    # ---- who works where -------------------------------------------------------------

    def _dunning_get_missing(self):
        """Return the companies, switched on, in which the user does not work."""
        # sudo: companies that the user does not see play what is shared all the same
        live_sudo = (
            self.env["res.company"].sudo().search([("dunning_is_live", "=", True)])
        )
        setups = live_sudo.browse().union(
            *(company._dunning_setup_company() for company in live_sudo)
        )
        return (setups & live_sudo) - self.env.user.company_ids

    def _dunning_is_own_only(self):
        """Tell whether the user makes only what belongs to a company."""
        field = self._fields.get("company_id")
        if self.env.su or not field or field.related:
            return False
        return bool(self._dunning_get_missing())

    def _dunning_filter_shared(self):
        """Return those of the records that belong to no company."""
        stored = self.filtered("id")
        if "company_id" not in self._fields:
            return stored
        # sudo: whose it is has to be known before who may read it
        return stored.filtered(lambda record: not record.sudo().company_id)

    # ---- who uses what ---------------------------------------------------------------

    def _get_uses(self):
        """Return what names these records, for the company of the other one; each room
        adds its own.

        :return: ((model, field), …)
        """
        return ()

    def _get_using_companies(self):
        """Return the companies that use these records, archived ones left out."""
        companies = self.env["res.company"].sudo()  # sudo: as above
        if not self:
            return companies
        for model, name in self._get_uses():
            companies |= self._get_companies_naming(model, name)
        return companies.filtered("active")

    def _get_companies_naming(self, model, name):
        """Return the companies for which records of a model name these.

        :param name: field that does so
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
            # What is shared itself is used by those who use it.
            companies |= users_sudo.search(
                within & Domain("company_id", "=", False)
            )._get_using_companies()
        return companies

    def _check_used_within(self, companies):
        """:raise ValidationError: another company than these uses one of the records"""
        for record in self:
            others = record._get_using_companies() - companies
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(record)s” is used by %(company)s. Another one has to be "
                        "chosen there first; or copy it, and change the copy.",
                        record=record.display_name,
                        company=others[0].name,
                    )
                )

    # ---- words -----------------------------------------------------------------------

    def _get_shared_refusal(self, missing):
        """Say why the user does not change what is shared, and what to do instead."""
        values = {
            # sudo: a name, to ask there
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
            "“%(record)s” counts for %(company)s, too, where you do not work. Ask "
            "somebody who works in all companies.",
            **values,
        )
