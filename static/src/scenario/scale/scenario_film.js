// How far from its date a step may be counted, in days; the database says the same.
const LONGEST_DELAY = 3650;
const CHAINED = ["previous_step", "step"];

/**
 * The steps of a scenario in the order they are played, each on its nominal day: the
 * one on which it falls due for an invoice that played all the earlier ones in time.
 *
 * Days are counted from the due date, those of thanks from the payment. A film is never
 * changed: moving a step gives another film.
 *
 * @typedef {Object} Step
 * @property {number|string} id
 * @property {number} sequence
 * @property {"notice"|"reminder"|"thanks"} kind
 * @property {string} anchor
 * @property {number|false} anchorId id of the step it is counted from, by name
 * @property {number} delay
 */
export class ScenarioFilm {
    /**
     * @param {Step[]} steps in the order they are played
     * @param {number} term days from the invoice to its due date
     */
    constructor(steps, term) {
        this.steps = steps;
        this.term = term;
        this.ranked = steps.filter((step) => step.kind !== "thanks");
        this.days = new Map(steps.map((step) => [step.id, this._getDay(step, [])]));
    }

    getStep(id) {
        return this.steps.find((step) => step.id === id);
    }

    getDay(id) {
        return this.days.get(id);
    }

    /**
     * Return the step that a step is counted from, if it is counted from one.
     *
     * @param {Step} step
     * @returns {Step|undefined}
     */
    getBase(step) {
        if (step.anchor === "step") {
            return this.ranked.find((other) => other.id === step.anchorId);
        }
        if (step.anchor === "previous_step") {
            return this.ranked[this.ranked.indexOf(step) - 1];
        }
    }

    /**
     * Return the step and those that are counted from it, directly or not.
     *
     * @param {number|string} id
     * @returns {Set<number|string>}
     */
    getBlock(id) {
        const block = new Set([id]);
        for (let size = 0; size !== block.size;) {
            size = block.size;
            for (const step of this.ranked) {
                if (block.has(this.getBase(step)?.id)) {
                    block.add(step.id);
                }
            }
        }
        return block;
    }

    /**
     * Put a step on a day, or as near to it as it may come, those counted from it
     * moving along. A step that overtakes others takes its place in the order.
     *
     * @param {number|string} id
     * @param {number} day
     * @returns {{film: ScenarioFilm, obstacle: string|null}} why it may come no nearer:
     *  "notice", "reminder", "thanks", "base", "order" or "far"
     */
    move(id, day) {
        const origin = this.getDay(id);
        const towards = Math.sign(origin - day);
        let obstacle = null;
        for (let wanted = day; wanted !== origin; wanted += towards) {
            const film = this._shift(id, wanted - origin);
            const found = film._getObstacle(this);
            if (!found) {
                return {film, obstacle};
            }
            obstacle ??= found;
        }
        return {film: this, obstacle};
    }

    /**
     * Return what has to be written for an earlier film to become this one.
     *
     * @param {ScenarioFilm} before
     * @returns {Map<number|string, Object>} values by id of step
     */
    getChanges(before) {
        const changes = new Map();
        for (const step of this.steps) {
            const former = before.getStep(step.id);
            const values = {};
            if (step.delay !== former.delay) {
                values.delay = step.delay;
            }
            if (step.sequence !== former.sequence) {
                values.sequence = step.sequence;
            }
            if (Object.keys(values).length) {
                changes.set(step.id, values);
            }
        }
        return changes;
    }

    _getDay(step, seen) {
        if (step.anchor === "invoice_date") {
            return step.delay - this.term;
        }
        const base = this.getBase(step);
        if (!base || seen.includes(step.id)) {
            return step.delay;
        }
        return this._getDay(base, [...seen, step.id]) + step.delay;
    }

    _shift(id, days) {
        const steps = this.steps.map((step) =>
            step.id === id ? {...step, delay: step.delay + days} : step
        );
        if (this.getStep(id).kind === "thanks") {
            return new ScenarioFilm(steps, this.term);
        }
        const block = this.getBlock(id);
        const shifted = (step) =>
            this.getDay(step.id) + (block.has(step.id) ? days : 0);
        return new ScenarioFilm(this._order(steps, block, shifted), this.term);
    }

    /**
     * Merge a block of steps into the others again: who is overtaken by the move
     * changes places, nobody else.
     */
    _order(steps, block, getDay) {
        const place = new Map(steps.map((step, index) => [step.id, index]));
        const ranked = steps.filter((step) => step.kind !== "thanks");
        const moving = ranked.filter((step) => block.has(step.id));
        const staying = ranked.filter((step) => !block.has(step.id));
        const comesFirst = (one, other) => {
            const now = Math.sign(getDay(one) - getDay(other));
            const former = Math.sign(this.getDay(one.id) - this.getDay(other.id));
            return now && now !== former
                ? now < 0
                : place.get(one.id) < place.get(other.id);
        };
        const merged = ranked.map(() =>
            moving.length && (!staying.length || comesFirst(moving[0], staying[0]))
                ? moving.shift()
                : staying.shift()
        );
        const isSame = merged.every((step, index) => step === ranked[index]);
        return isSame ? steps : renumber(steps, merged);
    }

    /**
     * Say what forbids this film, as it came out of another one.
     */
    _getObstacle(before) {
        for (const [place, step] of this.steps.entries()) {
            const former = before.getStep(step.id);
            const base = this.getBase(step);
            if (base?.id !== before.getBase(former)?.id) {
                return "order";
            }
            if (base && this.steps.indexOf(base) > place) {
                return "base";
            }
            if (Math.abs(step.delay) > LONGEST_DELAY) {
                return "far";
            }
            const isCounted = [...CHAINED, "invoice_date"].includes(step.anchor);
            if (isCounted && step.delay < Math.min(0, former.delay)) {
                return "base";
            }
            const excess = getExcess(step, this.getDay(step.id));
            if (excess > getExcess(step, before.getDay(step.id))) {
                return step.kind;
            }
        }
        return null;
    }
}

/**
 * Return by how many days a step lies where its kind may not: a notice after the due
 * date, a reminder before the invoice is overdue, thanks before the payment.
 */
function getExcess(step, day) {
    const first = {reminder: 1, thanks: 0}[step.kind];
    return Math.max(0, step.kind === "notice" ? day : first - day);
}

/**
 * Put ranked steps in a new order, on the same sequences where these tell them apart.
 */
function renumber(steps, ranked) {
    const queue = [...ranked];
    const order = steps.map((step) => (step.kind === "thanks" ? step : queue.shift()));
    const sequences = steps.map((step) => step.sequence);
    const isStrict = sequences.every((value, i) => !i || sequences[i - 1] < value);
    return order.map((step, index) => ({
        ...step,
        sequence: isStrict ? sequences[index] : 10 * (index + 1),
    }));
}
