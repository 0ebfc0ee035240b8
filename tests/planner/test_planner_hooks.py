import re
from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.account_dunning_scenario.models.planner.pipeline.scope import Scope

from ..common import DunningCommon, day

# What a statement reads; tables before which a word of SQL or a bracket stands.
READS = re.compile(r'\b(?:FROM|JOIN)\s+(?:ONLY\s+)?"?([a-z_]+)"?')


@tagged("post_install", "-at_install")
class TestPlannerHooks(DunningCommon):
    """The planner knows no stand-in, no wish, no agency: who does is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"))

    def _plan_and_read(self):
        """Plan; return the names of the models whose tables the planner's statements
        name, and of those that were written to the database before."""
        flushed, names = set(), set()
        by_table = {model._table: name for name, model in self.registry.items()}
        planner = self.registry["dunning.planner"]
        base = self.registry["base"]
        flush, execute = base.flush_model, planner._execute

        def note_flush(records, *args, **kwargs):
            flushed.add(records._name)
            return flush(records, *args, **kwargs)

        def note_query(records, query):
            read = {by_table.get(table) for table in READS.findall(query.code)}
            names.update((name, name in flushed) for name in read - {None})
            return execute(records, query)

        with ExitStack() as stack:
            stack.enter_context(patch.object(planner, "_execute", note_query))
            for model in by_table.values():
                stack.enter_context(
                    patch.object(self.registry[model], "flush_model", note_flush)
                )
            self._plan()
        return names

    def test_what_is_read_was_written(self):
        """Whatever the planner reads by name of table is in the database by then."""
        read = self._plan_and_read()
        self.assertIn(("dunning.handover", True), read)
        self.assertIn(("dunning.promise", True), read)
        self.assertEqual({name for name, is_written in read if not is_written}, set())

    def test_order_after_planning(self):
        """The customer's channel is chosen before a stand-in gets the action, whom a
        step to the collector would reach instead; then claims are declared."""
        calls = []
        for model, method in (
            ("dunning.action", "_apply_preferences"),
            ("dunning.absence", "_assign_stand_ins"),
            ("res.partner", "_dunning_request_declarations"),
        ):
            self.startPatcher(
                patch.object(
                    self.registry[model],
                    method,
                    lambda *_args, name=method: calls.append(name),
                )
            )
        self._plan()
        self.assertEqual(
            calls,
            [
                "_apply_preferences",
                "_assign_stand_ins",
                "_dunning_request_declarations",
            ],
        )
        self._plan()
        self.assertEqual(len(calls), 6, "claims are declared if nothing is planned")

    def test_few_customers_read_few_rows(self):
        """Looked at one customer, each table with rows of customers or items that holds
        and handovers read is restricted to theirs."""
        planner = self.env["dunning.planner"]
        settings = planner._prepare(self.company, self.TODAY)
        queries = [
            *planner._get_hold_queries(settings.tree.ids, self.TODAY),
            self.env["dunning.action"]._get_handover_query(
                settings.tree.ids, self.TODAY
            ),
        ]
        scope = planner._get_scope(settings, self.customer)
        self.assertIsInstance(scope, Scope)
        restricted = set(scope._rows)
        by_table = {model._table: model for model in self.registry.models.values()}
        read = set().union(*(READS.findall(query.code) for query in queries))
        ours = {table for table in read if table.startswith("dunning_")}
        for table in ours & by_table.keys():
            with self.subTest(table):
                self.assertIn(table, restricted)
        self.assertIn("dunning_handover", ours)
        for column, tables in (
            ("partner_id", planner._get_scope_tables()["customer"]),
            ("move_line_id", planner._get_scope_tables()["item"]),
        ):
            for table in tables:
                self.assertIn(column, by_table[table]._fields, table)
