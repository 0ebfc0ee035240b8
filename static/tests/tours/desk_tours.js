import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const CLICK = "click";

/** Fail unless the clicks of these steps are as many as promised. */
const countClicks = (steps, promised) => {
    const clicks = steps.filter(({run}) => run === CLICK).length;
    if (clicks !== promised) {
        throw new Error(`${clicks} clicks instead of ${promised}`);
    }
    return steps;
};

// From the opened Invoicing app to fifty customers followed up.
const followUp = [
    {
        content: "Open the review desk",
        trigger: ".o_menu_sections [data-menu-xmlid$=dunning_desk_menu]",
        run: CLICK,
    },
    {
        content: "The banner counts what is there",
        trigger: ".o_dunning_banner_actions:contains(51 actions)",
    },
    {
        content: "Send all that is ticked",
        trigger: ".o_dunning_send:contains(Send 50 Ticked)",
        run: CLICK,
    },
    {
        content: "The summary says by what, how much, and when",
        trigger: ".modal .o_dunning_summary:contains(at once)",
    },
    {
        content: "Send",
        trigger: ".modal footer button[name=action_confirm]",
        run: CLICK,
    },
];

tours.add("dunning_desk_morning", {
    steps: () => [
        ...countClicks(followUp, 3),
        {
            content: "It is under way",
            trigger: ".o_dunning_dispatch[title*='0 of 50']",
        },
        {
            content: "What is not ticked is still there, with the reason",
            trigger:
                ".o_data_row:contains(Corail) [name=untick_text]:contains(Customer in “stop”)",
        },
        {
            content: "Leave the page: the bar comes along",
            trigger:
                ".o_menu_sections [data-menu-xmlid='account.menu_finance_receivables']",
            run: CLICK,
        },
        {
            content: "To the invoices",
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='account.menu_action_move_out_invoice_type']",
            run: CLICK,
        },
        {
            content: "The bar is there",
            trigger: ".o_last_breadcrumb_item:contains(Invoices)",
        },
        {trigger: ".o_dunning_dispatch[title*='0 of 50']"},
    ],
});

tours.add("dunning_desk_result", {
    steps: () => [
        {
            content: "After a reload one sees what became of it",
            trigger: ".o_dunning_dispatch[title*='see the result']",
            run: CLICK,
        },
        {
            content: "In one sentence",
            trigger:
                ".o_dunning_dispatch_text:contains(49 waiting for the service, 1 failed)",
        },
        {
            content: "Open the result",
            trigger: ".o_dunning_dispatch_item button:contains(Open)",
            run: CLICK,
        },
        {
            content: "The failed one comes first, with the reason",
            trigger:
                ".o_data_row:first-child [name=dispatch_note]:contains(could not be filled in)",
        },
        {
            content: "Retry",
            trigger: ".o_statusbar_buttons button[name=action_retry]",
            run: CLICK,
        },
        {
            content: "It is under way again",
            trigger: ".o_dunning_results:contains(under way)",
        },
    ],
});

tours.add("dunning_desk_keys", {
    steps: () => [
        {
            content: "The first row",
            trigger: ".o_data_row",
            run: "press j",
        },
        {
            content: "Untick it by the space bar",
            trigger: ".o_data_row:first-child .o_data_cell[name=partner_id]",
            run: "press Space",
        },
        {
            content: "One fewer is ticked, the rows have not moved",
            trigger: ".o_dunning_send:contains(Send 49 Ticked)",
        },
        {
            content: "Why it is unticked stands beside it",
            trigger: ".o_data_row:first-child [name=untick_text]:contains(Camille)",
        },
        {
            content: "Send by the keyboard",
            trigger: ".o_data_row:first-child .o_data_cell[name=partner_id]",
            run: "press Alt+q",
        },
        {
            content: "The summary opens",
            trigger: ".modal .o_dunning_summary:contains(49)",
        },
    ],
});
