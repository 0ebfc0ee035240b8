import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openStep = (name) => ({
    content: `Go where “${name}” is done`,
    trigger: `.o_data_row:contains(${name}) button[name=action_open]`,
    run: "click",
});

tours.add("dunning_golive", {
    steps: () => [
        {
            content: "Nothing leaves yet, and the screen says so",
            trigger: ".alert:contains(not switched on)",
            // The first page of a browser that has nothing in its cache.
            timeout: 30000,
        },
        {
            content: "Say since when entries are followed up",
            trigger: ".o_field_widget[name=start_date] input",
            run: "edit 03/01/2026 && press Tab",
        },
        openStep("Start and old claims"),
        {
            content: "Two old entries are left out",
            trigger: ".modal .o_field_widget[name=item_count]:contains(2)",
        },
        {
            content: "Take in those of January only",
            trigger: ".modal .o_field_widget[name=due_from] input",
            run: "edit 01/10/2026 && press Tab",
        },
        {
            content: "The count follows",
            trigger: ".modal .o_field_widget[name=item_count]:contains(1)",
        },
        {
            content: "Take it in",
            trigger: ".modal footer button[name=action_apply]:contains(Take In)",
            run: "click",
        },
        {
            content: "One entry is left out on purpose",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(1 old entries)",
        },
        openStep("Dry run"),
        {
            content: "Play the days",
            trigger: ".o_dunning_start",
            run: "click",
        },
        {
            content: "What would leave, by channel",
            trigger: ".o_field_widget[name=summary] td:contains(E-mail)",
            timeout: 30000,
        },
        {
            content: "Look at the days and customers",
            trigger: "button[name=action_view_lines]",
            run: "click",
        },
        {
            content: "The customer is among them",
            trigger: ".o_data_row:contains(Azur Interior)",
        },
        {
            content: "Back to the go-live",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "The dry run is still there",
            trigger: "button[name=action_view_lines]",
        },
        {
            content: "Back to the steps",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "The dry run is done",
            trigger: ".o_data_row:contains(contacts would be sent)",
        },
        {
            content: "Switch on",
            trigger: "button[name=action_switch_on]",
            run: "click",
        },
        {
            content: "Yes, for good",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The follow-up is on",
            trigger: ".alert:contains(follow-up is switched on)",
        },
    ],
});

tours.add("dunning_golive_first_action", {
    steps: () => [
        {
            content: "The first action waits on the desk",
            trigger: ".o_data_row:contains(Azur Interior)",
            timeout: 30000,
        },
        {
            content: "Send the ticked actions",
            trigger: ".o_dunning_send:contains(1)",
            run: "click",
        },
        {
            content: "Say yes",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_dunning_dispatch[title*='0 of 1']",
        },
    ],
});
