from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..setup.guard.guard import by_code


class DunningCourier(models.AbstractModel):
    """Deliver scheduled actions to the customers.

    What it understands: actions in the state `scheduled` whose send time has come, of
    companies that are switched on, and letters to print again. First and second channel
    leave together, the fallback replaces a first channel without an address.

    How to use it: `_deliver` works in its caller's transaction; `_run`, the job, calls
    it in batches of one transaction each. For a reminder by e-mail:

    >>> actions = env["dunning.planner"]._plan(company, date(2026, 3, 4))
    >>> is_confirmed = actions.action_confirm()
    >>> taken = env["dunning.courier"]._deliver(actions, datetime(2026, 3, 4, 12))
    >>> taken.state, taken.delivery_ids.state  # it waits for the mail server
    ('done', 'waiting')

    How it works: the planner drops claims that are settled or held, the channels return
    the addresses, each channel used becomes a `dunning.delivery`, which is queued,
    printed or made a task. The deliveries give the action its state: in progress while
    one is pending, done if one was performed, else failed.
    """

    _name = "dunning.courier"
    _description = "Follow-Up Courier"

    def _deliver(self, actions, now):
        """Deliver the scheduled actions whose time has come, and print again the
        letters that were withdrawn before they were posted.

        Records locked by another transaction are skipped. The effect and its record are
        saved in the caller's transaction: mails are only queued.

        :param now: datetime (UTC) that decides the company's day
        :return: the actions that were taken
        """
        # sudo: users of the desk may not queue mails or write the journal; the caller
        # has checked their access
        locked = actions.sudo().try_lock_for_update(allow_referencing=True)
        due = locked.filtered_domain(self._get_due_domain(now))
        for company, company_actions in due.grouped("company_id").items():
            day = company._dunning_today(now)
            # Reasons are for the company's users; channels set the reader's language.
            courier = by_code(self.with_company(company)).with_context(
                dunning_day=day, lang=company._dunning_get_lang()
            )
            courier.sudo()._deliver_company(company_actions.ids, day, now)
        return due

    def _get_due_domain(self, now):
        """Return the domain of the actions to deliver or to print again.

        Actions of a company that is not switched on wait, whatever their state.
        """
        # sudo: the companies switched on are the same for all users
        live = (
            self.env["res.company"]
            .sudo()
            .search([("active", "=", True)])
            ._dunning_live()
        )
        scheduled = Domain("state", "=", "scheduled") & (
            Domain("scheduled_at", "=", False) | Domain("scheduled_at", "<=", now)
        )
        to_print = self.env["dunning.delivery"]._get_to_print_domain()
        to_do = scheduled | (
            Domain("state", "=", "in_progress")
            & Domain("delivery_ids", "any", to_print)
        )
        return Domain("company_id", "in", live.ids) & to_do

    # ---- one company -----------------------------------------------------------------

    def _deliver_company(self, action_ids, day, now):
        actions = self.env["dunning.action"].browse(action_ids)
        lines = actions.line_ids.filtered(lambda line: line.state == "open")
        self.env["dunning.planner"]._drop_obsolete(self.env.company, day, lines)
        actions._drop_covered()
        actions._close_empty()
        leaving = actions.filtered(lambda action: action.state == "scheduled")
        addresses = self._get_addresses(leaving)
        leaving = leaving._defer(addresses, now)
        deliveries = self._create_deliveries(leaving, addresses)
        deliveries |= actions.delivery_ids._get_to_print()
        waiting = self._get_waiting(deliveries)
        for handler, of_handler in waiting._grouped_by_handler().items():
            self._hand_over(handler, of_handler, day, now)
        self._settle(deliveries, day, now)

    def _get_waiting(self, deliveries):
        return deliveries.filtered(lambda delivery: delivery._is_pending())

    def _hand_over(self, channel, deliveries, day, now):
        """Deliver through a channel; messages sent by the system are performed at once,
        and wait for their service."""
        # A letter that is printed again is made anew.
        deliveries.action_id.filtered("kept_rows").kept_rows = False
        channel._deliver(deliveries, now)
        self._get_waiting(deliveries).action_id._keep_amounts()
        if channel._channel_nature == "sent":
            sent = self._get_waiting(deliveries)
            sent._perform(day, is_taken=False)

    # ---- channels and addresses ------------------------------------------------------

    def _create_deliveries(self, actions, addresses):
        """Create a delivery per action and channel: first, second and fallback.

        A delivery without an address is recorded as failed, to show why another channel
        was used.

        :param addresses: see `_get_addresses`
        """
        through = actions._get_intermediaries()
        direct = actions.filtered(lambda action: action not in through)
        return self.env["dunning.delivery"].create(
            [
                self._prepare_delivery_values(action, role, code, addresses[code])
                for action in direct
                for role, code in self._get_route(action, addresses)
            ]
            + [
                self._prepare_passed_values(action, role, code, addresses[code], user)
                for action, user in through.items()
                for role, code in self._get_route(action, addresses)
                if role != "fallback"
            ]
        )

    def _get_addresses(self, actions):
        """Return {channel code: {action: (contact, address)}}, one search a channel."""
        users = defaultdict(list)
        for action in actions:
            for code in {
                action.channel,
                action.step_id.second_channel,
                action.step_id.fallback_channel,
            }:
                if code:
                    users[code].append(action.id)
        Channel = self.env["dunning.channel"]
        return {
            code: Channel._get(code)._reach(actions.browse(action_ids))
            for code, action_ids in users.items()
        }

    def _get_route(self, action, addresses):
        """Return the (role, channel code) by which an action leaves."""
        step = action.step_id
        route = [("first", action.channel)]
        if step.second_channel and step.second_channel != action.channel:
            route.append(("second", step.second_channel))
        fallback = step.fallback_channel
        is_blocked = action not in addresses[action.channel]
        if is_blocked and fallback and fallback not in [code for _role, code in route]:
            route.append(("fallback", fallback))
        return route

    def _get_open_ways(self, action, addresses):
        """Return the codes of the channels by which an action has an address.

        :param addresses: see `_get_addresses`
        """
        route = self._get_route(action, addresses)
        return [code for _role, code in route if action in addresses[code]]

    def _prepare_delivery_values(self, action, role, code, addresses):
        values = {
            "action_id": action.id,
            "company_id": action.company_id.id,
            "channel": code,
            "role": role,
        }
        if action in addresses:
            contact, address = addresses[action]
            return values | {"contact_id": contact.id, "address": address}
        reason = self._get_unreachable_reason(action, code)
        return values | {"state": "failed", "failure_reason": reason}

    def _prepare_passed_values(self, action, role, code, addresses, user):
        """Return the values of a delivery through an intermediary, who may know more
        addresses than are on record.

        :param user: res.users, none if nobody is there
        """
        contact, address = addresses.get(action) or (action.contact_id, False)
        values = {
            "action_id": action.id,
            "company_id": action.company_id.id,
            "channel": code,
            "role": role,
            "contact_id": contact.id,
            "address": address,
            "intermediary_id": user.id,
        }
        if user:
            return values
        reason = self.env._(
            "Only the salesperson may contact this customer, and there is none: give "
            "the customer a salesperson or a collector."
        )
        return values | {"state": "failed", "failure_reason": reason}

    def _get_unreachable_reason(self, action, code):
        if not action.partner_id.active:
            return self.env._(
                "The customer is archived: restore the customer and try again, or skip."
            )
        return (
            self.env["dunning.channel"]._get(code)._explain_unreachable(action)[action]
        )

    # ---- settling --------------------------------------------------------------------

    def _settle(self, deliveries, day, now):
        """Set the state of the actions from their deliveries: two deliveries are one
        contact, performed when none of them is pending."""
        alive = deliveries.action_id.delivery_ids.filtered(
            lambda delivery: delivery.state in ("waiting", "done")
        )
        ways = (deliveries | alive).grouped("action_id")
        outcomes = deliveries.action_id.grouped(lambda a: self._get_outcome(ways[a]))
        for (state, reason), actions in outcomes.items():
            if state == "done":
                actions._perform(day, now)
            elif state == "failed":
                self._give_up(actions, day, reason)
            else:
                actions.write({"state": state, "reason": False})

    def _get_outcome(self, ways):
        """Return the state of an action that follows from its deliveries, and the
        reason."""
        if any(way._is_pending() for way in ways):
            return "in_progress", False
        if any(way._is_performed() for way in ways):
            return "done", False
        reasons = [ways.action_id.reason, *ways.mapped("failure_reason")]
        return "failed", " ".join(dict.fromkeys(filter(None, reasons)))

    def _give_up(self, actions, day, reason):
        """End actions that have no channel left: thanks lapse, the others go to the
        desk."""
        thanks = actions.filtered(lambda action: action.kind == "thanks")
        thanks._lapse(day, reason)
        (actions - thanks)._fail(reason)
