import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

import {GlanceFilm, getDays} from "@account_dunning_scenario/desk/glance/glance_film";

const SCENE = {
    kind: "action",
    is_past: true,
    model: "dunning.action",
    channel: "phone",
    about: "INV/1",
    count: 1,
    amount: 0,
    currency_id: 1,
    state: "",
    outcome: "",
    tone: "",
    note: "",
};
const SCENES = [
    {...SCENE, id: 1, date: "2026-02-18", title: "Reminder 1", outcome: "Promise"},
    {...SCENE, id: 2, date: "2026-03-04", title: "Reminder 2", is_past: false},
    {
        ...SCENE,
        id: 3,
        date: "2026-03-12",
        title: "Reminder 3",
        kind: "step",
        is_past: false,
    },
    {
        ...SCENE,
        id: 4,
        date: "2026-03-12",
        title: "Promised payment",
        kind: "promise",
        channel: "",
        is_past: false,
    },
];

defineMailModels();

const mountFilm = (scenes, open = () => expect.step("opened")) =>
    mountWithCleanup(GlanceFilm, {props: {scenes, today: "2026-03-04", open}});

test("scenes of a day stand together, in their order", () => {
    const days = getDays(SCENES, "2026-03-04");
    expect(days.map((day) => day.date)).toEqual([
        "2026-02-18",
        "2026-03-04",
        "2026-03-12",
    ]);
    expect(days.map((day) => day.gap)).toEqual([0, 14, 8]);
    expect(days[2].scenes.map((scene) => scene.id)).toEqual([3, 4]);
});

test("today has its place even when nothing happens", async () => {
    await mountFilm([SCENES[0]]);
    expect(".o_dunning_film_day").toHaveCount(2);
    expect(".o_dunning_film_today").toHaveText(/Today/);
    expect(".o_dunning_film_today").toHaveAttribute("aria-current", "date");
    expect(".o_dunning_film_today .o_dunning_scene").toHaveCount(0);
});

test("what is to come is told from what happened", async () => {
    await mountFilm(SCENES);
    expect(queryAllTexts(".o_dunning_scene .fw-bold")).toEqual([
        "Reminder 1",
        "Reminder 2",
        "Reminder 3",
        "Promised payment",
    ]);
    expect(".o_dunning_film_past .o_dunning_scene").toHaveCount(1);
    expect(".o_dunning_scene_coming").toHaveCount(3);
    expect(".o_dunning_scene:eq(0) .badge").toHaveText("Promise");
    expect(".o_dunning_scene[data-kind=promise] .fa-handshake-o").toHaveCount(1);
});

test("a scene is opened by a click and by the keyboard", async () => {
    await mountFilm(SCENES, (scene) => expect.step(scene.id));
    await click(".o_dunning_scene:eq(0)");
    await press("ArrowRight");
    await animationFrame();
    expect(".o_dunning_scene:eq(1)").toBeFocused();
    await press("Enter");
    expect.verifySteps([1, 2]);
});

test("a scene says all of it to those who do not see it", async () => {
    await mountFilm(SCENES);
    const label = document.querySelector(".o_dunning_scene").getAttribute("aria-label");
    expect(label).toMatch(/Feb 18.*Reminder 1.*INV\/1.*Promise/);
});
