"""Report of the demo's scheduled actions, in words and figures."""

import base64
import collections
import email.parser

NOTHING = "nothing"
# Channels that a mail server delivers.
MAIL_CHANNELS = ("email", "interactive_email", "fax")


class Report:
    """Counts and amounts per channel, read while the database is at hand."""

    def __init__(self, env, known, mails, letters):
        """Read the new deliveries, and the files that arrived."""
        env = env(context={**env.context, "lang": "en_US"})
        domain = [("state", "in", ("done", "waiting")), ("id", "not in", known.ids)]
        deliveries = env["dunning.delivery"].search(domain)
        self.mails = mails
        self.letters = letters
        self.channels = self._read_channels(env, deliveries)
        by_mail = deliveries.filtered(lambda d: d.channel in MAIL_CHANNELS)
        self.expected = set(by_mail.mail_message_id.mapped("message_id"))
        self.is_queued = len(self.expected) == len(by_mail)
        self.arrived = self._read_arrived()
        self.merged = self._write_letters(deliveries)
        self.messages = deliveries.sms_id.mapped("body")
        self.problems = self._read_problems(env)

    def is_complete(self):
        """Return whether every e-mail arrived as a file and every letter was
        printed."""
        letters = "letter" in self.channels
        missing = self.expected - self.arrived
        return self.is_queued and not missing and (self.merged or not letters)

    def text(self):
        """Return the report for the terminal."""
        lines = ["", "Today's scheduled actions produced (credits not deducted):"]
        for _channel, (label, count, amounts) in sorted(self.channels.items()):
            lines.append(f"  {count:5}  {label:20} for {amounts}")
        if not self.channels:
            lines.append(f"  {NOTHING}")
        ours = self.expected & self.arrived
        lines.append(f"E-mails that arrived: {len(ours)} of {len(self.expected)}")
        if others := len(self.arrived - ours):
            lines.append(f"Other e-mails, Odoo's to its users: {others}")
        lines.append(f"The e-mail files: {self.mails}")
        lines += [f"Text message, kept in the queue: {text}" for text in self.messages]
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
                if line.state in ("open", "done"):
                    totals[line.currency_id] += line.amount_residual_currency
            amounts = ", ".join(
                currency.format(amount) for currency, amount in totals.items()
            )
            result[channel] = (labels[channel], len(group), amounts or NOTHING)
        return result

    def _read_arrived(self):
        """Return the Message-Ids of the files that the sink wrote."""
        parser = email.parser.BytesHeaderParser()
        found = set()
        for path in self.mails.glob("*.eml"):
            with open(path, "rb") as handle:
                found.add(parser.parse(handle)["Message-Id"].strip())
        return found

    def _write_letters(self, deliveries):
        """Copy the merged letters out of the database; return the files."""
        paths = []
        for attachment in deliveries.batch_attachment_id:
            path = self.letters / f"letters-{attachment.id}.pdf"
            path.write_bytes(base64.b64decode(attachment.datas))
            paths.append(path)
        return paths

    def _read_problems(self, env):
        """Return the actions that did not leave, and the reasons."""
        result = collections.Counter()
        model = env["dunning.action"]
        reasons = dict(model._fields["untick_reason"]._description_selection(env))
        for action in model.search([("state", "=", "to_confirm")]):
            ticked = "ticked" if action.is_ticked else "not ticked"
            why = reasons.get(action.untick_reason, ticked)
            result[f"on the desk: {why}"] += 1
        for action in model.search([("state", "=", "failed")]):
            result[f"failed: {action.reason}"] += 1
        for mail in env["mail.mail"].search([("state", "=", "exception")]):
            result[f"e-mails refused: {mail.failure_reason}"] += 1
        return result
