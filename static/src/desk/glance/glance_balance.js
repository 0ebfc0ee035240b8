import {Component} from "@odoo/owl";

import {formatAmount} from "./glance_format";

/**
 * What a customer owes: net of credits, by age, by currency.
 */
export class GlanceBalance extends Component {
    static template = "account_dunning_scenario.GlanceBalance";
    static props = {
        balance: {type: Object},
        currencyId: {type: Number},
    };

    setup() {
        this.formatAmount = formatAmount;
    }

    get claimed() {
        return this.props.balance.ages.reduce((sum, age) => sum + age.amount, 0);
    }

    /**
     * The part of an age in all that is claimed, in percent.
     *
     * @param {Object} age
     */
    getShare(age) {
        return this.claimed ? (100 * age.amount) / this.claimed : 0;
    }

    get currencies() {
        const {currencies} = this.props.balance;
        const isForeign = ({currency_id: id}) => id !== this.props.currencyId;
        return currencies.some(isForeign) ? currencies : [];
    }

    format(amount) {
        return formatAmount(amount, this.props.currencyId);
    }
}
