import {Component} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {ChannelIcon} from "./channel_icon";

/**
 * Show a field that holds the code of a channel as the channel's icon and name.
 */
export class ChannelField extends Component {
    static template = "account_dunning_scenario.ChannelField";
    static components = {ChannelIcon};
    static props = {...standardFieldProps};

    get code() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("dunning_channel", {
    component: ChannelField,
    displayName: _t("Channel"),
    supportedTypes: ["char", "selection"],
});
