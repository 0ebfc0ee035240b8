import errno
import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..channels.letter_common import LetterCommon


@tagged("post_install", "-at_install")
class TestDocument(LetterCommon):
    """The disk of the server is full while letters are kept."""

    def _break_disk(self, is_silent):
        """Let the server write half of each file, then fail, or say nothing."""
        attachment = type(self.env["ir.attachment"])

        def write(records, content, checksum):
            name, path = records._get_path(content, checksum)
            with open(path, "wb") as file:
                file.write(content[: len(content) // 2])
            self.paths.append(path)
            if not is_silent:
                raise OSError(errno.ENOSPC, "No space left on device")
            return name

        self.paths = []
        return patch.object(attachment, "_file_write", write)

    def _check_refused(self, is_silent):
        self._create_euro_claims(1)
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        with self._break_disk(is_silent), self.assertRaisesRegex(UserError, "disk is"):
            self._print(action)
        self.assertTrue(self.paths)
        self.assertFalse([path for path in self.paths if os.path.exists(path)])

    def test_letter_that_cannot_be_stored_is_refused(self):
        self._check_refused(is_silent=False)

    def test_letter_that_was_cut_off_silently_is_refused(self):
        self._check_refused(is_silent=True)

    def test_the_same_document_can_be_stored_once_there_is_room(self):
        values = [{"name": "Letter.pdf", "raw": b"%PDF a letter"}]
        documents = self.env["dunning.document"]
        with self._break_disk(False), self.assertRaises(UserError):
            documents._store(values)
        self.assertEqual(documents._store(values).raw, b"%PDF a letter")
