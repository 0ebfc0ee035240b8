import {Component} from "@odoo/owl";

import {Dropdown} from "@web/core/dropdown/dropdown";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

/**
 * What the desk holds, and who would be forgotten: the figures above its list.
 */
export class DeskBanner extends Component {
    static template = "account_dunning_scenario.DeskBanner";
    static components = {Dropdown};
    static props = {summary: Object};

    setup() {
        this.action = useService("action");
    }

    get amountText() {
        return this.props.summary.amounts
            .map(({amount, currency_id}) =>
                formatMonetary(amount, {currencyId: currency_id})
            )
            .join(" + ");
    }

    get coverage() {
        return this.props.summary.coverage;
    }

    get percentText() {
        return formatFloat(this.coverage.percent, {digits: [0, 0]});
    }

    get gaps() {
        return this.coverage.gaps.filter(({count}) => count);
    }

    openGap({action}) {
        return this.action.doAction(action);
    }
}
