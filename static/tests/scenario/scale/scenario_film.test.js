import {expect, test} from "@odoo/hoot";

import {ScenarioFilm} from "@account_dunning_scenario/scenario/scale/scenario_film";

const step = (id, kind, delay, anchor = "due_date", anchorId = false) => ({
    id,
    kind,
    delay,
    anchor,
    anchorId,
    sequence: 10 * id,
});

const STEPS = () => [
    step(1, "notice", -8),
    step(2, "reminder", 8),
    step(3, "reminder", 8, "step", 2),
    step(4, "reminder", 16, "step", 2),
    step(5, "reminder", 8, "previous_step"),
    step(6, "thanks", 8, "payment_date"),
];

const getFilm = (steps = STEPS()) => new ScenarioFilm(steps, 30);
const getDays = (film) => Object.fromEntries(film.days);
const getOrder = (film) => film.steps.map(({id}) => id);
const changesOf = (film, before) => Object.fromEntries(film.getChanges(before));

test("the day of a step is found through the steps that it is counted from", () => {
    expect(getDays(getFilm())).toEqual({1: -8, 2: 8, 3: 16, 4: 24, 5: 32, 6: 8});
});

test("a step counted from the invoice lies before the due date by the term", () => {
    expect(getFilm([step(1, "notice", 2, "invoice_date")]).getDay(1)).toBe(-28);
});

test("steps that are counted from the one moved follow it", () => {
    const before = getFilm();
    const {film, obstacle} = before.move(2, 12);
    expect(obstacle).toBe(null);
    expect(getDays(film)).toEqual({1: -8, 2: 12, 3: 20, 4: 28, 5: 36, 6: 8});
    expect(changesOf(film, before)).toEqual({2: {delay: 12}});
});

test("a step counted from another changes its own delay", () => {
    const before = getFilm();
    const {film} = before.move(5, 40);
    expect(changesOf(film, before)).toEqual({5: {delay: 16}});
});

test("a notice leaves on the due date at the latest", () => {
    const {film, obstacle} = getFilm().move(1, 3);
    expect(obstacle).toBe("notice");
    expect(film.getDay(1)).toBe(0);
});

test("a reminder leaves once the invoice is overdue, thanks once it is paid", () => {
    const early = getFilm().move(2, -4);
    expect(early.obstacle).toBe("reminder");
    expect(early.film.getDay(2)).toBe(1);
    const thanks = getFilm().move(6, -2);
    expect(thanks.obstacle).toBe("thanks");
    expect(thanks.film.getDay(6)).toBe(0);
});

test("a notice counted from an earlier one is held by it, and holds it", () => {
    const film = getFilm([
        step(1, "notice", -14),
        step(2, "notice", 6, "previous_step"),
        step(3, "reminder", 8),
    ]);
    expect(film.move(2, -20).film.getDay(2)).toBe(-14);
    const moved = film.move(1, 0);
    expect(moved.obstacle).toBe("notice");
    expect(getDays(moved.film)).toEqual({1: -6, 2: 0, 3: 8});
});

test("a step comes no earlier than the one that it is counted from", () => {
    const {film, obstacle} = getFilm().move(3, 5);
    expect(obstacle).toBe("base");
    expect(film.getDay(3)).toBe(8);
});

test("a step that overtakes another one takes its place in the order", () => {
    const before = getFilm([
        step(1, "reminder", 8),
        step(2, "reminder", 16),
        step(3, "reminder", 24),
    ]);
    const {film} = before.move(3, 12);
    expect(getOrder(film)).toEqual([1, 3, 2]);
    expect(changesOf(film, before)).toEqual({
        3: {delay: 12, sequence: 20},
        2: {sequence: 30},
    });
});

test("a step that comes on the day of another one overtakes nobody", () => {
    const before = getFilm([step(1, "reminder", 8), step(2, "reminder", 16)]);
    expect(changesOf(before.move(2, 8).film, before)).toEqual({2: {delay: 8}});
    expect(changesOf(before.move(1, 16).film, before)).toEqual({1: {delay: 16}});
});

test("a step that would take the previous one away from another is stopped", () => {
    const before = getFilm([
        step(1, "reminder", 8),
        step(2, "reminder", 16),
        step(3, "reminder", 4, "previous_step"),
        step(4, "reminder", 30),
    ]);
    const between = before.move(4, 18);
    expect(between.obstacle).toBe("order");
    expect(between.film.getDay(4)).toBe(20);
    const beyond = before.move(4, 12);
    expect(beyond.obstacle).toBe(null);
    expect(getOrder(beyond.film)).toEqual([1, 4, 2, 3]);
});

test("those that are counted from it overtake others with it", () => {
    const before = getFilm([
        step(1, "reminder", 8),
        step(2, "reminder", 4, "previous_step"),
        step(3, "reminder", 20),
    ]);
    const {film} = before.move(1, 22);
    expect(getOrder(film)).toEqual([3, 1, 2]);
    expect(getDays(film)).toEqual({1: 22, 2: 26, 3: 20});
});

test("an order that is not that of the days is left alone", () => {
    const before = getFilm([
        step(1, "reminder", 20),
        step(2, "reminder", 10),
        step(3, "reminder", 30),
    ]);
    expect(getOrder(before.move(3, 31).film)).toEqual([1, 2, 3]);
});

test("steps that share a sequence are numbered afresh when the order changes", () => {
    const steps = [step(1, "reminder", 8), step(2, "reminder", 16)];
    steps[1].sequence = 10;
    const before = getFilm(steps);
    expect(changesOf(before.move(2, 4).film, before)).toEqual({
        2: {delay: 4},
        1: {sequence: 20},
    });
});

test("a step that stood where it may not can still come nearer", () => {
    const film = getFilm([step(1, "reminder", -10)]);
    expect(film.move(1, -5).film.getDay(1)).toBe(-5);
    expect(film.move(1, -12).film.getDay(1)).toBe(-10);
});
