import {deserializeDate, toLocaleDateString} from "@web/core/l10n/dates";
import {formatMonetary} from "@web/views/fields/formatters";

/**
 * A day as people say it: the year only where it is another one.
 *
 * @param {string|false} day in ISO format
 */
export function formatDay(day) {
    return day ? toLocaleDateString(deserializeDate(day)) : "";
}

/**
 * @param {number} amount
 * @param {number} currencyId
 */
export function formatAmount(amount, currencyId) {
    return formatMonetary(amount, {currencyId});
}

/**
 * The address that dials a number.
 *
 * @param {string} phone
 */
export function getDialUrl(phone) {
    return `tel:${phone.replace(/\s+/g, "")}`;
}

/**
 * @param {string} earlier in ISO format
 * @param {string} later in ISO format
 * @returns {number} days in between
 */
export function countDays(earlier, later) {
    return Math.round(
        deserializeDate(later).diff(deserializeDate(earlier), "days").days
    );
}
