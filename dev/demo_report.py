"""What the scheduled actions of the demo produced, in words and figures."""

import base64
import collections

NOTHING = "nothing"


class Report:
    """Counts and amounts per channel, read while the database is at hand."""

    def __init__(self, env, mails, letters):
        self.mails = mails
        self.letters = letters
        deliveries = env["dunning.delivery"].search(
            [("state", "in", ("done", "waiting"))]
        )
        self.channels = self._read_channels(env, deliveries)
        # An e-mail that is in Odoo's queue, or never reached it, was not sent.
        by_mail = deliveries.filtered(lambda d: d.channel == "email")
        self.expected = len(by_mail)
        self.files = sorted(mails.glob("*.eml"))
        self.merged = self._write_letters(deliveries)
        self.problems = self._read_problems(env)

    def is_complete(self):
        """Tell whether every e-mail arrived as a file and every letter was printed."""
        letters = "letter" in self.channels
        return len(self.files) >= self.expected and (self.merged or not letters)

    def text(self):
        """Return the report for the terminal."""
        lines = ["", "Today's scheduled actions produced:"]
        for _channel, (label, count, amounts) in sorted(self.channels.items()):
            lines.append(f"  {count:5}  {label:20} for {amounts}")
        if not self.channels:
            lines.append(f"  {NOTHING}")
        lines.append(
            f"E-mails that arrived: {len(self.files)} of {self.expected}, as files in "
            f"{self.mails}"
        )
        lines += [f"Letters, merged: {path}" for path in self.merged]
        lines += [
            f"{count} {what}" for what, count in sorted(self.problems.items()) if count
        ]
        return "\n".join(lines)

    def _read_channels(self, env, deliveries):
        labels = dict(deliveries._fields["channel"]._description_selection(env))
        result = {}
        for channel, group in deliveries.grouped("channel").items():
            totals = collections.Counter()
            for line in group.action_id.line_ids:
                if line.state != "dropped":
                    totals[line.currency_id] += line.amount_residual_currency
            amounts = ", ".join(
                currency.format(amount) for currency, amount in totals.items()
            )
            result[channel] = (labels[channel], len(group), amounts or NOTHING)
        return result

    def _write_letters(self, deliveries):
        """Copy the merged letters out of the database, and return the files."""
        paths = []
        for attachment in deliveries.batch_attachment_id:
            path = self.letters / f"letters-{attachment.id}.pdf"
            path.write_bytes(base64.b64decode(attachment.datas))
            paths.append(path)
        return paths

    def _read_problems(self, env):
        """Return what did not leave, and why."""
        result = collections.Counter()
        model = env["dunning.action"]
        reasons = dict(model._fields["untick_reason"]._description_selection(env))
        for action in model.search([("state", "=", "to_confirm")]):
            why = reasons.get(action.untick_reason, "not ticked")
            result[f"wait on the desk: {why}"] += 1
        for action in model.search([("state", "=", "failed")]):
            result[f"failed: {action.reason}"] += 1
        for mail in env["mail.mail"].search([("state", "=", "exception")]):
            result[f"e-mails refused: {mail.failure_reason}"] += 1
        return result
