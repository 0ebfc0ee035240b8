import {Component, useState} from "@odoo/owl";

import {ChannelIcon} from "../channel/channel_icon";
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
        this.formatDay = formatDay;
        this.formatAmount = formatAmount;
        this.state = useState({isOpen: false});
    }

    get shown() {
        return this.state.isOpen ? this.props.items : this.props.items.slice(0, SHOWN);
    }

    get hiddenCount() {
        return this.props.items.length - this.shown.length;
    }
}
