import json

from odoo.tests import freeze_time, tagged

from ..common import day
from .test_customer_page import PageCommon

# Fills in the page as a customer does, and sends what the browser would send.
VISIT = """
(async () => {
    const wanted = %s;

    function choose(box, isWanted) {
        if (box.checked !== isWanted) {
            box.click();
        }
    }

    async function open() {
        const answer = await fetch(location.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = document.importNode(page.getElementById("answer"), true);
        document.getElementById("answer").replaceWith(fresh);
        return fresh;
    }

    for (const { kind, items, fields, photo } of wanted) {
        const form = await open();
        for (const box of form.querySelectorAll("input[name=i]")) {
            choose(box, items.includes(Number(box.value)));
        }
        form.querySelector(`input[name=kind][value=${kind}]`).click();
        for (const [name, value] of Object.entries(fields)) {
            const field = form.elements[name];
            if (!field.checkVisibility()) {
                throw new Error(`${name} is hidden`);
            }
            field.value = value;
        }
        if (photo) {
            const files = new DataTransfer();
            const bytes = Uint8Array.from(photo, (letter) => letter.charCodeAt(0));
            files.items.add(new File([bytes], "Ann.png", { type: "image/png" }));
            form.elements.files.files = files.files;
        }
        if (!form.checkValidity()) {
            throw new Error(`the form of ${kind} cannot be sent`);
        }
        const body = new FormData(form);
        const answer = await fetch(form.action, { method: "POST", body });
        if (!answer.ok || !answer.url.includes("/done/")) {
            throw new Error(`${kind}: ${answer.status} ${await answer.text()}`);
        }
    }
    console.log("test successful");
})();
"""
# First bytes of a picture; each letter is one of them.
PHOTO = "\x89PNG\r\n\x1a\n and the rest of a photo"


@tagged("post_install", "-at_install", "browser")
class TestCustomerPageStory(PageCommon):
    """A customer answers on a telephone, and the collector decides."""

    browser_size = "360x740"  # CSS pixels of a small telephone

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Not in the message, but on the page.
        cls.third = cls._create_claim(day("02-22"), 80.0)
        cls.reason = cls.declarations._get_reasons(cls.company)[0]

    def _visit(self, *answers):
        self.browser_js(self.path, VISIT % json.dumps(answers))
        self.env.invalidate_all()

    def _decide(self, declaration, operation):
        with freeze_time(f"{self.TODAY} 14:00:00"):
            return getattr(
                declaration.with_user(self.collector), f"action_{operation}"
            )()

    def test_promise_problem_and_question(self):
        """S3-42: the customer settles it alone; the film waits, and goes on where the
        collector does not agree."""
        self._visit(
            {
                "kind": "promise",
                "items": (self.first | self.second).ids,
                "fields": {"day1": "2026-03-31"},
            },
            {
                "kind": "dispute",
                "items": self.third.ids,
                "fields": {
                    "reason": str(self.reason.id),
                    "dispute_text": "The door is scratched.",
                },
                "photo": PHOTO,
            },
            {
                "kind": "question",
                "items": [],
                "fields": {"question_text": "Which pallet is it about?"},
            },
        )
        promise, problem, question = self.declarations.search([], order="id")
        self.assertEqual(promise.line_ids.move_line_id, self.first | self.second)
        self.assertEqual(promise.term_ids.amount, 150.0)
        self.assertEqual(problem.line_ids.move_line_id, self.third)
        self.assertEqual(problem.attachment_ids.name, "file-1.png")
        self.assertEqual(question.description, "Which pallet is it about?")
        self.assertFalse(self._plan().line_ids, "all of it waits")

        self._decide(question | promise, "accept")
        self.assertEqual(promise.state, "accepted")
        dialog = self._decide(problem, "correct")
        self.assertEqual(dialog["res_model"], "dunning.entry")
        refusal = self.env["dunning.declaration.refusal"].with_user(self.collector)
        refusal.create({"declaration_ids": problem.ids}).action_refuse()
        self.assertEqual(problem.state, "refused")
        self.assertDue(self.third, on=day("03-16"))
