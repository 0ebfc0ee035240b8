from odoo import api, models
from odoo.exceptions import UserError

from ..setup.guard.guard import SEAL, is_sealed

# Fields that set the place of a step in the film: never changed once it was played.
PLACE_FIELDS = (
    "anchor",
    "anchor_step_id",
    "channel",
    "kind",
    "scenario_id",
    "sequence",
)


class DunningStep(models.Model):
    """Keep played steps in their place in the film for ever (S0-44).

    Moving a played step, or changing its anchor or kind of channel, archives it in its
    place and creates a copy with the same code in the new place.
    """

    _inherit = "dunning.step"

    def write(self, vals):
        """Replace played steps by a copy when the values change their place in the
        film."""
        if is_sealed(self.env, "dunning_in_place"):
            return super().write(vals)
        moved = self._filtered_moved(vals)
        super(DunningStep, self - moved).write(vals)
        for step in moved:  # each gets a copy with its own values
            step._replace(vals)._check_anchor()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_never_played()
        self._check_not_counted_from()

    def _check_never_played(self):
        if self._filtered_played():
            raise UserError(
                self.env._(
                    "A step that was played cannot be deleted: the history of the "
                    "customers needs it. Archive it instead."
                )
            )

    def _check_not_counted_from(self):
        others = self.with_context(active_test=False).search(
            [("anchor_step_id", "in", self.ids), ("id", "not in", self.ids)], limit=1
        )
        if others:
            raise UserError(
                self.env._(
                    "“%(step)s” is counted from “%(base)s”: count it from another date "
                    "first.",
                    step=others.name,
                    base=others.anchor_step_id.name,
                )
            )

    def _filtered_moved(self, vals):
        """Return the played steps whose place these values change."""
        place = {name: vals[name] for name in PLACE_FIELDS if name in vals}
        if not place:
            return self.browse()
        return self._filtered_played().filtered(lambda step: step._changes_place(place))

    def _changes_place(self, place):
        """Return whether the values change the step's rank, anchor, kind or nature of
        channel."""
        self.ensure_one()
        current = self._convert_to_write({name: self[name] for name in place})
        changed = {name for name in place if place[name] != current[name]}
        if "channel" in changed:
            Channel = self.env["dunning.channel"]
            if Channel._get_nature(place["channel"]) == Channel._get_nature(
                self.channel
            ):
                changed.remove("channel")
        if changed == {"sequence"}:
            return self._changes_rank(place["sequence"])
        return bool(changed)

    def _changes_rank(self, sequence):
        others = self.scenario_id.with_context(active_test=False).step_ids - self
        before = others.filtered(
            lambda s: (s.sequence, s.id) < (self.sequence, self.id)
        )
        return before != others.filtered(
            lambda s: (s.sequence, s.id) < (sequence, self.id)
        )

    def _filtered_played(self):
        """Return the steps that a claim performs, performed or skipped; extended by the
        journal."""
        return self.browse()

    def _replace(self, vals):
        """Archive this played step in its place, and create a changed copy.

        Steps counted from this one are counted from the copy. Without a new sequence
        the copy comes just before the original, so that a claim that played the
        original is past both. The caller checks the anchors once all steps are in
        place.

        :return: the copy
        """
        self.ensure_one()
        step = self.with_context(dunning_in_place=SEAL)
        step.write({"active": False})
        step.flush_recordset(["active"])  # frees the code before the copy takes it
        default = {"active": True} | vals
        if "sequence" not in vals:
            default["sequence"] = step._free_sequence()
        # Texts are written afterwards: passed to copy(), they would lose translations.
        texts = {
            name: default.pop(name) for name in vals if self._fields[name].translate
        }
        copied = step.copy(default)
        copied.write(texts)
        siblings = step.scenario_id.step_ids.filtered("active").filtered(
            lambda sibling: sibling.anchor_step_id == step
        )
        siblings.write({"anchor_step_id": copied.id})
        return copied.with_context(dunning_in_place=False)

    def _free_sequence(self):
        """Shift this step and the following ones by one; return the freed sequence."""
        sequence = self.sequence
        following = self.scenario_id.with_context(active_test=False).step_ids.filtered(
            lambda step: (step.sequence, step.id) >= (self.sequence, self.id)
        )
        for step in following.sorted("sequence", reverse=True):
            step.with_context(dunning_in_place=SEAL).sequence += 1
        return sequence

    def _get_moved(self, order):
        """Return the smallest set of steps to move for a new order, played ones spared.

        The other steps are the longest run whose relative order did not change.

        :param order: the same steps in the new order
        """
        place = {step: number for number, step in enumerate(self)}
        played = self._filtered_played()

        def weight(run):
            return len(run), sum(step in played for step in run)

        runs = []
        for step in order:
            heads = [run for run in runs if place[run[-1]] < place[step]]
            runs.append([*max(heads, key=weight, default=[]), step])
        staying = self.browse([step.id for step in max(runs, key=weight, default=[])])
        return self - staying
