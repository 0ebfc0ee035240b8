import {Component, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";

import {ChannelIcon} from "../../scenario/channel/channel_icon";
import {formatAmount, formatDay} from "./glance_format";

const SHOWN = 10;

/**
 * The open items of a customer, each with what comes next in a sentence.
 */
export class GlanceItems extends Component {
    static template = "account_dunning_scenario.GlanceItems";
    static components = {ChannelIcon};
    static props = {
        items: {type: Array},
        canExplain: {type: Boolean},
        openInvoice: {type: Function},
        explain: {type: Function},
    };

    setup() {
        this.formatAmount = formatAmount;
        this.state = useState({isOpen: false});
    }

    get shown() {
        return this.state.isOpen ? this.props.items : this.props.items.slice(0, SHOWN);
    }

    get hiddenCount() {
        return this.props.items.length - this.shown.length;
    }

    get moreText() {
        return _t("Show %(count)s more", {count: this.hiddenCount});
    }

    getDueText(item) {
        return _t("due on %(day)s", {day: formatDay(item.due_date)});
    }

    getLateText(item) {
        return _t("%(days)s days late", {days: item.days_late});
    }
}
