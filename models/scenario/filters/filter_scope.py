"""Scope of stored filters: records that a collection manager of the company may read.

The planner applies filters with all rights, whoever caused the planning. Without this
scope, the planned actions would reveal records that the filter's author may not read.
"""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.orm.utils import COLLECTION_TYPES
from odoo.tools.safe_eval import safe_eval

GROUP_MANAGER = "account_dunning_scenario.dunning_group_manager"
# Longest path from the filtered record to a field, in relations.
MOST_HOPS = 6
SUBDOMAIN_OPERATORS = ("any", "not any")
HIERARCHY_OPERATORS = ("child_of", "parent_of")


class FilterScope:
    """Restrict filters to records that the managers of a company may read, whoever
    wrote or applies them: the record rules of their role hold at every relation, for no
    user in person. So a filter finds the same for all users, and works on when its
    author leaves.

    Models whose access is not decided by rules cannot be filtered on.
    """

    def __init__(self, env):
        """Prepare the scope for the company of an environment.

        In an environment that is not superuser, the user's own rights are checked as
        well.
        """
        self._env = env
        # No user in person: rules on the current user find nothing.
        self._rules = env["ir.rule"].with_user(SUPERUSER_ID)
        self._rules = self._rules.with_context(allowed_company_ids=env.company.ids)
        self._readable = {}

    def narrow(self, domain, model, hops=0):
        """Return the domain restricted to readable records.

        :param model: recordset of the domain's model
        :raise AccessError: it uses a model without readable records for the role, or
            the user
        :raise ValueError: its path is too long
        """
        if hops > MOST_HOPS:
            raise ValueError(
                self._env._(
                    "it goes through more than %(number)s lists", number=hops - 1
                )
            )
        return domain.map_conditions(
            lambda condition: self._narrow_condition(condition, model, hops)
        )

    def _narrow_condition(self, condition, model, hops):
        name, _dot, rest = condition.field_expr.partition(".")
        field, operator = model._fields[name], condition.operator
        if not model._has_field_access(field, "read"):
            raise AccessError(self._tell_closed(field._description_string(model.env)))
        if name == "id" and operator in SUBDOMAIN_OPERATORS:
            hop = model
        elif field.relational:
            hop = model.env[field.comodel_name]
        else:
            return condition
        asked = _ask_hop(field, condition, rest)
        if asked is None:
            return condition
        return asked.map_conditions(lambda one: self._narrow_hop(one, hop, hops + 1))

    def _narrow_hop(self, condition, model, hops):
        """:param model: recordset of the condition's model"""
        name, operator, value = (
            condition.field_expr,
            condition.operator,
            condition.value,
        )
        readable = self.get_readable(model)
        if operator in SUBDOMAIN_OPERATORS:
            narrow = self.narrow(Domain(value), model, hops)
            return Domain(name, operator, narrow & readable)
        # Archived records are compared as well.
        named = model.with_context(active_test=False)
        found = named._search(Domain("id", "in", value) & readable)
        return Domain(name, operator, found.get_result_ids())

    def get_readable(self, model):
        """Return the domain of the records of a model that the role may read.

        :raise AccessError: its access is not decided by rules alone
        """
        if not (model.env.su or model.has_access("read")) or _has_own_rights(model):
            raise AccessError(self._tell_closed(model._description))
        name = model._name
        if name not in self._readable:
            self._readable[name] = self._compute_readable(model)
        return self._readable[name]

    def _compute_readable(self, model):
        role = self._rules.env.ref(GROUP_MANAGER).all_implied_ids
        values = self._rules._eval_context()
        everybody, somebody = [], []
        for parent, name in model._inherits.items():
            if model._fields[name].store:
                readable = self.get_readable(model.env[parent])
                everybody.append(Domain(name, "any", readable))
        for rule in self._rules.search(
            [("model_id.model", "=", model._name), ("perm_read", "=", True)]
        ):
            if rule.groups and not rule.groups & role:
                continue
            found = Domain(safe_eval(rule.domain_force or "[]", values))
            (somebody if rule.groups else everybody).append(found)
        if somebody:
            everybody.append(Domain.OR(somebody))
        return Domain.AND(everybody)

    def _tell_closed(self, name):
        return self._env._("filters may not use “%(name)s”", name=name)


def _ask_hop(field, condition, rest):
    """Return a condition as a domain on the related records, None if it compares the
    record's own value only.

    :param rest: path after the field
    """
    name, operator, value = condition.field_expr, condition.operator, condition.value
    if rest:
        return Domain(field.name, "any", Domain(rest, operator, value))
    if operator in SUBDOMAIN_OPERATORS:
        return Domain(name, operator, Domain(value))
    positive = Domain.NEGATIVE_OPERATORS.get(operator, operator)
    values = value if isinstance(value, COLLECTION_TYPES) else (value,)
    texts = [one for one in values if isinstance(one, str)]
    is_own = not texts or positive in HIERARCHY_OPERATORS
    if field.type == "many2one" and is_own:
        return None
    if positive not in ("=", "in") and is_own:
        return Domain(name, "any", Domain("id", operator, value))
    asked = _ask_values(name, positive, texts, values)
    return asked if positive == operator else ~asked


def _ask_values(name, operator, texts, values):
    """Return the domain of records related to some of these names or ids; an empty
    value stands for no related record."""
    numbers = [one for one in values if one and not isinstance(one, str)]
    asked = []
    if texts:
        named = Domain.OR(Domain("display_name", operator, text) for text in texts)
        asked.append(Domain(name, "any", named))
    if numbers:
        asked.append(Domain(name, "in", numbers))
    if len(texts) + len(numbers) < len(values):
        asked.append(Domain(name, "not any", Domain.TRUE))
    return Domain.OR(asked)


def _has_own_rights(model):
    """Return whether methods of a model, not rules alone, decide on access."""
    ours = __name__.partition(".models.")[0]
    return any(
        "_check_access" in vars(part) and not part.__module__.startswith(ours)
        for part in type(model).__mro__
        if part is not BaseModel
    )
