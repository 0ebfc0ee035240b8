import {evaluateBooleanExpr} from "@web/core/py_js/py";
import {ListController} from "@web/views/list/list_controller";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {unique} from "@web/core/utils/arrays";

const OPEN_STATES = ["to_confirm", "scheduled", "in_progress", "failed"];

/**
 * List of follow-up actions whose buttons show only where they apply to all that is
 * selected: their `invisible` may ask the context about it.
 *
 * - `selected_state`: the state that all of them are in, if it is one;
 * - `selected_are_open`: whether all of them still wait or are under way;
 * - `selected_tick`: "ticked" or "unticked", if all of them are;
 * - `selected_can_merge`: whether they are several of one customer, not yet on their way.
 */
export class ActionListController extends ListController {
    get selectionContext() {
        const data = this.model.root.selection.map((record) => record.data);
        const states = unique(data.map(({state}) => state));
        const ticks = unique(data.map(({is_ticked}) => is_ticked));
        const customers = unique(data.map(({partner_id}) => partner_id.id));
        return {
            selected_state: states.length === 1 ? states[0] : false,
            selected_are_open: states.every((state) => OPEN_STATES.includes(state)),
            selected_tick: ticks.length === 1 && (ticks[0] ? "ticked" : "unticked"),
            selected_can_merge:
                data.length > 1 &&
                customers.length === 1 &&
                !states.includes("in_progress"),
        };
    }

    evalViewModifier(modifier) {
        const {evalContext} = this.model.root;
        return evaluateBooleanExpr(modifier, {
            ...evalContext,
            context: {...evalContext.context, ...this.selectionContext},
        });
    }
}

registry
    .category("views")
    .add("dunning_action_list", {...listView, Controller: ActionListController});
