import {Component, useEffect, useRef} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";

import {ChannelIcon} from "../../scenario/channel/channel_icon";
import {countDays, formatAmount, formatDay} from "./glance_format";

const ICONS = {
    payment: "fa-money",
    promise: "fa-handshake-o",
    dispute: "fa-balance-scale",
};
// Days beyond which scenes stand no further apart, and the room of one day in rem.
const LONGEST_GAP = 30;
const DAY_WIDTH = 0.12;

/**
 * Put the scenes of a film into days, in their order, today among them.
 *
 * @param {Object[]} scenes of `get_dunning_glance`, the oldest first
 * @param {string} today
 * @returns {{date: string, isToday: boolean, isPast: boolean, gap: number,
 *      scenes: Object[]}[]} `gap`: days since the day before in the film
 */
export function getDays(scenes, today) {
    const days = new Map(scenes.map(({date}) => [date, []]));
    days.set(today, []);
    for (const scene of scenes) {
        days.get(scene.date).push(scene);
    }
    const dates = [...days.keys()].sort();
    return dates.map((date, place) => ({
        date,
        isToday: date === today,
        isPast: date < today,
        gap: place ? countDays(dates[place - 1], date) : 0,
        scenes: days.get(date),
    }));
}

/**
 * What happened with a customer and what is to come, on a line of days: from left to
 * right, or from top to bottom where there is no room. Each scene opens what it shows.
 */
export class GlanceFilm extends Component {
    static template = "account_dunning_scenario.GlanceFilm";
    static components = {ChannelIcon};
    static props = {
        scenes: {type: Array},
        today: {type: String},
        open: {type: Function},
    };

    setup() {
        this.root = useRef("root");
        useEffect(
            () => this.showToday(),
            () => [this.props.scenes]
        );
    }

    get days() {
        return getDays(this.props.scenes, this.props.today);
    }

    showToday() {
        const line = this.root.el;
        const today = line.querySelector(".o_dunning_film_today");
        line.scrollLeft = today.offsetLeft - line.clientWidth / 2;
    }

    getStyle(day) {
        const days = Math.min(day.gap, LONGEST_GAP);
        return `--o-dunning-film-gap: ${(days * DAY_WIDTH).toFixed(2)}rem`;
    }

    getIcon(scene) {
        return ICONS[scene.kind];
    }

    getDayLabel(day) {
        return day.isToday ? _t("Today") : formatDay(day.date);
    }

    getAmount(scene) {
        return scene.amount ? formatAmount(scene.amount, scene.currency_id) : "";
    }

    /**
     * What a scene says when it is read aloud, or pointed at.
     *
     * @param {Object} scene
     */
    getDescription(scene) {
        return [
            formatDay(scene.date),
            scene.title,
            this.getAmount(scene),
            scene.about,
            scene.outcome || scene.state,
            scene.note,
        ]
            .filter(Boolean)
            .join(" – ");
    }

    /**
     * Go from scene to scene with the arrows.
     *
     * @param {KeyboardEvent} ev
     */
    onKeydown(ev) {
        const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[ev.key];
        if (!step) {
            return;
        }
        const scenes = [...this.root.el.querySelectorAll(".o_dunning_scene")];
        const next = scenes[scenes.indexOf(document.activeElement) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }
}
