import {Component, useEffect, useState} from "@odoo/owl";

import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";

import {DayTrack} from "./day_track";

const {DateTime} = luxon;

/**
 * How an invoice due on a day would be followed by the scenario as it is saved: played
 * by the planner, with weekends and holidays.
 */
export class ScenarioStrip extends Component {
    static template = "account_dunning_scenario.ScenarioStrip";
    static components = {DateTimeInput, DayTrack};
    static props = {record: {type: Object}};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({
            dueDate: DateTime.now().startOf("day").plus({days: 30}),
            paidDate: false,
            preview: null,
            isLoading: false,
        });
        useEffect(
            () => {
                this.load();
            },
            () => [this.props.record.resId, this.props.record.dirty]
        );
    }

    get isChanged() {
        return this.props.record.dirty;
    }

    /**
     * Have the planner play what is saved.
     */
    async load() {
        const {record} = this.props;
        if (!record.resId || record.dirty) {
            return;
        }
        this.state.isLoading = true;
        const {dueDate, paidDate} = this.state;
        try {
            this.state.preview = await this.keepLast.add(
                this.orm.call("dunning.scenario", "get_preview", [
                    [record.resId],
                    serializeDate(dueDate),
                    paidDate && serializeDate(paidDate),
                ])
            );
        } finally {
            this.state.isLoading = false;
        }
    }

    onDueDate(dueDate) {
        if (dueDate) {
            this.state.dueDate = dueDate;
            this.load();
        }
    }

    onPaidDate(paidDate) {
        this.state.paidDate = paidDate;
        this.load();
    }

    // ---- what is drawn ---------------------------------------------------------------

    /**
     * Days are counted from the first one that is drawn.
     */
    get trackProps() {
        const {preview} = this.state;
        const first = deserializeDate(preview.first_date);
        const getDay = (date) =>
            Math.round(deserializeDate(date).diff(first, "days").days);
        const last = getDay(preview.last_date);
        return {
            from: 0,
            to: last,
            flags: preview.scenes.map((scene, index) => ({
                id: index,
                day: getDay(scene.date),
                name: scene.name,
                channel: scene.channel,
                label: deserializeDate(scene.date).toFormat("ccc d MMM"),
                title: [scene.name, scene.way, scene.day, scene.distance].join(", "),
                className: "",
                marks: [],
            })),
            ticks: this.getTicks(first, last),
            zones: this.getZones(getDay),
        };
    }

    getZones(getDay) {
        const {preview} = this.state;
        const marks = [
            ...preview.days_off.map((date) => [date, "off", _t("Non-working day")]),
            [preview.due_date, "due", _t("Due date")],
            [preview.paid_date, "paid", _t("Payment")],
        ];
        return marks
            .filter(([date]) => date)
            .map(([date, name, title]) => ({
                from: getDay(date),
                to: getDay(date),
                className: `o_dunning_zone_${name}`,
                title,
            }));
    }

    getTicks(first, last) {
        const ticks = [];
        for (let day = 0; day <= last; day++) {
            const date = first.plus({days: day});
            if (date.weekday === 1) {
                ticks.push({day, label: date.toFormat("d MMM")});
            }
        }
        return ticks;
    }
}
