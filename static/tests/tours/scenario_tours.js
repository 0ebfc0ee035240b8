import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
// The planner plays a whole film.
const PLAYING = 60000;
const SCALE = ".o_dunning_scale:not(.o_dunning_scale_payment)";
const flag = (name, day) =>
    `${SCALE} .o_dunning_flag[data-day="${day}"]:contains(${name})`;

/**
 * Drag a flag by a number of days, as a pointer does.
 */
function dragBy(element, days) {
    const {left, top} = element.getBoundingClientRect();
    const {width} = document
        .querySelector(`${SCALE} .o_dunning_day`)
        .getBoundingClientRect();
    const send = (target, type, x) =>
        target.dispatchEvent(
            new PointerEvent(type, {bubbles: true, clientX: x, clientY: top + 5})
        );
    send(element, "pointerdown", left + 5);
    send(window, "pointermove", left + 5 + (days * width) / 2);
    send(window, "pointermove", left + 5 + days * width);
    send(window, "pointerup", left + 5 + days * width);
}

tours.add("dunning_scenario_editor", {
    steps: () => [
        {
            content: "Open the scenario",
            trigger: ".o_data_row .o_data_cell:contains(Story)",
            run: "click",
        },
        {
            content: "The planner shows how an invoice would live it",
            trigger: ".o_dunning_strip .o_dunning_flag:contains(Reminder 3)",
            timeout: PLAYING,
        },
        {
            content: "Drag the first reminder four days on",
            trigger: flag("Reminder 1", 8),
            run({anchor}) {
                dragBy(anchor, 4);
            },
        },
        {content: "It is there", trigger: flag("Reminder 1", 12)},
        {
            content: "Those that are counted from it came along",
            trigger: flag("Reminder 2", 20),
        },
        {
            content: "One day more, by the keyboard",
            trigger: flag("Reminder 1", 12),
            run({anchor}) {
                anchor.focus();
                const key = {key: "ArrowRight", bubbles: true, cancelable: true};
                anchor.dispatchEvent(new KeyboardEvent("keydown", key));
            },
        },
        {content: "It moved", trigger: flag("Reminder 1", 13)},
        {
            content: "The preview says that it does not know yet",
            trigger: ".o_dunning_strip:contains(Save to see it with your changes)",
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "The preview is played again",
            trigger:
                ".o_dunning_strip:not(:contains(Save to see)) .o_dunning_flag[title*='13 days after']",
            timeout: PLAYING,
        },
        {
            content: "The scenario in words",
            trigger: ".o_notebook .nav-link[name=summary]",
            run: "click",
        },
        {
            content: "Says the same",
            trigger:
                ".o_field_widget[name=summary]:contains(13 days after the due date)",
        },
    ],
});
