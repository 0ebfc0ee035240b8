import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

import {DeskController} from "./desk_controller";
import {DeskRenderer} from "./desk_renderer";

registry.category("views").add("dunning_desk", {
    ...listView,
    Controller: DeskController,
    Renderer: DeskRenderer,
});
