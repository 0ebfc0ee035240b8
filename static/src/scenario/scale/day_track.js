import {Component} from "@odoo/owl";

import {ChannelIcon} from "@account_dunning_scenario/scenario/channel/channel_icon";
import {getChannel} from "@account_dunning_scenario/scenario/channel/channels";

// A flag is as wide as this number of days, which are never narrower than these pixels.
export const FLAG_DAYS = 8;
const DAY_WIDTH = 13;
const LANE_HEIGHT = 50;
const ZONE_LABEL_HEIGHT = 26;

/**
 * A line of days with flags planted on it, one above the other where they would
 * overlap. It draws what it is given, in days; what happens to a flag is told.
 */
export class DayTrack extends Component {
    static template = "account_dunning_scenario.DayTrack";
    static components = {ChannelIcon};
    static props = {
        from: {type: Number},
        to: {type: Number},
        // {id, day, label, name, channel, className, title, marks: [{icon, title}]}
        flags: {type: Array},
        // {day, label, isStrong}
        ticks: {type: Array},
        // {from, to, className, label}
        zones: {type: Array},
        // {id, from, to}: a step and the one that it is counted from
        links: {type: Array, optional: true},
        activeId: {type: [Number, String, {value: null}], optional: true},
        addTitle: {type: Function, optional: true},
        onAdd: {type: Function, optional: true},
        onFlagClick: {type: Function, optional: true},
        onFlagKeydown: {type: Function, optional: true},
        onFlagPointerDown: {type: Function, optional: true},
    };
    static defaultProps = {links: [], activeId: null};

    get length() {
        return this.props.to - this.props.from + 1;
    }

    get days() {
        return Array.from({length: this.length}, (_, i) => this.props.from + i);
    }

    /**
     * Give each flag the lowest lane on which it hides no other.
     */
    get layout() {
        const ends = [];
        const lanes = new Map();
        for (const flag of [...this.props.flags].sort((a, b) => a.day - b.day)) {
            const free = ends.findIndex((end) => end <= flag.day);
            const lane = free < 0 ? ends.length : free;
            ends[lane] = flag.day + FLAG_DAYS;
            lanes.set(flag.id, lane);
        }
        const flags = this.props.flags.map((flag) => ({
            ...flag,
            lane: lanes.get(flag.id),
        }));
        const height = Math.max(1, ends.length) * LANE_HEIGHT + ZONE_LABEL_HEIGHT;
        return {flags, fieldStyle: `height: ${height}px;`};
    }

    get canvasStyle() {
        return `min-width: ${this.length * DAY_WIDTH}px;`;
    }

    getColor(flag) {
        return `o_dunning_channel_color_${getChannel(flag.channel).color}`;
    }

    /**
     * Return the place of a span of days, both included.
     */
    getSpanStyle(from, to) {
        const left = this._getShare(from - this.props.from);
        return `left: ${left}%; width: ${this._getShare(to - from + 1)}%;`;
    }

    getFlagStyle(flag) {
        const left = this._getShare(flag.day - this.props.from + 0.5);
        const bottom = flag.lane * LANE_HEIGHT;
        return `left: ${left}%; width: ${this._getShare(FLAG_DAYS - 0.5)}%; bottom: ${bottom}px;`;
    }

    getPoleStyle(flag) {
        const left = this._getShare(flag.day - this.props.from + 0.5);
        return `left: ${left}%; height: ${flag.lane * LANE_HEIGHT + 6}px;`;
    }

    getTickStyle(tick) {
        return `left: ${this._getShare(tick.day - this.props.from + 0.5)}%;`;
    }

    getLinkStyle(link) {
        const left = this._getShare(link.from - this.props.from + 0.5);
        return `left: ${left}%; width: ${this._getShare(link.to - link.from)}%;`;
    }

    _getShare(days) {
        return (100 * days) / this.length;
    }
}
