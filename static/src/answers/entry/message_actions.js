import {registerMessageAction} from "@mail/core/common/message_actions";

import {_t} from "@web/core/l10n/translation";

import {isAnswer, noteAnswer} from "./note_answer";

registerMessageAction("dunning-note-answer", {
    condition: ({message, thread}) => isAnswer(message, thread),
    icon: "fa fa-commenting-o",
    name: _t("Note Answer"),
    onSelected: ({message, store}) =>
        noteAnswer(store.env.services, "mail.message", message.id),
    sequence: 5,
});
