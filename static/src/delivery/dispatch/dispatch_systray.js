import {Component, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {registry} from "@web/core/registry";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useService} from "@web/core/utils/hooks";

import {getNextText, getResultText} from "./dispatch_service";

/**
 * How far what the user sent is, beside their other tasks on top of every page.
 */
export class DispatchSystray extends Component {
    static template = "account_dunning_scenario.DispatchSystray";
    static components = {Dropdown};
    static props = {};

    setup() {
        this.service = useService("dunning_dispatch");
        this.state = useState(this.service.state);
        this.dropdown = useDropdownState();
    }

    get dispatches() {
        return Object.values(this.state.dispatches).sort((a, b) => b.id - a.id);
    }

    /** All that is under way, as one bar: the actions dealt with, out of how many. */
    get total() {
        const running = this.dispatches.filter((progress) => progress.under_way_count);
        const all = running.reduce((sum, one) => sum + one.total_count, 0);
        const left = running.reduce((sum, one) => sum + one.under_way_count, 0);
        return {
            all,
            done: all - left,
            percent: all ? Math.floor((100 * (all - left)) / all) : 100,
        };
    }

    get title() {
        const {all, done} = this.total;
        return all
            ? _t("Follow-up: %(done)s of %(all)s dealt with", {done, all})
            : _t("Follow-up: see the result");
    }

    getText(progress) {
        if (progress.under_way_count) {
            return _t("%(done)s of %(all)s dealt with", {
                done: progress.total_count - progress.under_way_count,
                all: progress.total_count,
            });
        }
        return getResultText(progress);
    }

    getWaitingText(progress) {
        return _t("%(count)s wait until %(moment)s", {
            count: progress.waiting_count,
            moment: getNextText(progress),
        });
    }

    open(progress) {
        this.dropdown.close();
        return this.service.open(progress.id);
    }
}

registry
    .category("systray")
    .add("dunning_dispatch", {Component: DispatchSystray}, {sequence: 30});
