import {expect, test} from "@odoo/hoot";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {session} from "@web/session";

import {ChannelIcon} from "@account_dunning_scenario/scenario/channel/channel_icon";
import {getChannel} from "@account_dunning_scenario/scenario/channel/channels";
import "@account_dunning_scenario/scenario/channel/channel_field";

const PHONE = {
    code: "phone",
    label: "Phone",
    icon: "fa-phone",
    color: 10,
    nature: "human",
};

class Contact extends models.Model {
    channel = fields.Selection({selection: [["phone", "Phone"]]});
    _records = [{id: 1, channel: "phone"}, {id: 2}];
    _views = {list: `<list><field name="channel" widget="dunning_channel"/></list>`};
}

defineMailModels();
defineModels([Contact]);

function knowPhone() {
    patchWithCleanup(session, {dunning_channels: [PHONE]});
}

test("a channel that is not installed any more goes by its code", () => {
    knowPhone();
    expect(getChannel("phone")).toEqual(PHONE);
    expect(getChannel("fax").label).toBe("fax");
    expect(getChannel("fax").icon).toMatch(/^fa-/);
});

test("the icon alone says its name to those who do not see it", async () => {
    knowPhone();
    await mountWithCleanup(ChannelIcon, {props: {code: "phone"}});
    expect(".o_dunning_channel").toHaveClass("o_dunning_channel_color_10");
    expect(".o_dunning_channel_icon").toHaveClass("fa-phone");
    expect(".o_dunning_channel_icon").toHaveAttribute("aria-label", "Phone");
    expect(".o_dunning_channel").toHaveText("");
});

test("beside its name the icon is decoration", async () => {
    knowPhone();
    await mountWithCleanup(ChannelIcon, {props: {code: "phone", withLabel: true}});
    expect(".o_dunning_channel").toHaveText("Phone");
    expect(".o_dunning_channel_icon").toHaveAttribute("aria-hidden", "true");
});

test("a list shows channels as icon and name, and nothing where there is none", async () => {
    knowPhone();
    await mountView({type: "list", resModel: "contact"});
    expect(".o_data_row:eq(0) .o_dunning_channel").toHaveText("Phone");
    expect(".o_data_row:eq(1) .o_dunning_channel").toHaveCount(0);
});
