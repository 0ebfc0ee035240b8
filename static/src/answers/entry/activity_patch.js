import {Activity} from "@mail/core/web/activity";

import {patch} from "@web/core/utils/patch";

import {noteAnswer} from "./note_answer";

patch(Activity.prototype, {
    onClickNoteAnswer() {
        return noteAnswer(this.env.services, "mail.activity", this.props.activity.id);
    },
});
