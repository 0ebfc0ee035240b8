import {useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {x2ManyCommands} from "@web/core/orm_service";
import {registry} from "@web/core/registry";
import {useOpenX2ManyRecord} from "@web/views/fields/relational_utils";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";

import {ScenarioFilm} from "./scenario_film";
import {ScenarioScale} from "./scenario_scale";
import {ScenarioStrip} from "./scenario_strip";

// Days from the invoice to its due date, as the drawing assumes them.
const TERM = 30;

const getId = (record) => record.resId || record._virtualId;
const getCode = (kind, number) =>
    kind === "reminder" || number > 1 ? `${kind}_${number}` : kind;

/**
 * The steps of a scenario drawn on a scale of days, with how an invoice would be
 * followed; or, as before, their list.
 *
 * Whatever is done to a step is a change of the form: it is saved or discarded with it.
 */
export class ScenarioScaleField extends X2ManyField {
    static template = "account_dunning_scenario.ScenarioScaleField";
    static components = {...X2ManyField.components, ScenarioScale, ScenarioStrip};

    setup() {
        super.setup();
        this.state = useState({isScale: true});
        this.lastMove = Promise.resolve();
        this.openNewStep = useOpenX2ManyRecord({
            resModel: this.list.resModel,
            activeField: this.activeField,
            activeActions: this.activeActions,
            getList: () => this.list,
            saveRecord: this.saveNewStep.bind(this),
            isMany2Many: false,
        });
    }

    get film() {
        const records = this.list.records.map((record, index) => ({record, index}));
        records.sort(
            (a, b) =>
                a.record.data.sequence - b.record.data.sequence || a.index - b.index
        );
        return new ScenarioFilm(
            records.map(({record}) => this.getStep(record)),
            TERM
        );
    }

    getStep(record) {
        const {data} = record;
        return {
            id: getId(record),
            sequence: data.sequence,
            code: data.code,
            name: data.name,
            kind: data.kind,
            anchor: data.anchor,
            anchorId: data.anchor_step_id && data.anchor_step_id.id,
            delay: data.delay,
            channel: data.channel,
            way: data.way,
            mode: data.mode,
            isEnabled: data.is_enabled,
            isLastResort: data.is_last_resort,
        };
    }

    get scaleProps() {
        return {
            film: this.film,
            readonly: this.props.readonly || !this.activeActions.write,
            canAdd: this.canCreate,
            onMove: this.moveStep.bind(this),
            onOpen: this.openStep.bind(this),
        };
    }

    /**
     * Move a step; moves that come fast, from the keyboard, are made one by one.
     */
    moveStep(id, getDay) {
        this.lastMove = this.lastMove.then(async () => {
            const before = this.film;
            const {film} = before.move(id, getDay(before.getDay(id)));
            const changes = [...film.getChanges(before)];
            if (changes.length) {
                await this.list.applyCommands(
                    changes.map(([step, values]) =>
                        x2ManyCommands.update(step, values)
                    ),
                    {sort: true}
                );
            }
        });
        return this.lastMove;
    }

    openStep(id) {
        return this.openRecord(
            this.list.records.find((record) => getId(record) === id)
        );
    }

    /**
     * Open the dialog of a new step that is played on a day.
     *
     * @param {number} day
     * @param {boolean} isPayment counted from the payment
     */
    addStep(day, isPayment) {
        const kinds = {kind: day > 0 ? "reminder" : "notice", anchor: "due_date"};
        if (isPayment) {
            Object.assign(kinds, {kind: "thanks", anchor: "payment_date"});
        }
        const values = {...kinds, ...this.getNewStep(kinds.kind, day), delay: day};
        const context = {...this.props.context};
        for (const [name, value] of Object.entries(values)) {
            context[`default_${name}`] = value;
        }
        return this.openNewStep({context, title: _t("New Step")});
    }

    /**
     * Put a new step after those that come before its day, which the dialog may have
     * changed.
     */
    async saveNewStep(record) {
        const step = this.getStep(record);
        const film = new ScenarioFilm([...this.film.steps, step], TERM);
        const previous = this.getPrevious(step.kind, film.getDay(step.id));
        const first = this.film.steps[0]?.sequence ?? 10;
        const sequence = previous ? previous.sequence + 1 : first - 1;
        await this.freeSequence(sequence);
        await record.update({sequence});
        return this.list.validateExtendedRecord(record);
    }

    async freeSequence(sequence) {
        const {steps} = this.film;
        if (steps.some((step) => step.sequence === sequence)) {
            const later = steps.filter((step) => step.sequence >= sequence);
            await this.list.applyCommands(
                later.map((step) =>
                    x2ManyCommands.update(step.id, {sequence: step.sequence + 1})
                )
            );
        }
    }

    getPrevious(kind, day) {
        const {film} = this;
        if (kind === "thanks") {
            return film.steps.at(-1);
        }
        return film.ranked.filter((step) => film.getDay(step.id) <= day).at(-1);
    }

    /**
     * Return what a new step is called, and what it takes after the one before it.
     */
    getNewStep(kind, day) {
        const {steps} = this.film;
        const codes = steps.map((step) => step.code);
        let number = steps.filter((step) => step.kind === kind).length + 1;
        while (codes.includes(getCode(kind, number))) {
            number++;
        }
        return {
            code: getCode(kind, number),
            name: this.getNewName(kind, number, day),
            ...this.getNewContent(kind, this.getPrevious(kind, day)),
        };
    }

    getNewName(kind, number, day) {
        if (kind === "reminder") {
            return this.getNewReminderName(number, day);
        }
        const name = kind === "notice" ? _t("Notice") : _t("Thanks");
        return number > 1 ? `${name} ${number}` : name;
    }

    /**
     * Return the name of a new reminder: a number after all others; between two of
     * them, a number would not tell its place.
     */
    getNewReminderName(number, day) {
        const {film} = this;
        const reminders = film.ranked.filter((step) => step.kind === "reminder");
        const earlier = reminders.filter((step) => film.getDay(step.id) <= day);
        if (earlier.length === reminders.length) {
            return _t("Reminder %(number)s", {number});
        }
        if (!earlier.length) {
            return _t("Early reminder");
        }
        return _t("After %(step)s", {step: earlier.at(-1).name});
    }

    getNewContent(kind, previous) {
        const content = {channel: "email", mode: "confirm"};
        if (kind === "thanks") {
            return {...content, request: false, request_days: 0};
        }
        if (kind === "notice") {
            return {...content, request: "confirmation"};
        }
        const model = this.list.records.find(
            (record) => getId(record) === previous?.id
        );
        return {...content, tone: model?.data.tone || "courteous"};
    }
}

registry.category("fields").add("dunning_scenario_scale", {
    ...x2ManyField,
    component: ScenarioScaleField,
    displayName: _t("Scale of days"),
    supportedTypes: ["one2many"],
});
