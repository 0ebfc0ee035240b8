import {Component} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";

import {formatAmount} from "./glance_format";

/**
 * What a customer owes: what is late, of which promised and disputed, credits, what may
 * be asked for; by age, by currency.
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

    /**
     * What is late, but not asked for today.
     */
    get parts() {
        const {promised, disputed} = this.props.balance;
        const promise = _t("of which promised: %s", this.format(promised));
        const dispute = _t("of which disputed: %s", this.format(disputed));
        return [
            {code: "promised", amount: promised, text: promise},
            {code: "disputed", amount: disputed, text: dispute},
        ].filter(({amount}) => amount);
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
