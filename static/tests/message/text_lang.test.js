import {expect, test} from "@odoo/hoot";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

import "@account_dunning_scenario/message/text_lang";

class Letter extends models.Model {
    subject = fields.Char();
    reader_lang = fields.Char();

    _records = [
        {id: 1, subject: "Votre compte", reader_lang: "fr_FR"},
        {id: 2, subject: "Your account", reader_lang: false},
    ];
}

defineMailModels();
defineModels([Letter]);

const SUBJECT = ".o_field_widget[name=subject]";

const mountLetter = (resId) =>
    mountView({
        type: "form",
        resModel: "letter",
        resId,
        arch: `
            <form>
                <field name="reader_lang" invisible="1"/>
                <field name="subject"/>
                <widget name="dunning_text_lang"
                        options="{'fields': ['subject'], 'lang_field': 'reader_lang'}"/>
            </form>`,
    });

test("the spelling is checked in the language of the reader", async () => {
    await mountLetter(1);
    expect(SUBJECT).toHaveAttribute("lang", "fr-FR");
    expect(SUBJECT).toHaveAttribute("spellcheck", "true");
});

test("without a language of the reader it is that of the page", async () => {
    await mountLetter(2);
    expect(SUBJECT).not.toHaveAttribute("lang");
});
