import {expect, test} from "@odoo/hoot";
import {click, press, queryFirst} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

import "@account_dunning_scenario/answers/entry/entry_toggle_field";

class Entry extends models.Model {
    has_promise = fields.Boolean({string: "Promise"});
    amount = fields.Float();

    _records = [
        {id: 1, has_promise: false, amount: 3},
        {id: 2, has_promise: true, amount: 3},
    ];
}

defineMailModels();
defineModels([Entry]);

const mountEntry = (resId) =>
    mountView({
        type: "form",
        resModel: "entry",
        resId,
        arch: `
            <form>
                <field name="has_promise" widget="dunning_entry_toggle"
                       options="{'icon': 'fa-handshake-o', 'hotkey': '1'}"/>
                <group class="o_dunning_entry_has_promise" invisible="not has_promise">
                    <field name="amount"/>
                </group>
            </form>`,
    });

const BUTTON = ".o_field_dunning_entry_toggle button";
const AMOUNT = ".o_field_widget[name=amount] input";

test("opening a block puts the cursor into its first field", async () => {
    await mountEntry(1);
    expect(BUTTON).toHaveText("Promise");
    expect(BUTTON).toHaveAttribute("aria-pressed", "false");
    expect(AMOUNT).toHaveCount(0);
    await click(BUTTON);
    await animationFrame();
    expect(BUTTON).toHaveAttribute("aria-pressed", "true");
    expect(AMOUNT).toBeFocused();
});

test("a block that is open at first leaves the cursor where it is", async () => {
    await mountEntry(2);
    expect(AMOUNT).toHaveCount(1);
    expect(AMOUNT).not.toBeFocused();
});

test("closing a block hides its fields", async () => {
    await mountEntry(2);
    await click(BUTTON);
    await animationFrame();
    expect(AMOUNT).toHaveCount(0);
    expect(document.activeElement).not.toBe(queryFirst(AMOUNT));
});

test("the hotkey opens the block", async () => {
    await mountEntry(1);
    await press(["alt", "1"]);
    await animationFrame();
    expect(AMOUNT).toBeFocused();
});
