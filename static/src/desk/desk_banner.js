import {Component} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

const DECLARATIONS = "account_dunning_scenario.dunning_declaration_action";

/**
 * What the desk holds, and who would be forgotten: the figures above its list.
 */
export class DeskBanner extends Component {
    static template = "account_dunning_scenario.DeskBanner";
    static components = {Dropdown};
    static props = {
        summary: Object,
        onPlan: {type: Function, optional: true},
    };

    setup() {
        this.action = useService("action");
    }

    get headline() {
        const {count, ticked, amounts} = this.props.summary;
        const amount = amounts
            .map((one) => formatMonetary(one.amount, {currencyId: one.currency_id}))
            .join(" + ");
        return amount
            ? _t("%(count)s actions, %(ticked)s ticked: %(amount)s", {
                  count,
                  ticked,
                  amount,
              })
            : _t("%(count)s actions, %(ticked)s ticked", {count, ticked});
    }

    get firstText() {
        return _t(
            "%s with a dispute, a broken promise or a declaration",
            this.props.summary.first
        );
    }

    get declarationsText() {
        return _t("%s declarations to decide on", this.props.summary.declarations);
    }

    get failedText() {
        return _t("%s failed", this.props.summary.failed);
    }

    get coverage() {
        return this.props.summary.coverage;
    }

    get coverageText() {
        const percent = formatFloat(this.coverage.percent, {digits: [0, 0]});
        return _t("%s %% of late customers are followed up", percent);
    }

    get gaps() {
        return this.coverage.gaps.filter(({count}) => count);
    }

    openDeclarations() {
        return this.action.doAction(DECLARATIONS);
    }

    openGap({action}) {
        return this.action.doAction(action);
    }
}
