import {Component} from "@odoo/owl";

import {getChannel} from "./channels";

/**
 * The icon of a channel in its colour, with its name beside it or as its tooltip.
 */
export class ChannelIcon extends Component {
    static template = "account_dunning_scenario.ChannelIcon";
    static props = {
        code: {type: String},
        withLabel: {type: Boolean, optional: true},
    };

    get channel() {
        return getChannel(this.props.code);
    }
}
