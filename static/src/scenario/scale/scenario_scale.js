import {Component, onWillUnmount, useRef, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";

import {DayTrack, FLAG_DAYS} from "./day_track";

// A pointer that moved less than this did not mean to drag.
const DRAG_THRESHOLD = 4;
// Room around the outermost steps, and the least that is drawn.
const MARGIN = 5;
const LEAST_BEFORE = 15;
const LEAST_AFTER = 30;
const LEAST_THANKS = 8;
// Listeners that others call.
const HANDLERS = [
    "onFlagClick",
    "onFlagKeydown",
    "onFlagPointerDown",
    "onKeydownWhileDragging",
    "onPointerMove",
    "onPointerUp",
];

/**
 * The steps of a scenario on their scale of days, or its thanks on that of the payment.
 *
 * Steps are dragged, or moved by the arrow keys; while one is dragged the film is drawn
 * as it would become. `onMove(id, getDay)` resolves once the move is recorded; `getDay`
 * turns the day on which the step lies into the one wanted.
 */
export class ScenarioScale extends Component {
    static template = "account_dunning_scenario.ScenarioScale";
    static components = {DayTrack};
    static props = {
        film: {type: Object},
        isPayment: {type: Boolean, optional: true},
        readonly: {type: Boolean},
        canAdd: {type: Boolean},
        onAdd: {type: Function},
        onMove: {type: Function},
        onOpen: {type: Function},
    };

    setup() {
        this.root = useRef("root");
        this.state = useState({drag: null});
        for (const name of HANDLERS) {
            this[name] = this[name].bind(this);
        }
        onWillUnmount(() => this.stopDragging());
    }

    // ---- what is drawn ---------------------------------------------------------------

    get film() {
        return this.state.drag?.film || this.props.film;
    }

    get steps() {
        return this.film.steps.filter(
            (step) => (step.kind === "thanks") === Boolean(this.props.isPayment)
        );
    }

    get trackProps() {
        const {from, to} = this.range;
        const props = {
            from,
            to,
            flags: this.steps.map((step) => this.getFlag(step)),
            ticks: this.getTicks(from, to),
            zones: this.getZones(from, to),
            links: this.getLinks(),
            activeId: this.state.drag?.id ?? null,
            onFlagClick: this.onFlagClick,
        };
        if (!this.props.readonly) {
            props.onFlagKeydown = this.onFlagKeydown;
            props.onFlagPointerDown = this.onFlagPointerDown;
        }
        if (this.props.canAdd) {
            props.onAdd = this.props.onAdd;
            props.addTitle = (day) =>
                _t("Add a step: %(when)s", {when: this.getDistance(day)});
        }
        return props;
    }

    /**
     * The days that are drawn; they stay while a step is dragged.
     */
    get range() {
        if (this.state.drag) {
            return this.state.drag.range;
        }
        const days = this.steps.map((step) => this.film.getDay(step.id));
        const last = Math.max(0, ...days) + FLAG_DAYS + MARGIN;
        if (this.props.isPayment) {
            return {from: -2, to: Math.max(LEAST_THANKS, last)};
        }
        const hasInvoice = this.steps.some((step) => step.anchor === "invoice_date");
        const first = Math.min(hasInvoice ? -this.film.term : 0, ...days) - MARGIN;
        return {from: Math.min(-LEAST_BEFORE, first), to: Math.max(LEAST_AFTER, last)};
    }

    getFlag(step) {
        const day = this.film.getDay(step.id);
        const marks = [
            [step.isLastResort, "fa-gavel", _t("Last resort: a person decides")],
            [step.mode === "optional", "fa-question-circle-o", _t("Optional")],
            [step.mode === "auto", "fa-bolt", _t("Automatic")],
            [!step.isEnabled, "fa-ban", _t("Switched off: not played")],
        ]
            .filter(([isMarked]) => isMarked)
            .map(([, icon, title]) => ({icon, title}));
        const className = [
            step.mode === "optional" && "o_dunning_flag_optional",
            step.isLastResort && "o_dunning_flag_last",
            !step.isEnabled && "o_dunning_flag_off",
        ];
        const words = [step.name, step.way, this.getDistance(day)];
        return {
            id: step.id,
            day,
            name: step.name || _t("New step"),
            channel: step.channel,
            label: this.getDayLabel(day),
            title: [...words, ...marks.map((mark) => mark.title)]
                .filter(Boolean)
                .join(", "),
            className: className.filter(Boolean).join(" "),
            marks,
        };
    }

    getTicks(from, to) {
        const ticks = [];
        for (let day = Math.ceil(from / 5) * 5; day <= to; day += 5) {
            ticks.push({day, label: this.getDayLabel(day), isStrong: !day});
        }
        return ticks;
    }

    getZones(from, to) {
        if (this.props.isPayment) {
            return [
                {
                    from: 0,
                    to,
                    className: "o_dunning_zone_payment",
                    label: _t("After the payment"),
                },
            ];
        }
        return [
            {
                from,
                to: -1,
                className: "o_dunning_zone_before",
                label: _t("Before the due date"),
            },
            {from: 0, to: 0, className: "o_dunning_zone_due", title: _t("Due date")},
            {
                from: 1,
                to,
                className: "o_dunning_zone_after",
                label: _t("After the due date"),
            },
        ];
    }

    getLinks() {
        const links = [];
        for (const step of this.steps) {
            const base = this.film.getBase(step);
            const [from, to] = [base, step].map((s) => s && this.film.getDay(s.id));
            if (base && from < to) {
                const title = _t("%(step)s: %(days)s days after %(base)s", {
                    step: step.name,
                    days: to - from,
                    base: base.name,
                });
                links.push({id: step.id, from, to, title});
            }
        }
        return links;
    }

    getDayLabel(day) {
        if (!day) {
            return this.props.isPayment ? _t("Paid") : _t("Due");
        }
        return day < 0 ? `−${-day}` : `+${day}`;
    }

    getDistance(day) {
        if (this.props.isPayment) {
            return day
                ? _t("%(days)s days after the payment", {days: day})
                : _t("on the day of the payment");
        }
        if (!day) {
            return _t("on the due date");
        }
        return day < 0
            ? _t("%(days)s days before the due date", {days: -day})
            : _t("%(days)s days after the due date", {days: day});
    }

    /**
     * Why the step that is dragged does not follow the pointer.
     */
    get obstacle() {
        return {
            notice: _t("A notice is sent on the due date at the latest."),
            reminder: _t("A reminder is sent once the invoice is overdue."),
            thanks: _t("Thanks are sent once the payment has arrived."),
            base: _t("A step comes no earlier than the one it is counted from."),
            order: _t(
                "A step counted from the previous one would lose it: first change the date that it is counted from."
            ),
            far: _t("That is too far."),
        }[this.state.drag?.obstacle];
    }

    // ---- pointer ---------------------------------------------------------------------

    onFlagPointerDown(ev, id) {
        if (ev.button || this.state.drag) {
            return;
        }
        const canvas = ev.currentTarget.closest(".o_dunning_track_canvas");
        const {from, to} = this.range;
        this.press = {
            id,
            x: ev.clientX,
            canvas,
            scroller: canvas.parentElement,
            scrolled: canvas.parentElement.scrollLeft,
            dayWidth: canvas.getBoundingClientRect().width / (to - from + 1),
        };
        window.addEventListener("pointermove", this.onPointerMove);
        window.addEventListener("pointerup", this.onPointerUp);
        window.addEventListener("pointercancel", this.onPointerUp);
        window.addEventListener("keydown", this.onKeydownWhileDragging, true);
    }

    onPointerMove(ev) {
        const {id, x, scroller, scrolled, dayWidth} = this.press;
        this.scrollTowards(ev.clientX);
        const moved = ev.clientX - x + scroller.scrollLeft - scrolled;
        if (!this.state.drag && Math.abs(moved) < DRAG_THRESHOLD) {
            return;
        }
        const {film} = this.props;
        const {from, to} = this.range;
        const wanted = film.getDay(id) + Math.round(moved / dayWidth);
        const day = Math.min(Math.max(wanted, from), to);
        this.state.drag = {id, range: {from, to}, ...film.move(id, day)};
    }

    /**
     * Follow a pointer that reaches the edge of what is seen.
     */
    scrollTowards(x) {
        const {scroller, dayWidth} = this.press;
        const {left, right} = scroller.getBoundingClientRect();
        if (x > right - 2 * dayWidth) {
            scroller.scrollLeft += dayWidth;
        } else if (x < left + 2 * dayWidth) {
            scroller.scrollLeft -= dayWidth;
        }
    }

    async onPointerUp(ev) {
        const {drag} = this.state;
        this.releasePointer();
        if (!drag) {
            return;
        }
        // The click that follows a drop opens nothing.
        this.isDropping = true;
        setTimeout(() => (this.isDropping = false));
        const day = drag.film.getDay(drag.id);
        try {
            if (ev.type === "pointerup" && drag.film !== this.props.film) {
                await this.props.onMove(drag.id, () => day);
            }
        } finally {
            this.state.drag = null;
        }
    }

    onKeydownWhileDragging(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.stopDragging();
        }
    }

    stopDragging() {
        this.releasePointer();
        this.state.drag = null;
    }

    releasePointer() {
        window.removeEventListener("pointermove", this.onPointerMove);
        window.removeEventListener("pointerup", this.onPointerUp);
        window.removeEventListener("pointercancel", this.onPointerUp);
        window.removeEventListener("keydown", this.onKeydownWhileDragging, true);
    }

    onFlagClick(id) {
        if (!this.isDropping) {
            this.props.onOpen(id);
        }
    }

    // ---- keyboard --------------------------------------------------------------------

    async onFlagKeydown(ev, id) {
        const days = {ArrowLeft: -1, ArrowRight: 1}[ev.key];
        if (!days || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        await this.props.onMove(id, (day) => day + days);
        // A step that overtook another one was put elsewhere in the page.
        this.root.el?.querySelector(`[data-flag="${id}"]`)?.focus();
    }
}
