import {ListRenderer} from "@web/views/list/list_renderer";

/**
 * The rows of the desk: the space bar ticks the one that has the focus, in its place.
 */
export class DeskRenderer extends ListRenderer {
    onCellKeydownReadOnlyMode(hotkey, cell, group, record) {
        if (hotkey === "space" && record) {
            this.toggleTick(record);
            return true;
        }
        return super.onCellKeydownReadOnlyMode(hotkey, cell, group, record);
    }

    async toggleTick(record) {
        if (record.data.state === "to_confirm") {
            await record.update({is_ticked: !record.data.is_ticked}, {save: true});
        }
    }
}
