import {beforeEach, expect, test} from "@odoo/hoot";
import {click, drag, press, queryAll, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {animationFrame, mockDate} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {session} from "@web/session";

import "@account_dunning_scenario/scenario/scale/scenario_scale_field";

const CHANNELS = [
    {code: "email", label: "E-mail", icon: "fa-envelope-o", color: 4, nature: "sent"},
    {code: "phone", label: "Phone", icon: "fa-phone", color: 10, nature: "human"},
];
const PREVIEW = {
    reason: false,
    first_date: "2026-02-19",
    last_date: "2026-03-21",
    due_date: "2026-03-02",
    paid_date: false,
    days_off: ["2026-02-21", "2026-02-22"],
    scenes: [
        {
            date: "2026-02-23",
            day: "Monday 23 February 2026",
            distance: "7 days before the due date",
            name: "Notice",
            way: "E-mail",
            channel: "email",
        },
    ],
};
const ANCHORS = ["due_date", "invoice_date", "previous_step", "step", "payment_date"];

class Scenario extends models.Model {
    _name = "dunning.scenario";
    name = fields.Char();
    step_ids = fields.One2many({
        relation: "dunning.step",
        relation_field: "scenario_id",
    });
    _records = [{id: 1, name: "Story", step_ids: [1, 2, 3, 4, 5]}];
}

const select = (...values) =>
    fields.Selection({selection: values.map((value) => [value, value])});

class Step extends models.Model {
    _name = "dunning.step";
    scenario_id = fields.Many2one({relation: "dunning.scenario"});
    sequence = fields.Integer();
    name = fields.Char();
    code = fields.Char();
    kind = select("notice", "reminder", "thanks");
    anchor = select(...ANCHORS);
    anchor_step_id = fields.Many2one({relation: "dunning.step"});
    delay = fields.Integer();
    channel = select("email", "phone");
    way = fields.Char();
    mode = select("auto", "confirm", "optional");
    tone = select("courteous", "firm");
    request = select("payment", "confirmation");
    is_enabled = fields.Boolean();
    is_last_resort = fields.Boolean();

    _records = [
        ["Notice", "notice", "due_date", -8, "email", {}],
        ["Reminder 1", "reminder", "due_date", 8, "email", {}],
        ["Call", "reminder", "previous_step", 8, "phone", {mode: "optional"}],
        ["Last", "reminder", "due_date", 40, "email", {is_last_resort: true}],
        ["Thanks", "thanks", "payment_date", 8, "email", {is_enabled: false}],
    ].map(([name, kind, anchor, delay, channel, values], index) => ({
        id: index + 1,
        sequence: 10 * (index + 1),
        code: name.toLowerCase().replace(" ", "_"),
        name,
        kind,
        anchor,
        delay,
        channel,
        mode: "confirm",
        tone: "firm",
        is_enabled: true,
        ...values,
    }));

    _views = {
        form: `
            <form>
                <field name="name"/><field name="code"/><field name="kind"/>
                <field name="anchor"/><field name="delay"/><field name="tone"/>
                <field name="request"/><field name="sequence"/>
            </form>`,
    };
}

defineMailModels();
defineModels([Scenario, Step]);

beforeEach(() => {
    mockDate("2026-02-01 12:00:00");
    patchWithCleanup(session, {dunning_channels: CHANNELS});
    onRpc("dunning.scenario", "get_preview", ({args}) => {
        expect.step(["preview", ...args.slice(1)]);
        return PREVIEW;
    });
    onRpc("dunning.scenario", "web_save", ({args}) => {
        const commands = args[1].step_ids;
        const [command, , values] = commands[0];
        expect.step(command ? ["save", commands] : `save ${values.sequence}`);
    });
});

async function mountScenario({readonly = false, resId = 1} = {}) {
    await mountView({
        type: "form",
        resModel: "dunning.scenario",
        resId,
        arch: `
            <form ${readonly ? 'edit="0" create="0"' : ""}>
                <field name="name"/>
                <field name="step_ids" widget="dunning_scenario_scale">
                    <list>
                        <field name="sequence" widget="handle"/>
                        <field name="name"/><field name="code"/><field name="kind"/>
                        <field name="anchor"/><field name="anchor_step_id"/>
                        <field name="delay"/><field name="channel"/>
                        <field name="way"/><field name="mode"/><field name="tone"/>
                        <field name="is_enabled"/><field name="is_last_resort"/>
                    </list>
                </field>
            </form>`,
    });
    await animationFrame();
    expect.verifySteps(resId ? [["preview", "2026-03-03", false]] : []);
}

const SCALE = ".o_dunning_scale:not(.o_dunning_scale_payment)";
const getFlag = (id) => queryOne(`.o_dunning_scale [data-flag="${id}"]`);
const getDays = () =>
    queryAll(`${SCALE} [data-flag]`).map((flag) => Number(flag.dataset.day));

async function dragBy(id, days) {
    const flag = getFlag(id);
    const {x, y} = flag.getBoundingClientRect();
    const {moveTo, drop, cancel} = await drag(flag, {position: {x: x + 5, y: y + 5}});
    const {width} = queryOne(
        `${SCALE} .o_dunning_day[data-day="1"]`
    ).getBoundingClientRect();
    await moveTo(flag, {position: {x: x + 5 + days * width, y: y + 5}});
    await animationFrame();
    return {drop, cancel};
}

async function save() {
    await click(".o_form_button_save");
    await animationFrame();
    await animationFrame();
}

test("each step stands on its day, with what tells it from the others", async () => {
    await mountScenario();
    expect(getDays()).toEqual([-8, 8, 16, 40]);
    expect(getFlag(3).querySelector(".fa-phone")).not.toBe(null);
    expect(getFlag(3)).toHaveClass(["o_dunning_flag_optional"]);
    expect(getFlag(3)).toHaveClass(["o_dunning_channel_color_10"]);
    expect(getFlag(4)).toHaveClass("o_dunning_flag_last");
    expect(getFlag(5)).toHaveClass("o_dunning_flag_off");
    expect(getFlag(5).closest(".o_dunning_scale_payment")).not.toBe(null);
    expect(getFlag(2)).toHaveAttribute(
        "aria-label",
        "Reminder 1, 8 days after the due date"
    );
    expect(queryAllTexts(".o_dunning_zone_label")).toEqual([
        "Before the due date",
        "After the due date",
        "After the payment",
    ]);
});

test("steps of the same day stand one above the other", async () => {
    Step._records[2].delay = 0;
    await mountScenario();
    const [lower, upper] = [2, 3].map((id) => getFlag(id).getBoundingClientRect());
    expect(upper.bottom).toBeLessThan(lower.top + 1);
    expect(upper.left).toBe(lower.left);
});

test("a step is dragged to another day, those counted from it follow", async () => {
    await mountScenario();
    const {drop} = await dragBy(2, 4);
    expect(getDays()).toEqual([-8, 12, 20, 40]);
    await drop();
    await animationFrame();
    expect(getDays()).toEqual([-8, 12, 20, 40]);
    await save();
    expect.verifySteps([
        ["save", [[1, 2, {delay: 12}]]],
        ["preview", "2026-03-03", false],
    ]);
});

test("a notice is not dragged beyond the due date, and one is told why", async () => {
    await mountScenario();
    const {drop} = await dragBy(1, 12);
    expect(getDays()[0]).toBe(0);
    expect(".o_dunning_scale_obstacle").toHaveText(
        "A notice is sent on the due date at the latest."
    );
    await drop();
    await animationFrame();
    expect(".o_dunning_scale_obstacle").toHaveCount(0);
    expect(getDays()[0]).toBe(0);
});

test("a step that is dragged over another one is played before it", async () => {
    await mountScenario();
    const {drop} = await dragBy(4, -35);
    await drop();
    await animationFrame();
    expect(queryAll(`${SCALE} [data-flag]`).map((f) => f.dataset.flag)).toEqual([
        "1",
        "4",
        "2",
        "3",
    ]);
    await save();
    expect.verifySteps([
        [
            "save",
            [
                [1, 4, {delay: 5, sequence: 20}],
                [1, 2, {sequence: 30}],
                [1, 3, {sequence: 40}],
            ],
        ],
        ["preview", "2026-03-03", false],
    ]);
});

test("Escape lets go of what is dragged; discarding undoes a move", async () => {
    await mountScenario();
    const {drop} = await dragBy(2, 4);
    await press("Escape");
    await drop();
    await animationFrame();
    expect(getDays()).toEqual([-8, 8, 16, 40]);
    const second = await dragBy(2, 4);
    await second.drop();
    await animationFrame();
    await click(".o_form_button_cancel");
    await animationFrame();
    expect(getDays()).toEqual([-8, 8, 16, 40]);
    expect.verifySteps([["preview", "2026-03-03", false]]);
});

test("the arrow keys move the step by a day, fast as they may come", async () => {
    await mountScenario();
    getFlag(2).focus();
    press("ArrowRight");
    press("ArrowRight");
    await press("ArrowLeft");
    await animationFrame();
    await animationFrame();
    expect(getDays()).toEqual([-8, 9, 17, 40]);
    expect(getFlag(2)).toBeFocused();
});

test("a click opens the step, a drop does not", async () => {
    await mountScenario();
    const {drop} = await dragBy(2, 3);
    await drop();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    await click(getFlag(3));
    await animationFrame();
    expect(".modal .o_field_widget[name=name] input").toHaveValue("Call");
});

test("a new reminder is named by its place among the others", async () => {
    await mountScenario();
    for (const [day, name] of [
        [3, "Early reminder"],
        [12, "After Reminder 1"],
        [42, "Reminder 4"],
    ]) {
        await click(`${SCALE} .o_dunning_day[data-day="${day}"]`);
        await animationFrame();
        expect(".modal [name=name] input").toHaveValue(name);
        await click(".modal .o_form_button_cancel");
        await animationFrame();
    }
});

test("the plus of a day adds a step there, after what comes before", async () => {
    await mountScenario();
    await click(`${SCALE} .o_dunning_day[data-day="25"]`);
    await animationFrame();
    const getValue = (name) =>
        queryOne(`.modal [name=${name}] :is(input, select)`).value;
    expect(getValue("name")).toBe("After Call");
    expect(getValue("code")).toBe("reminder_4");
    expect(getValue("delay")).toBe("25");
    await click(".modal .o_form_button_save");
    await animationFrame();
    expect(getDays()).toEqual([-8, 8, 16, 25, 40]);
    await save();
    expect.verifySteps(["save 31", ["preview", "2026-03-03", false]]);
});

test("a step before the due date is a notice, after the payment it thanks", async () => {
    await mountScenario();
    await click(`${SCALE} .o_dunning_day[data-day="-3"]`);
    await animationFrame();
    expect(".modal [name=code] input").toHaveValue("notice_2");
    await click(".modal .o_form_button_cancel");
    await animationFrame();
    await click('.o_dunning_scale_payment .o_dunning_day[data-day="2"]');
    await animationFrame();
    expect(".modal [name=delay] input").toHaveValue("2");
    expect(".modal [name=name] input").toHaveValue("Thanks 2");
});

test("who may only read sees the scale, opens steps, moves and adds nothing", async () => {
    await mountScenario({readonly: true});
    expect(".o_dunning_day").toHaveCount(0);
    const flag = getFlag(2);
    const {x, y, width} = flag.getBoundingClientRect();
    const {moveTo, drop} = await drag(flag, {position: {x: x + 5, y: y + 5}});
    await moveTo(flag, {position: {x: x + 5 + width, y: y + 5}});
    await drop();
    getFlag(2).focus();
    await press("ArrowRight");
    await animationFrame();
    expect(getDays()).toEqual([-8, 8, 16, 40]);
});

test("the list of the steps is one click away", async () => {
    await mountScenario();
    await click(".o_dunning_show_list");
    await animationFrame();
    expect(".o_dunning_scale").toHaveCount(0);
    expect(".o_data_row").toHaveCount(5);
});

test("the strip draws what the planner plays, with the days off", async () => {
    await mountScenario();
    expect(queryAllTexts(".o_dunning_strip .o_dunning_flag_name")).toEqual(["Notice"]);
    expect(".o_dunning_strip .o_dunning_flag").toHaveAttribute("data-day", "4");
    expect(".o_dunning_strip .o_dunning_zone_off").toHaveCount(2);
    expect(".o_dunning_strip .o_dunning_zone_due").toHaveCount(1);
});

test("a scenario that is not saved yet has no strip", async () => {
    await mountScenario({resId: false});
    expect(".o_dunning_strip").toHaveText(/Save the scenario to see/);
});
