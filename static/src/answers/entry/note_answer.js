import {user} from "@web/core/user";

/**
 * Open the dialog in which a customer's answer is noted; once saved, show what it
 * changed.
 *
 * @param {Object} services of the environment
 * @param {"mail.message"|"mail.activity"} model from which it is noted
 * @param {number} id
 */
export async function noteAnswer({action, orm}, model, id) {
    const dialog = await orm.call(model, "action_note_answer", [[id]], {
        context: user.context,
    });
    await action.doAction(dialog, {
        onClose: (infos) => {
            if (!infos?.special && !infos?.dismiss) {
                action.doAction("soft_reload");
            }
        },
    });
}

/**
 * Tell whether a message of a chatter was written by somebody outside, as far as the
 * user may note what they answer.
 *
 * @param {import("models").Message} message
 * @param {import("models").Thread} thread
 */
export function isAnswer(message, thread) {
    return Boolean(
        thread?.mayNoteAnswer &&
        ["comment", "email"].includes(message.message_type) &&
        !message.isNote &&
        message.author_id?.main_user_id?.share !== false
    );
}
