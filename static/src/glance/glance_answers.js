import {Component} from "@odoo/owl";

import {formatAmount, formatDay} from "./glance_format";

const TONES = {kept: "success", partly_kept: "warning", broken: "danger", open: "info"};

/**
 * What the customer said: promises, disputes, reasons for not paying, satisfaction.
 */
export class GlanceAnswers extends Component {
    static template = "account_dunning_scenario.GlanceAnswers";
    static props = {
        promises: {type: Array},
        disputes: {type: Array},
        reasons: {type: Array},
        satisfaction: {type: Object},
        open: {type: Function},
    };

    setup() {
        this.formatDay = formatDay;
        this.formatAmount = formatAmount;
    }

    get isEmpty() {
        const {promises, disputes, reasons, satisfaction} = this.props;
        const count = promises.length + disputes.length + reasons.length;
        return !count && !satisfaction.count;
    }

    getTone(promise) {
        return TONES[promise.state] || "secondary";
    }

    getDisputeTone(dispute) {
        if (!dispute.is_open) {
            return "secondary";
        }
        return dispute.is_late ? "danger" : "warning";
    }
}
