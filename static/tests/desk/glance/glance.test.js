import {expect, test} from "@odoo/hoot";
import {click} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    getService,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";

import "@account_dunning_scenario/desk/glance/glance";

const GLANCE = {
    customer: {id: 7, name: "Azur Interior"},
    company: {id: 1, currency_id: 1},
    today: "2026-03-04",
    rights: {note: true, statement: true, explain: true},
    situation: {
        scenario: {id: 3, name: "Standard"},
        scenario_source: "chosen for the customer",
        segment: false,
        collector: false,
        salesperson: false,
        is_stopped: true,
        stop_reason: "Key account",
        stop_until: false,
        insolvent_since: false,
    },
    balance: {
        late: 0,
        promised: 0,
        disputed: 0,
        to_ask: 0,
        credits: 0,
        ages: [],
        currencies: [],
    },
    items: [],
    film: [],
    promises: [],
    declarations: [],
    disputes: [],
    reasons: [],
    satisfaction: {count: 0},
    people: [
        {id: 7, name: "Azur", role: "", phone: "+33 1", email: "", is_bounced: false},
    ],
};
const OPEN = {
    type: "ir.actions.client",
    tag: "dunning_glance",
    name: "Azur Interior",
    params: {partner_id: 7},
};

defineMailModels();

async function openGlance(changes = {}) {
    onRpc("res.partner", "get_dunning_glance", ({args}) => {
        expect.step(`look at ${args[0]}`);
        return {...GLANCE, ...changes};
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction(OPEN);
    await animationFrame();
}

test("one call to the server shows it all", async () => {
    await openGlance();
    expect.verifySteps(["look at 7"]);
    expect(".o_dunning_glance h1").toHaveText("Azur Interior");
    expect(".o_dunning_glance header .badge").toHaveText(/In stop.*Key account/);
    expect("[data-subject=situation]").toHaveText(/chosen for the customer/);
    expect("[data-subject=situation] .text-danger").toHaveText("Nobody");
    expect("a.btn[href='tel:+331']").toHaveCount(1);
    expect(".o_breadcrumb").toHaveText(/Azur Interior/);
});

test("buttons are those that the user may press", async () => {
    await openGlance({
        rights: {note: false, statement: false, explain: false},
        people: [],
    });
    expect.verifySteps(["look at 7"]);
    expect(".o_dunning_glance_buttons > *").toHaveCount(0);
});

test("what a dialog has saved is read again, what is discarded is not", async () => {
    let close = null;
    mockService("action", {
        doAction(action, options) {
            if (action.tag) {
                return super.doAction(...arguments);
            }
            expect.step(action);
            close = options.onClose;
        },
    });
    await openGlance();
    expect.verifySteps(["look at 7"]);
    await click("button:contains(Statement)");
    expect.verifySteps(["account_dunning_scenario.dunning_statement_send_action"]);
    close({special: true});
    close({dismiss: true});
    expect.verifySteps([]);
    close();
    await animationFrame();
    expect.verifySteps(["look at 7"]);
});
