import {reactive} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const {DateTime} = luxon;

/**
 * Say when a dispatch goes on: the hour, with the day unless it is today.
 *
 * @param {Object} progress see `_get_progress` of dunning.dispatch
 */
export function getNextText({next_at}) {
    const moment = deserializeDateTime(next_at);
    const isToday = moment.hasSame(DateTime.local(), "day");
    return moment.toLocaleString(
        isToday ? DateTime.TIME_SIMPLE : DateTime.DATETIME_SHORT
    );
}

/**
 * Say in one sentence what became of a dispatch.
 *
 * @param {Object} progress see `_get_progress` of dunning.dispatch
 */
export function getResultText(progress) {
    const parts = [
        [progress.sent_count, _t("%s sent")],
        [progress.handed_count, _t("%s to be done by a person")],
        [progress.queued_count, _t("%s waiting for the service")],
        [progress.put_off_count, _t("%s delayed by the service")],
        [progress.failed_count, _t("%s failed")],
        [progress.dropped_count, _t("%s dropped: paid or settled meanwhile")],
        [progress.returned_count, _t("%s back on the desk")],
        [progress.missed_count, _t("%s dealt with by others")],
    ]
        .filter(([count]) => count)
        .map(([count, text]) => text.replace("%s", count));
    if (progress.waiting_count) {
        parts.push(
            _t("%(count)s wait until %(moment)s", {
                count: progress.waiting_count,
                moment: getNextText(progress),
            })
        );
    }
    return parts.join(", ");
}

/**
 * Knows how far what the user sent is, wherever in the web client they are: at first
 * from the session, then from what the delivery publishes after each batch it commits.
 */
export const dispatchService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, {action, bus_service, notification, orm}) {
        const state = reactive({dispatches: {}});

        const open = async (id) => {
            action.doAction(await orm.call("dunning.dispatch", "action_open", [[id]]));
            delete state.dispatches[id];
        };

        const putAway = async (id) => {
            delete state.dispatches[id];
            await orm.call("dunning.dispatch", "action_put_away", [[id]]);
        };

        const announce = (progress) =>
            notification.add(getResultText(progress), {
                title: _t("Follow-up sent"),
                type: progress.failed_count ? "warning" : "success",
                buttons: [
                    {
                        name: _t("See the Result"),
                        primary: true,
                        onClick: () => open(progress.id),
                    },
                ],
            });

        const receive = (progress) => {
            const before = state.dispatches[progress.id];
            state.dispatches[progress.id] = progress;
            if (!progress.under_way_count && (!before || before.under_way_count)) {
                announce(progress);
            }
        };

        for (const progress of session.dunning_dispatches || []) {
            state.dispatches[progress.id] = progress;
        }
        bus_service.subscribe("dunning.dispatch/progress", receive);
        bus_service.start();
        return {state, open, putAway, receive};
    },
};

registry.category("services").add("dunning_dispatch", dispatchService);
