import {Component} from "@odoo/owl";

import {getDialUrl} from "./glance_format";

/**
 * Whom to speak to, best first, each with a number to dial and an address to write to.
 */
export class GlancePeople extends Component {
    static template = "account_dunning_scenario.GlancePeople";
    static props = {
        people: {type: Array},
        open: {type: Function},
    };

    setup() {
        this.getDialUrl = getDialUrl;
    }
}
