import {session} from "@web/session";

const UNKNOWN = {icon: "fa-paper-plane-o", color: 0, nature: ""};

/**
 * The installed channels, in the order they are shown.
 *
 * @returns {{code: string, label: string, icon: string, color: number,
 *      nature: "sent"|"printed"|"deposited"|"human"}[]}
 */
export function getChannels() {
    return session.dunning_channels || [];
}

/**
 * How a channel is shown; one that is not installed any more goes by its code.
 *
 * @param {string} code
 */
export function getChannel(code) {
    const channel = getChannels().find((known) => known.code === code);
    return channel || {...UNKNOWN, code, label: code};
}
