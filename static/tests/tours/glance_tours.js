import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openTab = () => ({
    content: "Open the tab of the follow-up",
    trigger: ".o_notebook_headers a[name=dunning]",
    // The first page of a browser that has nothing in its cache.
    timeout: 30000,
    run: "click",
});

tours.add("dunning_glance_customer", {
    steps: () => [
        openTab(),
        {
            content: "Look at the customer",
            trigger: ".tab-pane.active button[name=action_open_dunning_glance]",
            run: "click",
        },
        {
            content: "The film says what was done, and opens it",
            trigger: ".o_dunning_film_past .o_dunning_scene:contains(Reminder 1)",
            run: "click",
        },
        {
            content: "It is the action; go back",
            trigger: ".o_breadcrumb:contains(Reminder 1)",
            run: "click .o_back_button, .o_breadcrumb a:contains(Azur Interior):last",
        },
        {
            content: "What is to come is explained",
            trigger: ".o_dunning_glance .o_dunning_scene_coming[data-kind=step]",
            run: "click",
        },
        {
            content: "In words, then rule by rule",
            trigger: ".modal .o_dunning_explanation:contains(after)",
        },
        {
            content: "That is understood",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The customer is on the phone",
            trigger: ".o_dunning_glance_buttons button:contains(Note Answer)",
            run: "click",
        },
        {
            content: "They promise",
            trigger: ".modal .o_field_widget[name=has_promise] button",
            run: "click",
        },
        {
            content: "By Tuesday",
            trigger: ".modal .o_field_widget[name=promise_date] input",
            run: "edit 03/10/2026 && press Tab",
        },
        {
            content: "Save",
            trigger: ".modal footer button[name=action_save]",
            run: "click",
        },
        {
            content: "The promise stands in the film at once",
            trigger: ".o_dunning_glance .o_dunning_scene[data-kind=promise]",
        },
        {
            content: "And what was promised is on hold",
            trigger: ".o_dunning_glance_sentence:contains(On hold until)",
        },
    ],
});

tours.add("dunning_glance_invoice", {
    steps: () => [
        openTab(),
        {
            content: "Look at its customer",
            trigger: ".tab-pane.active button[name=action_open_dunning_glance]",
            run: "click",
        },
        {
            content: "All that is open says what comes next",
            trigger: ".o_dunning_glance_item:contains(8 days after)",
        },
        {
            content: "Whom to call",
            trigger: "[data-subject=people] a[href^='tel:']",
        },
        {
            content: "Open the oldest invoice",
            trigger: ".o_dunning_glance_item:first a",
            run: "click",
        },
        {
            content: "It is an ordinary form",
            trigger: ".o_form_view [name=invoice_line_ids]",
        },
    ],
});
