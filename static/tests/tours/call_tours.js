import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openCall = () => [
    {
        content: "The call of today is in the list",
        trigger: ".o_data_row:contains(Azur Interior) .o_data_cell[name=partner_id]",
        run: "click",
    },
    {
        content: "The number is a click away",
        trigger: ".o_dunning_call_sheet a[href^='tel:+331']",
    },
];

tours.add("dunning_call_absent", {
    steps: () => [
        ...openCall(),
        {
            content: "Nobody answers",
            trigger: "button[name=action_note_absent]",
            run: "click",
        },
        {
            content: "It is said when to call again",
            trigger: ".o_notification:contains(03/05/2026)",
        },
        {
            content: "The attempt is on record",
            trigger: ".o_dunning_call_sheet:contains(Not available)",
        },
    ],
});

tours.add("dunning_call_reached", {
    steps: () => [
        ...openCall(),
        {
            content: "Note what the customer says",
            trigger: ".o_form_statusbar button[name=action_note_answer]",
            run: "click",
        },
        {
            content: "Reached, that is what is proposed",
            trigger:
                ".modal .o_field_widget[name=call_result] .active:contains(Reached)",
        },
        {
            content: "A promise",
            trigger: ".modal .o_field_widget[name=has_promise] button",
            run: "click",
        },
        {
            content: "By when",
            trigger: ".modal .o_field_widget[name=promise_date] input",
            run: "edit 03/10/2026 && press Tab",
        },
        {
            content: "Save",
            trigger: ".modal footer button[name=action_save]:not(:hidden)",
            run: "click",
        },
        {
            content: "The call is made",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});
