import {Component, useEffect, useRef} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * Tells the browser in which language the texts of a form are written, so that it
 * checks their spelling in the reader's language instead of the user's.
 *
 * `lang_field` has the code of the language, `fields` the names of the texts.
 */
export class TextLang extends Component {
    static template = "account_dunning_scenario.TextLang";
    static props = {
        ...standardWidgetProps,
        fields: {type: Array, element: String},
        langField: {type: String},
    };

    setup() {
        this.root = useRef("root");
        useEffect(
            (lang) => this.mark(lang),
            () => [this.lang]
        );
    }

    get lang() {
        return (this.props.record.data[this.props.langField] || "").replace("_", "-");
    }

    mark(lang) {
        const form = this.root.el.closest(".o_form_renderer");
        for (const name of this.props.fields) {
            for (const text of form.querySelectorAll(`[name="${name}"]`)) {
                if (lang) {
                    text.lang = lang;
                }
                text.spellcheck = true;
            }
        }
    }
}

registry.category("view_widgets").add("dunning_text_lang", {
    component: TextLang,
    extractProps: ({options}) => ({
        fields: options.fields,
        langField: options.lang_field,
    }),
});
