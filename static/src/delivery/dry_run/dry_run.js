import {Component, onWillUnmount, useState} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const NOTIFICATION = "account_dunning_scenario/dry_run";

/**
 * Starts a dry run, shows the days that the server has played, and stops it.
 */
export class DryRun extends Component {
    static template = "account_dunning_scenario.DryRun";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        const {state, progress, day_count: days} = this.props.record.data;
        this.state = useState({isRunning: state === "running", progress, days});
        this.shownState = state;
        const onNotified = (payload) => this.onNotified(payload);
        this.bus.subscribe(NOTIFICATION, onNotified);
        onWillUnmount(() => this.bus.unsubscribe(NOTIFICATION, onNotified));
    }

    get percent() {
        const {progress, days} = this.state;
        return days ? Math.round((100 * progress) / days) : 0;
    }

    async onNotified({id, state, progress, days}) {
        if (id !== this.props.record.resId) {
            return;
        }
        Object.assign(this.state, {progress, days, isRunning: state === "running"});
        if (this.shownState !== state) {
            // What is chosen above stays as it is while the days are played.
            this.shownState = state;
            await this.props.record.load();
        }
    }

    async onStart() {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const days = record.data.day_count;
        Object.assign(this.state, {isRunning: true, progress: 0, days});
        try {
            await this.orm.silent.call(record.resModel, "action_run", [record.resIds]);
        } finally {
            this.state.isRunning = false;
            await record.load();
        }
    }

    async onStop() {
        const {resModel, resIds} = this.props.record;
        await this.orm.silent.call(resModel, "action_stop", [resIds]);
    }
}

registry.category("view_widgets").add("dunning_dry_run", {component: DryRun});
