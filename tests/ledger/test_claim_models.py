from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestClaimModels(TransactionCase):
    """An invoice is corrected: all that is on record about it follows."""

    def test_every_model_that_remembers_claims_is_asked(self):
        """Those to come, too, of whatever room."""
        remembering = [
            name
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient)
            and {"move_line_id", "move_id", "instalment"} <= model._fields.keys()
        ]
        asked = self.env["dunning.claim.mixin"]._get_claim_models()
        self.assertEqual(asked, sorted(remembering))
        self.assertIn("dunning.action.line", asked)
