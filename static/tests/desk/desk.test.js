import {beforeEach, expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import {user} from "@web/core/user";

import {DeskBanner} from "@account_dunning_scenario/desk/desk_banner";
import "@account_dunning_scenario/desk/desk_view";

class Action extends models.Model {
    _name = "dunning.action";

    partner_id = fields.Many2one({string: "Customer", relation: "customer"});
    currency_id = fields.Many2one({relation: "res.currency"});
    amount_total = fields.Monetary({string: "Amount", currency_field: "currency_id"});
    is_ticked = fields.Boolean({string: "Ticked"});
    state = fields.Selection({
        selection: [
            ["to_confirm", "To confirm"],
            ["scheduled", "Scheduled"],
            ["failed", "Failed"],
        ],
    });

    _records = [
        [1, 1, true, "to_confirm"],
        [2, 2, true, "to_confirm"],
        [3, 2, false, "to_confirm"],
        [4, 3, false, "failed"],
    ].map(([id, partner_id, is_ticked, state]) => ({
        id,
        partner_id,
        is_ticked,
        state,
        currency_id: 1,
        amount_total: 100 * id,
    }));
}

class Customer extends models.Model {
    name = fields.Char();
    _records = [
        {id: 1, name: "Azur"},
        {id: 2, name: "Bleu"},
        {id: 3, name: "Corail"},
    ];
}

defineMailModels();
defineModels([Action, Customer]);

const SUMMARY = {
    count: 4,
    ticked: 2,
    failed: 1,
    first: 0,
    amounts: [{currency_id: 1, amount: 300}],
    coverage: false,
};
const ARCH = `
    <list js_class="dunning_desk">
        <header>
            <button name="action_tick" type="object" string="Tick"
                    invisible="context.get('selected_state') != 'to_confirm' or context.get('selected_tick') == 'ticked'"/>
            <button name="action_merge" type="object" string="Merge"
                    invisible="not context.get('selected_can_merge')"/>
            <button name="action_retry" type="object" string="Retry"
                    invisible="context.get('selected_state') != 'failed'"/>
        </header>
        <field name="is_ticked" widget="boolean_toggle" readonly="state != 'to_confirm'"/>
        <field name="partner_id"/>
        <field name="amount_total"/>
        <field name="state"/>
        <field name="currency_id" column_invisible="1"/>
    </list>`;

const mountDesk = async (props) => {
    await mountView({type: "list", resModel: "dunning.action", arch: ARCH, ...props});
    await animationFrame();
};
const select = async (row) => {
    await click(`.o_data_row:eq(${row}) .o_list_record_selector input`);
    await animationFrame();
};
const getSelectionButtons = () => queryAllTexts(".o_selection_container button[name]");

let summary = SUMMARY;
let isCollector = true;

beforeEach(() => {
    summary = SUMMARY;
    isCollector = true;
    patchWithCleanup(user, {hasGroup: async () => isCollector});
    onRpc("dunning.action", "get_desk_summary", ({args}) => {
        expect.step(`summary ${JSON.stringify(args)}`);
        return summary;
    });
});

test("one call brings the figures, whatever the list shows", async () => {
    await mountDesk({domain: [["id", "<", 9]]});
    expect.verifySteps(['summary [[["id","<",9]],true]']);
    expect(".o_dunning_banner_actions").toHaveText("4 actions, 2 ticked: $ 300.00");
    expect(".o_dunning_send").toHaveText("Send 2 Ticked");
    expect(".o_dunning_send").toHaveAttribute("title", /\$\s300.00/);
});

test("without a selection, all that the filters show is sent", async () => {
    mockService("action", {
        doAction(action, {additionalContext, onClose}) {
            expect.step(JSON.stringify(additionalContext));
            onClose({dunning_dispatch: {id: 7, under_way_count: 2}});
        },
    });
    await mountDesk({domain: [["id", "<", 9]]});
    await click(".o_dunning_send");
    await animationFrame();
    expect(Object.keys(getService("dunning_dispatch").state.dispatches)).toEqual(["7"]);
    expect.verifySteps([
        'summary [[["id","<",9]],true]',
        '{"dunning_domain":[["id","<",9]]}',
        'summary [[["id","<",9]],false]',
    ]);
});

test("with a selection, what is ticked of it is sent", async () => {
    mockService("action", {
        doAction: (action, {additionalContext}) =>
            expect.step(JSON.stringify(additionalContext)),
    });
    await mountDesk();
    await select(1);
    await select(2);
    expect(".o_dunning_send").toHaveText(/Send 1 Ticked\s*\(\$ 200.00\)/);
    await click(".o_dunning_send");
    await animationFrame();
    expect.verifySteps(["summary [[],true]", '{"active_ids":[2,3]}']);
});

test("who only reads has nothing to send or to plan", async () => {
    isCollector = false;
    await mountDesk();
    expect(".o_dunning_banner_actions").toHaveCount(1);
    expect(".o_dunning_send").toHaveCount(0);
    expect(".o_dunning_plan").toHaveCount(0);
    expect.verifySteps(["summary [[],true]"]);
});

test("the actions of the day are prepared at once", async () => {
    mockService("action", {
        doActionButton: ({name, resIds}) => expect.step(`${name} ${resIds.length}`),
    });
    await mountDesk();
    await click(".o_dunning_plan");
    await animationFrame();
    expect.verifySteps(["summary [[],true]", "action_plan_today 0"]);
});

test("nothing ticked is said, nothing is opened", async () => {
    summary = {...SUMMARY, ticked: 0, amounts: []};
    mockService("action", {doAction: () => expect.step("opened")});
    mockService("notification", {add: (text) => expect.step(text.slice(0, 17))});
    await mountDesk();
    expect(".o_dunning_send").toHaveText("Nothing Ticked");
    await click(".o_dunning_send");
    await animationFrame();
    expect.verifySteps(["summary [[],true]", "Nothing is ticked"]);
});

test("buttons show where they apply to all that is selected", async () => {
    await mountDesk();
    await select(0);
    expect(getSelectionButtons()).toEqual([]);
    await select(2);
    expect(getSelectionButtons()).toEqual(["Tick"]);
    await select(0);
    await select(1);
    expect(getSelectionButtons()).toEqual(["Tick", "Merge"]);
    await select(3);
    expect(getSelectionButtons()).toEqual([]);
    await select(1);
    await select(2);
    expect(getSelectionButtons()).toEqual(["Retry"]);
    expect.verifySteps(["summary [[],true]"]);
});

test("keys: next, previous, tick in its place", async () => {
    onRpc("dunning.action", "web_save", ({args}) =>
        expect.step(`save ${args[0]} ${JSON.stringify(args[1])}`)
    );
    await mountDesk();
    await press("j");
    expect(".o_data_row:eq(0) [name=partner_id]").toBeFocused();
    await press("j");
    await press("j");
    await press("k");
    expect(".o_data_row:eq(1) [name=partner_id]").toBeFocused();
    await press(" ");
    await animationFrame();
    expect(".o_data_row:eq(1) input[type=checkbox]:eq(1)").not.toBeChecked();
    expect(".o_data_row:eq(1) [name=partner_id]").toBeFocused();
    expect.verifySteps([
        "summary [[],true]",
        'save 2 {"is_ticked":false}',
        "summary [[],false]",
    ]);
});

test("what failed is not ticked by the space bar", async () => {
    onRpc("dunning.action", "web_save", () => expect.step("save"));
    await mountDesk();
    for (let row = 0; row < 4; row++) {
        await press("j");
    }
    await press(" ");
    await animationFrame();
    expect.verifySteps(["summary [[],true]"]);
});

test("the banner leads to the declarations, whose claims are on no row", async () => {
    mockService("action", {doAction: (action) => expect.step(action)});
    await mountWithCleanup(DeskBanner, {
        props: {summary: {...SUMMARY, declarations: 3}},
    });
    await click(".o_dunning_banner_declarations");
    expect.verifySteps(["account_dunning_scenario.dunning_declaration_action"]);
});

test("the banner names who is forgotten, and opens the way to mend it", async () => {
    mockService("action", {doAction: (action) => expect.step(action.name)});
    const gap = {code: "scenario", label: "No scenario", count: 3, remedy: "Give one."};
    await mountWithCleanup(DeskBanner, {
        props: {
            summary: {
                ...SUMMARY,
                first: 2,
                coverage: {percent: 97.6, gaps: [{...gap, action: {name: "Gap"}}]},
            },
        },
    });
    expect(".o_dunning_banner_first").toHaveText(/^2 with a dispute/);
    expect(".o_dunning_banner_failed").toHaveText(/^1 failed/);
    expect(".o_dunning_banner_coverage").toHaveText(/^98\s%/);
    await click(".o_dunning_banner_gap");
    expect.verifySteps(["Gap"]);
});
