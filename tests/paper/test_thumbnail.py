from odoo.tests import HttpCase, tagged

from ..delivery.common import DeliveryCommon

ADDRESS = "/mail/attachment/update_thumbnail"


@tagged("post_install", "-at_install")
class TestThumbnail(DeliveryCommon, HttpCase):
    """The web client asks for a thumbnail of each PDF file that it shows."""

    def _ask(self, file):
        self.authenticate("camille", "camille")
        answer = self.make_jsonrpc_request(ADDRESS, {"attachment_id": file.id})
        file.invalidate_recordset()
        return answer

    def _create_file(self, record):
        return self.env["ir.attachment"].create(
            {
                "name": "letter.pdf",
                "raw": b"%PDF-1.4\n",
                "mimetype": "application/pdf",
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def test_kept_letter_opens_without_error(self):
        """A collector opens an action with a letter: no dialog about an error, and the
        letter stays as it was printed."""
        action = self._remind(self.customer)
        letter = self._create_file(action)
        self._send(action)
        action.sudo().delivery_ids._journal().attachment_id = letter
        theirs = letter.with_user(self.collector)
        self.assertEqual(theirs._dunning_filter_kept(), theirs)
        self.assertIsNone(self._ask(letter))
        self.assertFalse(letter.thumbnail)

    def test_other_files_get_theirs(self):
        quote = self._create_file(self.customer)
        self._ask(quote)
        self.assertTrue(quote.thumbnail)
