import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

import {GlanceAnswers} from "@account_dunning_scenario/desk/glance/glance_answers";
import {GlanceBalance} from "@account_dunning_scenario/desk/glance/glance_balance";
import {GlanceItems} from "@account_dunning_scenario/desk/glance/glance_items";
import {GlancePeople} from "@account_dunning_scenario/desk/glance/glance_people";

const ITEM = {
    name: "INV/1",
    move_id: 7,
    company: false,
    due_date: "2026-02-10",
    days_late: 22,
    amount: 100,
    currency_id: 1,
    is_credit: false,
    is_held: false,
    next_channel: "phone",
    sentence: "Reminder 1, by phone, today.",
};
const BALANCE = {
    late: 75,
    promised: 30,
    disputed: 0,
    to_ask: 25,
    credits: -20,
    ages: [
        {code: "not_due", label: "Not due", amount: 25},
        {code: "1_30", label: "1 to 30 days", amount: 75},
    ],
    currencies: [{currency_id: 1, amount: 100}],
};
const SAID = {
    declarations: [],
    promises: [],
    disputes: [],
    reasons: [],
    satisfaction: {count: 0},
};

defineMailModels();

const mountItems = (count, props = {}) =>
    mountWithCleanup(GlanceItems, {
        props: {
            items: [...Array(count).keys()].map((id) => ({...ITEM, id})),
            canExplain: true,
            openInvoice: (id) => expect.step(`invoice ${id}`),
            explain: (ids) => expect.step(`why ${ids}`),
            ...props,
        },
    });

test("an item says what comes next, opens its invoice, and why", async () => {
    await mountItems(1);
    expect(".o_dunning_glance_sentence").toHaveText(/Reminder 1, by phone, today./);
    expect(".o_dunning_glance_item").toHaveText(/22 days late/);
    await click("a:contains(INV/1)");
    await click("button:contains(Why?)");
    expect.verifySteps(["invoice 7", "why 0"]);
});

test("whoever may not read the books is not offered to ask why", async () => {
    await mountItems(1, {canExplain: false});
    expect("button").toHaveCount(0);
});

test("a long list is shown bit by bit", async () => {
    await mountItems(25);
    expect(".o_dunning_glance_item").toHaveCount(10);
    await click("button:contains(Show 15 more)");
    await animationFrame();
    expect(".o_dunning_glance_item").toHaveCount(25);
});

test("nothing open is said", async () => {
    await mountItems(0);
    expect("p").toHaveText(/owes nothing/);
});

test("ages are drawn in their shares of what is claimed", async () => {
    await mountWithCleanup(GlanceBalance, {props: {balance: BALANCE, currencyId: 1}});
    expect(".o_dunning_ages .o_dunning_age_1_30").toHaveStyle(
        {width: "75%"},
        {inline: true}
    );
    expect(queryAllTexts("dt")).toEqual(["Not due", "1 to 30 days"]);
    expect(".o_dunning_glance_overdue").toHaveClass("text-danger");
    expect(".o_dunning_glance_currency").toHaveCount(0);
});

test("what is promised is late all the same, and not asked for", async () => {
    await mountWithCleanup(GlanceBalance, {props: {balance: BALANCE, currencyId: 1}});
    expect(".o_dunning_glance_promised").toHaveText(/of which promised: .*30/);
    expect(".o_dunning_glance_disputed").toHaveCount(0);
    expect(".o_dunning_glance_credits").toHaveText(/20/);
    expect(".o_dunning_glance_to_ask").toHaveText(/25/);
});

test("several currencies are told one by one", async () => {
    const currencies = [...BALANCE.currencies, {currency_id: 2, amount: 30}];
    const balance = {...BALANCE, late: 0, currencies};
    await mountWithCleanup(GlanceBalance, {props: {balance, currencyId: 1}});
    expect(".o_dunning_glance_currency").toHaveCount(2);
    expect(".o_dunning_glance_overdue").toHaveClass("text-success");
});

test("a person is called and written to by a click", async () => {
    const people = [
        {
            id: 1,
            name: "Zoé",
            role: "Accounts",
            phone: "+33 1",
            email: "",
            is_bounced: false,
        },
        {
            id: 2,
            name: "Anne",
            role: "",
            phone: "",
            email: "a@x.example",
            is_bounced: true,
        },
    ];
    const open = (...args) => expect.step(args.join(" "));
    await mountWithCleanup(GlancePeople, {props: {people, open}});
    expect("a[href^='tel:']").toHaveAttribute("href", "tel:+331");
    expect("a[href^='mailto:']").toHaveAttribute("href", "mailto:a@x.example");
    expect("li:eq(1) .badge").toHaveText("Bounces");
    await click("a:contains(Zoé)");
    expect.verifySteps(["res.partner 1"]);
});

test("what the customer said opens its form", async () => {
    const promise = {
        id: 5,
        amount: 70,
        currency_id: 1,
        date: "2026-03-10",
        taken_date: "2026-03-04",
        state: "broken",
        state_label: "Broken",
        user: "Camille",
        is_plan: false,
    };
    const open = (...args) => expect.step(args.join(" "));
    const props = {...SAID, promises: [promise], open};
    await mountWithCleanup(GlanceAnswers, {props});
    expect("section").toHaveCount(1);
    expect(".badge").toHaveClass("text-bg-danger");
    await click("section a");
    expect.verifySteps(["dunning.promise 5"]);
});

test("what the customer declared on their page waits for a decision", async () => {
    const declaration = {
        id: 7,
        kind_label: "Already paid",
        summary: "INV/1: 03/02/2026",
        description: "",
        declared_date: "2026-03-04",
        expiry_date: "2026-03-08",
        author: "Nadia Roux",
        is_new: true,
        state_label: "New",
    };
    const open = (...args) => expect.step(args.join(" "));
    const props = {...SAID, declarations: [declaration], open};
    await mountWithCleanup(GlanceAnswers, {props});
    expect(".text-muted").toHaveText(/Nadia Roux · to be decided by/);
    await click("section a");
    expect.verifySteps(["dunning.declaration 7"]);
});

test("nothing said yet: how to note it", async () => {
    await mountWithCleanup(GlanceAnswers, {props: {...SAID, open: () => {}}});
    expect("p").toHaveText(/Note Answer/);
});
