import {beforeEach, expect, test} from "@odoo/hoot";
import {click} from "@odoo/hoot-dom";
import {animationFrame, mockDate} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {session} from "@web/session";

import {DispatchSystray} from "@account_dunning_scenario/delivery/dispatch/dispatch_systray";
import {getResultText} from "@account_dunning_scenario/delivery/dispatch/dispatch_service";

defineMailModels();

const progress = (values) => ({
    id: 7,
    total_count: 50,
    under_way_count: 0,
    sent_count: 0,
    put_off_count: 0,
    handed_count: 0,
    waiting_count: 0,
    failed_count: 0,
    dropped_count: 0,
    returned_count: 0,
    missed_count: 0,
    next_at: false,
    progress: 100,
    ...values,
});
const RUNNING = progress({under_way_count: 30, sent_count: 20, progress: 40});
const DONE = progress({
    sent_count: 47,
    waiting_count: 2,
    failed_count: 1,
    next_at: "2026-03-04 08:00:00",
});

const receive = async (message) => {
    getService("dunning_dispatch").receive(message);
    await animationFrame();
};

beforeEach(() => {
    mockDate("2026-03-04 07:00:00", 1);
    mockService("notification", {
        add(message, {type}) {
            expect.step(`${type}: ${message}`);
        },
    });
});

test("the result is one sentence, with the hour of those that wait", async () => {
    await makeMockEnv();
    expect(getResultText(DONE)).toMatch(/^47 sent, 1 failed, 2 wait until 9:00\sAM$/);
});

test("who waits for another day is told the day", async () => {
    await makeMockEnv();
    const text = getResultText({...DONE, next_at: "2026-03-05 08:00:00"});
    expect(text).toMatch(/2 wait until 3\/5\/2026, 9:00\sAM$/);
});

test("nothing is shown where nothing was sent", async () => {
    await mountWithCleanup(DispatchSystray);
    expect(".o_dunning_dispatch").toHaveCount(0);
});

test("a page that is opened again shows how far it is", async () => {
    patchWithCleanup(session, {dunning_dispatches: [RUNNING]});
    await mountWithCleanup(DispatchSystray);
    expect(".o_dunning_dispatch").toHaveAttribute(
        "title",
        "Follow-up: 20 of 50 dealt with"
    );
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect.verifySteps([]);
});

test("the bar moves with what is published, the end is announced once", async () => {
    await mountWithCleanup(DispatchSystray);
    await receive(RUNNING);
    await receive({...RUNNING, under_way_count: 10, sent_count: 40, progress: 80});
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "80");
    expect.verifySteps([]);
    await receive(DONE);
    await receive(DONE);
    expect("[role=progressbar]").toHaveCount(0);
    expect.verifySteps([`warning: ${getResultText(DONE)}`]);
});

test("what leaves later only is announced at once", async () => {
    await makeMockEnv();
    const waiting = progress({waiting_count: 50, next_at: "2026-03-04 13:00:00"});
    await receive(waiting);
    expect.verifySteps([`success: ${getResultText(waiting)}`]);
});

test("the result opens from the bar, which is then gone", async () => {
    patchWithCleanup(session, {dunning_dispatches: [DONE]});
    onRpc("dunning.dispatch", "action_open", ({args}) => {
        expect.step(`open ${args[0]}`);
        return {type: "ir.actions.act_window_close"};
    });
    await mountWithCleanup(DispatchSystray);
    await click(".o_dunning_dispatch");
    await animationFrame();
    expect(".o_dunning_dispatch_text").toHaveText(getResultText(DONE));
    await click(".o_dunning_dispatch_item button:contains(Open)");
    await animationFrame();
    expect.verifySteps(["open 7"]);
    expect(".o_dunning_dispatch").toHaveCount(0);
});

test("what was seen is put away", async () => {
    patchWithCleanup(session, {dunning_dispatches: [DONE]});
    onRpc("dunning.dispatch", "action_put_away", ({args}) => {
        expect.step(`put away ${args[0]}`);
        return true;
    });
    await mountWithCleanup(DispatchSystray);
    await click(".o_dunning_dispatch");
    await animationFrame();
    await click(".o_dunning_dispatch_item button[title='Dismiss']");
    await animationFrame();
    expect.verifySteps(["put away 7"]);
    expect(".o_dunning_dispatch").toHaveCount(0);
});
