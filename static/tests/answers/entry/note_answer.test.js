import {expect, test} from "@odoo/hoot";

import {
    isAnswer,
    noteAnswer,
} from "@account_dunning_scenario/answers/entry/note_answer";

const thread = {mayNoteAnswer: true};
const message = {message_type: "email", author_id: {}};

test("what a customer writes is an answer", () => {
    expect(isAnswer(message, thread)).toBe(true);
    const portal = {message_type: "comment", author_id: {main_user_id: {share: true}}};
    expect(isAnswer(portal, thread)).toBe(true);
    expect(isAnswer({message_type: "email"}, thread)).toBe(true);
});

test("what colleagues and the system write is none", () => {
    const colleague = {...message, author_id: {main_user_id: {share: false}}};
    expect(isAnswer(colleague, thread)).toBe(false);
    expect(isAnswer({...message, isNote: true}, thread)).toBe(false);
    expect(isAnswer({...message, message_type: "notification"}, thread)).toBe(false);
});

test("whoever may not note is offered nothing", () => {
    expect(isAnswer(message, {mayNoteAnswer: false})).toBe(false);
    expect(isAnswer(message, undefined)).toBe(false);
});

test("the screen is reloaded once the answer is saved, not when it is discarded", async () => {
    const actions = [];
    const services = {
        orm: {call: (model, method, args) => ({model, method, args})},
        action: {doAction: (action, options) => actions.push({action, options})},
    };
    await noteAnswer(services, "mail.message", 7);
    const [{action, options}] = actions.splice(0);
    expect(action).toEqual({
        model: "mail.message",
        method: "action_note_answer",
        args: [[7]],
    });
    options.onClose({special: true});
    options.onClose({dismiss: true});
    expect(actions).toHaveLength(0);
    options.onClose();
    expect(actions[0].action).toBe("soft_reload");
});
