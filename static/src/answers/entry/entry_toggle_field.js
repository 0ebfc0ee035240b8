import {Component, useEffect, useRef} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A button that opens a block of the form, and puts the cursor there.
 *
 * The block is whatever has the class `o_dunning_entry_<name of the field>`.
 */
export class EntryToggleField extends Component {
    static template = "account_dunning_scenario.EntryToggleField";
    static props = {
        ...standardFieldProps,
        icon: {type: String},
        hotkey: {type: String},
    };

    setup() {
        this.root = useRef("root");
        this.isOpening = false;
        useEffect(
            (isOpen) => {
                if (isOpen && this.isOpening) {
                    this.block?.querySelector("input, select, textarea")?.focus();
                }
                this.isOpening = false;
            },
            () => [this.isOpen]
        );
    }

    get isOpen() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get block() {
        const form = this.root.el.closest(".o_form_renderer");
        return form.querySelector(`.o_dunning_entry_${this.props.name}`);
    }

    toggle() {
        this.isOpening = !this.isOpen;
        return this.props.record.update({[this.props.name]: !this.isOpen});
    }
}

registry.category("fields").add("dunning_entry_toggle", {
    component: EntryToggleField,
    supportedTypes: ["boolean"],
    extractProps: ({options}) => ({icon: options.icon, hotkey: options.hotkey}),
});
