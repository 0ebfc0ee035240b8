import inspect

from freezegun import api as clock

from odoo.exceptions import AccessDenied, AccessError, MissingError, UserError
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..delivery.common import DeliveryCommon

OURS = "odoo.addons.account_dunning_scenario."
# Much: other work may go on beside the tests.
MOST_SECONDS = 20
# What a caller may send in the place of anything.
VALUES = (
    None,
    True,
    -1,
    0,
    10**12,
    10**20,
    -(10**20),
    1.5,
    float("nan"),
    float("inf"),
    1e300,
    "",
    "abc",
    "a\x00b",
    "a\ud800b",
    "x" * 200_000,
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-01-31 25:61:00",
    [],
    [[]],
    [10**12],
    ["x"],
    [[[[1]]]],
    {},
    {"x": 1},
    {"id": 10**20},
    [["id", "=", 1]],
    [["name", "=", "\x00"]],
    [None],
)
# Ids of records that are not there.
IDS = ([], [0], [-1], [10**9], [10**12], [10**20])
ALLOWED = (UserError, AccessError, MissingError, AccessDenied)


def get_public_methods(env):
    """Yield (model name, method name, function) of what only this add-on answers to."""
    for model_name in sorted(env.registry):
        found = {}
        for part in type(env[model_name]).__mro__:
            is_ours = part.__module__.startswith(OURS)
            for name, function in vars(part).items():
                if not name.startswith("_") and inspect.isfunction(function):
                    found.setdefault(name, []).append((is_ours, function))
        for name, functions in sorted(found.items()):
            if hasattr(BaseModel, name) or not all(ours for ours, _f in functions):
                continue
            function = functions[0][1]
            if not getattr(function, "_api_private", False):
                yield model_name, name, function


@tagged("post_install", "-at_install")
class TestPublicMethods(DeliveryCommon):
    """Whatever is sent to a method that can be called from outside: it does its work,
    or says in words why it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="maud",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.action = cls._prepare()
        cls._send(cls.action)
        cls.failures = []

    def _try(self, user, model_name, name, args):
        """Call a method as a user does; keep nothing of it."""
        start = clock.real_perf_counter()
        model = self.env(user=user)[model_name]
        try:
            with self.env.cr.savepoint(flush=False):
                try:
                    call_kw(model, name, args, {})
                    model.env.flush_all()
                finally:
                    model.env.clear()
                raise _Enough
        except _Enough:
            problem = None
        except ALLOWED as error:
            problem = None if str(error).strip() else "no words"
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error)[:150]}"
        if clock.real_perf_counter() - start > MOST_SECONDS:
            problem = f"{problem or ''} too long"
        if problem:
            self.failures.append((model_name, name, repr(args)[:120], problem))

    def _try_all(self, user, with_values):
        for model_name, name, function in get_public_methods(self.env):
            is_model = getattr(function, "_api_model", False)
            names = list(inspect.signature(function).parameters)[1:]
            some = self.env[model_name].sudo()
            ids = [] if some._abstract else some.search([], limit=1).ids
            plain = [None] * len(names)
            starts = [[]] if is_model else [[ids]] if ids else [[[10**9]]]
            if not is_model:
                for wrong in IDS:
                    self._try(user, model_name, name, [wrong, *plain])
            if not with_values:
                continue
            for start in starts:
                if not names:
                    self._try(user, model_name, name, start)
                for place in range(len(names)):
                    for value in VALUES:
                        args = [*plain]
                        args[place] = value
                        self._try(user, model_name, name, [*start, *args])

    @mute_logger("odoo.sql_db")
    def test_wrong_arguments_are_answered_in_words(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self._try_all(self.collector, with_values=False)
            self._try_all(self.manager, with_values=True)
        self.assertEqual(self.failures, [])

    @mute_logger("odoo.sql_db")
    def test_wrong_arguments_about_what_waits_are_answered_in_words(self):
        """Postponed, skipped, ticked and unticked on the desk."""
        action = self._prepare()
        action.with_user(self.collector).action_undo_confirm()
        self.assertEqual(action.state, "to_confirm")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            for name in ("action_postpone", "action_skip", "action_untick"):
                for value in VALUES:
                    self._try(self.collector, action._name, name, [action.ids, value])
        self.assertEqual(self.failures, [])

    def test_glance_at_no_customer_is_answered_in_words(self):
        self.env.flush_all()
        for ids in ([None], ["x"], ["1"], [1.5], [True], *IDS):
            self._try(self.collector, "res.partner", "get_dunning_glance", [ids])
        self.assertEqual(self.failures, [])

    def test_day_of_a_message_is_not_the_callers(self):
        """Figures are those of today, whatever the caller's context says."""
        names = ["dunning_statement_day", "dunning_statement_html"]
        customer = self.customer.with_user(self.collector)
        usual = customer.read(names)
        for value in ("2030-01-01", "abc", ["x"], "0001-01-01", 5):
            with self.subTest(value):
                asked = customer.with_context(dunning_day=value)
                self.assertEqual(asked.read(names), usual)
                action = self.action.with_context(dunning_day=value)
                self.assertEqual(
                    action._get_message_day(), self.action._get_message_day()
                )

    def test_confirmation_takes_no_filter_that_looks_at_secrets(self):
        Confirm = self.env["dunning.action.confirm"].with_user(self.collector)
        for domain in (
            [["partner_id.user_ids.password", "like", "a"]],
            [["nothing", "=", 1]],
            "abc",
            5,
        ):
            asked = Confirm.with_context(dunning_domain=domain)
            with self.subTest(domain), self.assertRaises(UserError):
                asked.default_get(["action_ids"])


class _Enough(Exception):
    """Rolls back what a call did."""
