import {Component, onWillStart, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {GlanceAnswers} from "./glance_answers";
import {GlanceBalance} from "./glance_balance";
import {GlanceFilm} from "./glance_film";
import {formatDay, getDialUrl} from "./glance_format";
import {GlanceItems} from "./glance_items";
import {GlancePeople} from "./glance_people";

const MODULE = "account_dunning_scenario";

/**
 * A customer at a glance: what is open, done, said and to come, from one call to the
 * server. Clicks open ordinary forms; what a dialog has saved is read again.
 */
export class Glance extends Component {
    static template = "account_dunning_scenario.Glance";
    static components = {
        GlanceAnswers,
        GlanceBalance,
        GlanceFilm,
        GlanceItems,
        GlancePeople,
        Layout,
    };
    static props = {...standardActionServiceProps};
    static path = "customer-glance";
    static displayName = _t("Customer at a Glance");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.getDialUrl = getDialUrl;
        this.state = useState({glance: null});
        this.open = this.open.bind(this);
        this.explain = this.explain.bind(this);
        this.openScene = this.openScene.bind(this);
        this.openInvoice = (id) => this.open("account.move", id);
        // What the address of the page says, so that it can be loaded again.
        this.props.updateActionState?.({resId: this.partnerId});
        onWillStart(() => this.load());
    }

    get partnerId() {
        const {action, resId} = this.props;
        return action.params?.partner_id || resId || action.context?.active_id;
    }

    get glance() {
        return this.state.glance;
    }

    get display() {
        return {controlPanel: this.env.inDialog ? false : {}};
    }

    get phone() {
        return this.glance.people.find((person) => person.phone)?.phone;
    }

    get stopText() {
        const {stop_until: until, stop_reason: reason} = this.glance.situation;
        const stop = until
            ? _t("In stop until %(day)s", {day: formatDay(until)})
            : _t("In stop");
        return [stop, reason].filter(Boolean).join(" – ");
    }

    get insolventText() {
        const day = formatDay(this.glance.situation.insolvent_since);
        return _t("Insolvent since %(day)s", {day});
    }

    async load() {
        const args = [[this.partnerId]];
        this.state.glance = await this.orm.call(
            "res.partner",
            "get_dunning_glance",
            args
        );
        this.env.config?.setDisplayName?.(this.glance.customer.name);
    }

    /**
     * Open the form of a record.
     *
     * @param {string} model
     * @param {number} id
     */
    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /**
     * Open what a scene of the film shows; a step to come is explained.
     *
     * @param {Object} scene
     */
    openScene(scene) {
        if (scene.kind === "step" && this.glance.rights.explain) {
            return this.explain(scene.item_ids);
        }
        return this.open(scene.model, scene.id);
    }

    explain(itemIds) {
        return this.action.doAction(`${MODULE}.dunning_planner_explain_action`, {
            additionalContext: {active_ids: itemIds},
        });
    }

    async noteAnswer() {
        const dialog = await this.orm.call(
            "res.partner",
            "action_note_answer",
            [[this.glance.customer.id]],
            {context: user.context}
        );
        return this.openDialog(dialog);
    }

    openStatement() {
        const {id} = this.glance.customer;
        return this.openDialog(`${MODULE}.dunning_statement_send_action`, {
            active_model: "res.partner",
            active_id: id,
            active_ids: [id],
        });
    }

    /**
     * Open a dialog; read everything again once it has saved something.
     *
     * @param {Object|string} action
     * @param {Object} additionalContext
     */
    openDialog(action, additionalContext = {}) {
        return this.action.doAction(action, {
            additionalContext,
            onClose: (infos) => {
                if (!infos?.special && !infos?.dismiss) {
                    this.load();
                }
            },
        });
    }
}

registry.category("actions").add("dunning_glance", Glance);
