import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openDialog = (trigger) => [
    {content: "Note the customer's answer", trigger, run: "click"},
    {
        content: "The dialog says who and how much",
        trigger: ".modal .o_field_widget[name=open_text]:contains(open)",
    },
];

const save = () => [
    {
        content: "Save",
        trigger: ".modal footer button[name=action_save]",
        run: "click",
    },
    {content: "The dialog is closed", trigger: "body:not(:has(.modal))"},
];

const MOST_TRIES = 50;

/** Try again what a screen that is drawn anew may interrupt. */
const insist = async (act) => {
    for (let number = 1; ; number++) {
        try {
            return await act();
        } catch (error) {
            if (number === MOST_TRIES) {
                throw error;
            }
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
    }
};

const openBlock = (name) => ({
    content: `Open the block ${name}`,
    trigger: `.modal .o_field_widget[name=${name}] button`,
    run: "click",
});

const choose = (name, label) => [
    {
        content: `Open the choices of ${name}`,
        trigger: `.o_field_widget[name=${name}] .o_select_menu_toggler`,
        run: "click",
    },
    {
        content: `Choose ${label}`,
        trigger: `.o_select_menu_item:contains(${label})`,
        run: "click",
    },
];

const openCall = () => [
    {
        content: "Open the call to make",
        trigger: ".o_data_row:contains(Azur Interior) .o_data_cell[name=partner_id]",
        run: "click",
    },
    {content: "The script is before the eyes", trigger: ".o-mail-Activity-note"},
    ...openDialog(".o-mail-Activity .o_dunning_note_answer"),
];

tours.add("dunning_call_promise", {
    steps: () => [
        ...openCall(),
        openBlock("has_promise"),
        {
            content: "What is asked for is proposed; say the day",
            trigger: ".modal .o_field_widget[name=promise_date] input",
            run: "edit 03/10/2026 && press Tab",
        },
        {
            content: "Satisfied",
            trigger: ".modal .o_priority_star:nth-child(4)",
            run: "click",
        },
        ...save(),
        {
            content: "The call is made",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});

tours.add("dunning_broken_promise", {
    steps: () => [
        {
            content: "See the tasks",
            trigger: ".o_menu_systray i[aria-label=Activities]",
            run: "click",
        },
        {
            content: "One is about a promise",
            trigger: ".o-mail-ActivityGroup[data-model_name='dunning.promise']",
            run: "click",
        },
        {
            content: "Open the promise",
            trigger: ".o_data_row:contains(Azur Interior) .o_data_cell[name=date]",
            run: "click",
        },
        {
            content: "It was broken",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Broken)",
        },
        ...openDialog(".o-mail-Activity .o_dunning_note_answer"),
        {
            content: "Write what they say now",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit The cheque was lost, a new one leaves today.",
        },
        ...save(),
        {
            content: "The task is done",
            trigger: ".o-mail-Chatter:not(:has(.o-mail-Activity))",
        },
    ],
});

tours.add("dunning_call_dispute", {
    steps: () => [
        ...openCall(),
        {
            content: "The second invoice is right",
            trigger: ".modal .o_data_row:nth-child(2) .o_data_cell[name=is_ticked]",
            run: "click",
        },
        {
            content: "The first one is all that is ticked",
            trigger: ".modal .o_field_widget[name=amount_ticked]:contains(100.00)",
        },
        openBlock("has_dispute"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=dispute_reason_id] input",
            run: "edit Cracked",
        },
        {
            content: "Choose it",
            trigger: ".ui-autocomplete a:contains(Cracked)",
            run: "click",
        },
        {
            content: "In the customer's own words",
            trigger: ".modal .o_field_widget[name=dispute_description] textarea",
            run: "edit The third table is cracked.",
        },
        ...save(),
        {
            content: "The call is made",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});

tours.add("dunning_dispute_credit", {
    steps: () => [
        {
            content: "Open the dispute that waits",
            trigger: ".o_kanban_record:contains(Azur Interior)",
            run: "click",
        },
        {
            content: "Start",
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "The customer is right: make the credit note",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains(In progress)",
        },
        {
            content: "Open Odoo's dialog",
            trigger: "button[name=action_credit]",
            run: "click",
        },
        {
            content: "Reverse",
            trigger: ".modal button[name=refund_moves]",
            run: "click",
        },
        {
            content: "Post the credit note",
            trigger: ".o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
        {
            content: "Back to the dispute",
            trigger: ".o_back_button a",
            run: "click",
        },
        ...choose("outcome", "/^Founded$/"),
        ...choose("resolution", "Credit note"),
        {
            content: "Settle",
            trigger: "button[name=action_settle]",
            run: "click",
        },
        {
            content: "It is settled",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Settled)",
        },
    ],
});

tours.add("dunning_salesperson", {
    steps: () => [
        {
            content: "The dispute of one's own customer is there",
            trigger: ".o_kanban_record:contains(Azur Interior)",
        },
        {
            content: "That of others is not",
            trigger: ".o_kanban_renderer:not(:contains(Borel))",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains(Azur Interior)",
            run: "click",
        },
        {
            content: "Tell the others",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        {
            content: "What one knows",
            trigger: ".o-mail-Composer-input",
            run: "edit I saw the table, it is cracked.",
        },
        {
            content: "Log it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o-mail-Message:contains(I saw the table)",
        },
    ],
});

tours.add("dunning_salesperson_note", {
    steps: () => [
        ...openDialog("button[name=action_note_answer]"),
        {
            content: "Write what was said",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit They pay the rest on Friday.",
        },
        ...save(),
        {
            content: "The chatter tells",
            trigger: ".o-mail-Message:contains(an answer was noted)",
        },
    ],
});

tours.add("dunning_email_answer", {
    steps: () => [
        {
            content: "Point at the customer's message",
            trigger: ".o-mail-Message:contains(Azur Interior)",
            // The message may be drawn anew under the pointer, without its buttons.
            run: (helpers) =>
                insist(async () => {
                    await helpers.hover(".o-mail-Message:contains(Azur Interior)");
                    await helpers.click(
                        ".o-mail-Message-actions [title='Note Answer']"
                    );
                }),
        },
        {
            content: "Their words are quoted",
            trigger:
                ".modal .o_field_widget[name=note] textarea:value(We pay on Friday.)",
        },
        ...save(),
        {
            content: "The chatter tells",
            trigger: ".o-mail-Message:contains(E-mail, Camille Durand)",
        },
    ],
});
