import {onWillStart, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {formatMonetary} from "@web/views/fields/formatters";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

import {ActionListController} from "./action_list_controller";
import {DeskBanner} from "./desk_banner";

const CONFIRM = "account_dunning_scenario.dunning_action_confirm_action";
const COLLECTOR = "account_dunning_scenario.dunning_group_collector";
const EMPTY = {count: 0, ticked: 0, failed: 0, first: 0, amounts: []};

/**
 * The review desk: the list of the actions of the day, its figures above, and one
 * button that sends what is ticked in it.
 */
export class DeskController extends ActionListController {
    static template = "account_dunning_scenario.DeskView";
    static components = {...ActionListController.components, DeskBanner};

    setup() {
        super.setup();
        this.dispatch = useService("dunning_dispatch");
        this.notification = useService("notification");
        this.desk = useState({summary: EMPTY});
        this.keepLast = new KeepLast();
        onWillStart(async () => {
            this.isCollector = await user.hasGroup(COLLECTOR);
        });
        this.firstLoad = false; // The keys belong to the list, not to the search bar
        useHotkey("j", () => this.focusRow(1), {allowRepeat: true});
        useHotkey("k", () => this.focusRow(-1), {allowRepeat: true});
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = (root) => this.loadSummary(root.domain);
        return params;
    }

    async onRecordSaved(record) {
        await super.onRecordSaved(record);
        this.loadSummary(this.model.root.domain);
    }

    /**
     * Ask for the figures of what the list shows. The list does not wait for them.
     *
     * @param {Array} domain of the list, its filters included
     */
    async loadSummary(domain) {
        const withCoverage = this.desk.summary.coverage === undefined;
        const summary = await this.keepLast.add(
            this.orm.call("dunning.action", "get_desk_summary", [domain, withCoverage])
        );
        this.desk.summary = {...this.desk.summary, ...summary};
    }

    /** Prepare the actions of the day at once. */
    async planNow() {
        await this.actionService.doActionButton({
            type: "object",
            name: "action_plan_today",
            resModel: "dunning.action",
            resIds: [],
            context: this.props.context,
        });
    }

    /** What “Send” would send: of the selected rows, else of all that the list shows. */
    get toSend() {
        const {selection, isDomainSelected} = this.model.root;
        if (!selection.length || isDomainSelected) {
            const {ticked, amounts} = this.desk.summary;
            return {count: ticked, amounts};
        }
        const ticked = selection.filter(
            ({data}) => data.is_ticked && data.state === "to_confirm"
        );
        const sums = {};
        for (const {data} of ticked) {
            const id = data.currency_id.id;
            sums[id] = (sums[id] || 0) + data.amount_total;
        }
        const amounts = Object.entries(sums).map(([id, amount]) => ({
            currency_id: Number(id),
            amount,
        }));
        return {count: ticked.length, amounts};
    }

    get sendText() {
        const {count} = this.toSend;
        return count ? _t("Send %s Ticked", count) : _t("Nothing Ticked");
    }

    get amountText() {
        return this.toSend.amounts
            .map(({amount, currency_id}) =>
                formatMonetary(amount, {currencyId: currency_id})
            )
            .join(" + ");
    }

    async onSend() {
        if (!this.toSend.count) {
            this.notification.add(
                _t(
                    "Nothing is ticked in the list shown. Tick the actions to send, " +
                        "or remove a filter."
                ),
                {type: "info"}
            );
            return;
        }
        const {root} = this.model;
        const additionalContext =
            root.selection.length && !root.isDomainSelected
                ? {active_ids: await root.getResIds(true)}
                : {dunning_domain: root.domain};
        await this.actionService.doAction(CONFIRM, {
            additionalContext,
            onClose: (infos) => this.onSent(infos?.dunning_dispatch),
        });
    }

    /**
     * @param {Object} [progress] of the dispatch; none if the dialog was just closed
     */
    async onSent(progress) {
        if (progress) {
            this.dispatch.receive(progress);
            await this.model.load();
        }
    }

    /**
     * Move to another row.
     *
     * @param {Number} step how many rows further down
     */
    focusRow(step) {
        const rows = [...this.rootRef.el.querySelectorAll(".o_data_row")];
        const present = rows.indexOf(document.activeElement.closest(".o_data_row"));
        const next = present < 0 ? 0 : present + step;
        const cell = rows[next]?.querySelector(".o_data_cell[name=partner_id]");
        cell?.focus();
    }
}
