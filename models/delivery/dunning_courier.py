import errno
import logging
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..setup.guard.guard import SEAL, by_code
from ..setup.trouble.concurrency import is_concurrency_error

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# Ids read at once by one run of the job; it is called again while something remains.
RUN_SIZE = 2000
REASON_LENGTH = 300
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DunningCourier(models.AbstractModel):
    """Take scheduled actions to the customer.

    What it understands: actions in the state `scheduled` whose send time has come, of
    companies that are switched on, and letters to print again. First and second channel
    leave together, the fallback stands in for a first that finds no address.

    How to use it: `_deliver` works in its caller's transaction; `_run`, the job, calls
    it in batches of one transaction each. For a reminder by e-mail:

    >>> actions = env["dunning.planner"]._plan(company, date(2026, 3, 4))
    >>> is_confirmed = actions.action_confirm()
    >>> taken = env["dunning.courier"]._deliver(actions, datetime(2026, 3, 4, 12))
    >>> taken.state, taken.delivery_ids.state  # it waits for the mail server
    ('done', 'waiting')

    How it works: the planner drops what is no longer to be chased, channels say whom
    they reach, each way becomes a `dunning.delivery` and is queued, printed or made a
    task. Deliveries decide: in progress while one is pending, done, or else failed.
    """

    _name = "dunning.courier"
    _description = "Dunning Courier"

    # ---- entry points ----------------------------------------------------------------

    @api.model
    def _run(self):
        """Deliver all that is due, in batches of one transaction each.

        A batch that fails is rolled back and redone one by one, so that one bad
        customer stops nobody; what a concurrent change forbids waits for the next pass.
        """
        now = fields.Datetime.now()
        self._settle_sent(now)
        Action = self.env["dunning.action"]
        domain = self._get_due_domain(now)
        order = "company_id, scheduled_at, id"
        ids = Action.search(domain, order=order, limit=RUN_SIZE).ids
        remaining = len(ids) if len(ids) < RUN_SIZE else Action.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for batch_ids in split_every(BATCH_SIZE, ids):
            # Letters are bound once all of them are printed.
            courier = self.with_context(dunning_binds_later=SEAL)
            if not courier._run_batch(Action.browse(batch_ids), now):
                return
        self.env["dunning.binder"]._run(now)
        self.env["dunning.trouble"]._settle_all("deliver", before=now)

    @api.model
    def _deliver(self, actions, now):
        """Deliver those of the actions that are scheduled and whose time has come, and
        print again the letters that were withdrawn before they were posted.

        What another transaction works on is left to it. The caller's transaction holds
        both the effect and its trace: mails are only queued.

        :param now: datetime (UTC) that decides the company's day
        :return: the actions that were taken
        """
        # sudo: who may work the desk need not be allowed to queue mails or to write
        # the journal; the caller has checked their right
        locked = actions.sudo().try_lock_for_update(allow_referencing=True)
        due = locked.filtered_domain(self._get_due_domain(now))
        for company, company_actions in due.grouped("company_id").items():
            day = company._dunning_today(now)
            # Reasons are for the company's users; a channel sets the reader's language.
            courier = by_code(self.with_company(company)).with_context(
                dunning_day=day, lang=company.partner_id.lang
            )
            courier.sudo()._deliver_company(company_actions.ids, day, now)
        return due

    def _get_due_domain(self, now):
        """Return the domain of the actions that there is something to do for.

        Those of a company that is not switched on wait, whatever their state.
        """
        # sudo: which companies are on does not depend on who asks
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

    # ---- transactions ----------------------------------------------------------------

    def _settle_sent(self, now):
        """Take note of what the services said since the last run, in a transaction of
        its own; whatever goes wrong there keeps nothing from leaving, and one message
        that goes wrong keeps no other from being settled."""
        Delivery = self.env["dunning.delivery"]
        everybody = self.env["res.company"]
        trouble = self.env["dunning.trouble"]

        def settle_each():
            trouble._attempt_each(
                "results",
                Delivery.search(Delivery._get_unsettled_domain(now)),
                lambda delivery: Delivery._settle_sent(
                    now, Domain("id", "=", delivery.id)
                ),
            )

        def settle_all():
            Delivery._settle_sent(now)
            trouble._settle_all("results")

        cron = self.env["ir.cron"]
        trouble._attempt("results", everybody, settle_all, fallback=settle_each)
        cron._commit_progress()
        trouble._attempt("abandoned", everybody, Delivery._return_abandoned)
        cron._commit_progress()

    def _run_batch(self, actions, now):
        """Deliver a batch in one transaction; return the seconds left, 0 to stop."""
        try:
            self._deliver(actions, now)
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            if not is_concurrency_error(error):
                _logger.info(
                    "A batch of follow-up actions failed, redone one by one",
                    exc_info=True,
                )
                return self._run_one_by_one(actions, now)
            self._log_concurrency(actions)
        return self._commit(actions)

    def _run_one_by_one(self, actions, now):
        for action in actions:
            try:
                self._deliver(action, now)
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                self._meet_failure(action, error)
            seconds = self._commit(action)
            if not seconds:
                break
        return seconds

    def _log_concurrency(self, actions):
        _logger.info(
            "Follow-up actions %s met a concurrent change, left to the next run",
            actions.ids,
            exc_info=True,
        )

    def _meet_failure(self, action, error):
        """Log what kept an action from being delivered, and put it on the desk; what
        a concurrent change forbids waits for the next pass."""
        if is_concurrency_error(error):
            self._log_concurrency(action)
            return
        _logger.exception("Follow-up action %s was not delivered", action.id)
        self.env["dunning.trouble"]._attempt(
            "deliver",
            action.company_id,
            partial(self._register_failure, action, error),
        )

    def _commit(self, actions):
        """Commit what became of a batch, and tell those who sent it in the same
        transaction; return the seconds left."""
        actions.dispatch_id._publish()
        return self.env["ir.cron"]._commit_progress(len(actions))

    def _register_failure(self, action, error):
        """Put an action that could not be delivered on the desk, with the reason."""
        locked = action.try_lock_for_update(allow_referencing=True)
        if not locked:
            return
        reason = self._get_failure_reason(action, error)
        if action.state == "scheduled":
            action._fail(reason)
        elif letters := action.delivery_ids._get_to_print():
            now = fields.Datetime.now()
            letters._fail(reason)
            self._settle(letters, action.company_id._dunning_today(now), now)

    def _get_failure_reason(self, action, error):
        text = " ".join(str(error).split())
        if len(text) > REASON_LENGTH:
            text = text[:REASON_LENGTH] + "…"
        if isinstance(error, UserError):
            return text
        env = self.with_context(lang=action.company_id.partner_id.lang).env
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return env._(
                "The server has no space left to write the documents. Ask your "
                "administrator to make room, then try again."
            )
        return env._(
            "An unexpected error kept it from being sent: %(error)s. Try again; if it "
            "comes back, show this to your administrator.",
            error=text or type(error).__name__,
        )

    # ---- one company -----------------------------------------------------------------

    def _deliver_company(self, action_ids, day, now):
        actions = self.env["dunning.action"].browse(action_ids)
        lines = actions.line_ids.filtered(lambda line: line.state == "open")
        self.env["dunning.planner"]._drop_obsolete(self.env.company, day, lines)
        actions._close_empty()
        leaving = actions.filtered(lambda action: action.state == "scheduled")
        addresses = self._get_addresses(leaving)
        leaving = leaving._put_off(addresses, now)
        deliveries = self._create_deliveries(leaving, addresses)
        deliveries |= actions.delivery_ids._get_to_print()
        waiting = self._get_waiting(deliveries)
        for handler, of_handler in waiting._grouped_by_handler().items():
            self._hand_over(handler, of_handler, day, now)
        self._settle(deliveries, day, now)

    def _get_waiting(self, deliveries):
        return deliveries.filtered(lambda delivery: delivery._is_pending())

    def _hand_over(self, channel, deliveries, day, now):
        """Let a channel deliver; what the system sends itself is performed at once, and
        waits for its service."""
        channel._deliver(deliveries, now)
        if channel._channel_nature == "sent":
            sent = self._get_waiting(deliveries)
            sent._perform(day, is_taken=False)

    # ---- finding a way ---------------------------------------------------------------

    def _create_deliveries(self, actions, addresses):
        """Create a delivery per action and way: first and second channel, fallback.

        A way without address is recorded as failed, so that everyone sees why another
        one was taken.

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
        """Return the codes of the channels by which an action would reach somebody.

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
        """Return the values of a delivery that goes through somebody, who may know more
        addresses than we do.

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
            "Only the salesperson may contact this customer, and nobody is there: give "
            "the customer a salesperson or a collector."
        )
        return values | {"state": "failed", "failure_reason": reason}

    def _get_unreachable_reason(self, action, code):
        if not action.partner_id.active:
            return self.env._(
                "The customer is archived: restore the customer and try again, or skip."
            )
        return self.env["dunning.channel"]._get(code)._tell_unreachable(action)[action]

    # ---- settling --------------------------------------------------------------------

    def _settle(self, deliveries, day, now):
        """Give the actions the state that their deliveries make: two deliveries are
        one position, an action is performed when none of them is pending."""
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
        """Return the state that the deliveries of an action give it, and why."""
        if any(way._is_pending() for way in ways):
            return "in_progress", False
        if any(way._is_performed() for way in ways):
            return "done", False
        reasons = [ways.action_id.reason, *ways.mapped("failure_reason")]
        return "failed", " ".join(dict.fromkeys(filter(None, reasons)))

    def _give_up(self, actions, day, reason):
        """No way left: thanks lapse for good, the rest goes to the desk."""
        thanks = actions.filtered(lambda action: action.kind == "thanks")
        thanks._lapse(day, reason)
        (actions - thanks)._fail(reason)
