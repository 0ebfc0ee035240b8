import {beforeEach, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {click} from "@odoo/hoot-dom";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {Deferred} from "@web/core/utils/concurrency";

import "@account_dunning_scenario/delivery/dry_run/dry_run";

const NOTIFICATION = "account_dunning_scenario/dry_run";

class DryRun extends models.Model {
    _name = "dunning.dry.run";
    state = fields.Char();
    progress = fields.Integer();
    day_count = fields.Integer();
    _records = [{id: 1, state: "draft", progress: 0, day_count: 60}];
    _views = {
        form: `
            <form>
                <field name="state"/>
                <field name="progress" invisible="1"/>
                <field name="day_count" readonly="state == 'running'"/>
                <widget name="dunning_dry_run"/>
            </form>`,
    };
}

defineMailModels();
defineModels([DryRun]);

let end, listeners;
beforeEach(() => {
    end = new Deferred();
    listeners = new Set();
    mockService("bus_service", {
        subscribe(kind, callback) {
            if (kind === NOTIFICATION) {
                listeners.add(callback);
            } else {
                super.subscribe(kind, callback);
            }
        },
        unsubscribe(kind, callback) {
            if (!listeners.delete(callback)) {
                super.unsubscribe(kind, callback);
            }
        },
    });
    onRpc("dunning.dry.run", "action_run", () => {
        expect.step("run");
        return end;
    });
    onRpc("dunning.dry.run", "action_stop", () => {
        expect.step("stop");
        return true;
    });
});

const tell = async (payload) => {
    for (const listener of listeners) {
        listener(payload);
    }
    await animationFrame();
};

test("the bar shows the days that the server has played, and nothing else", async () => {
    await mountView({type: "form", resModel: "dunning.dry.run", resId: 1});
    await click(".o_dunning_start");
    await animationFrame();
    expect(".progress-bar").toHaveStyle({width: "0px"});
    await tell({id: 1, state: "running", progress: 15, days: 60});
    expect(".progress").toHaveAttribute("aria-valuenow", "25");
    await tell({id: 2, state: "running", progress: 59, days: 60});
    expect(".progress").toHaveAttribute("aria-valuenow", "25");
    expect.verifySteps(["run"]);
    end.resolve(true);
    await animationFrame();
});

test("nothing can be changed while the days are played", async () => {
    await mountView({type: "form", resModel: "dunning.dry.run", resId: 1});
    await click(".o_dunning_start");
    await animationFrame();
    MockServer.env["dunning.dry.run"].write([1], {state: "running"});
    await tell({id: 1, state: "running", progress: 0, days: 60});
    await animationFrame();
    expect("[name=day_count] input").toHaveCount(0);
    expect(".progress").toHaveCount(1);
    MockServer.env["dunning.dry.run"].write([1], {state: "done"});
    end.resolve(true);
    await animationFrame();
    await animationFrame();
    expect("[name=day_count] input").toHaveCount(1);
    expect.verifySteps(["run"]);
});

test("a run can be stopped, and started again once it is over", async () => {
    await mountView({type: "form", resModel: "dunning.dry.run", resId: 1});
    await click(".o_dunning_start");
    await animationFrame();
    await click(".o_dunning_dry_run .btn-secondary");
    await animationFrame();
    expect.verifySteps(["run", "stop"]);
    end.resolve(true);
    await animationFrame();
    await animationFrame();
    expect(".o_dunning_start").toHaveCount(1);
    expect(".progress").toHaveCount(0);
});
