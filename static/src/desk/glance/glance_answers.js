import {Component} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";

import {formatAmount, formatDay} from "./glance_format";

const TONES = {kept: "success", partly_kept: "warning", broken: "danger", open: "info"};

/**
 * What the customer said: declarations, promises, disputes, reasons for not paying,
 * satisfaction.
 */
export class GlanceAnswers extends Component {
    static template = "account_dunning_scenario.GlanceAnswers";
    static props = {
        declarations: {type: Array},
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
        const {declarations, promises, disputes, reasons, satisfaction} = this.props;
        const noted = [declarations, promises, disputes, reasons];
        const count = noted.reduce((sum, {length}) => sum + length, 0);
        return !count && !satisfaction.count;
    }

    /**
     * Join what is known into one line; each part is a phrase of its own.
     *
     * @param {...(string|false)} parts
     */
    join(...parts) {
        return parts.filter(Boolean).join(" · ");
    }

    getDeclarationDetails(declaration) {
        const day = formatDay(declaration.expiry_date);
        return this.join(
            _t("declared on %(day)s", {day: formatDay(declaration.declared_date)}),
            declaration.author,
            declaration.is_new && day && _t("to be decided by %(day)s", {day})
        );
    }

    getPromiseText(promise) {
        return _t("%(amount)s by %(day)s", {
            amount: formatAmount(promise.amount, promise.currency_id),
            day: formatDay(promise.date),
        });
    }

    getPromiseDetails(promise) {
        const day = formatDay(promise.taken_date);
        return this.join(
            _t("taken on %(day)s", {day}),
            promise.user,
            promise.is_plan && _t("payment plan")
        );
    }

    getDisputeDetails(dispute) {
        const day = formatDay(dispute.target_date);
        return this.join(
            _t("since %(day)s", {day: formatDay(dispute.opened_date)}),
            dispute.is_open && day && _t("to be settled by %(day)s", {day}),
            dispute.owner
        );
    }

    get averageText() {
        const {average} = this.props.satisfaction;
        return _t("%(score)s / 5 on average", {score: average});
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
