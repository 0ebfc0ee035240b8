from odoo.tests import tagged

from .lre_common import LreCommon


@tagged("post_install", "-at_install")
class TestProviderService(LreCommon):
    """What a provider may be chosen for: the channels that say so, no list by hand."""

    def test_each_channel_that_goes_by_a_provider_is_a_service(self):
        """Letters first, as the form has always shown and proposed them."""
        provided = self.env.registry["dunning.provided.channel"]
        codes = [
            code
            for code in self.env["dunning.channel"]._get_codes()
            if issubclass(self.env.registry[f"dunning.channel.{code}"], provided)
        ]
        field = self.env["dunning.provider"]._fields["service"]
        offered = dict(field._description_selection(self.env))
        self.assertEqual(set(offered), set(codes))
        self.assertEqual(
            list(offered.values()), ["Electronic registered letters", "Voice messages"]
        )
        self.assertEqual(self._create_provider().service, next(iter(offered)))
