from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestChannelLooks(HttpCase):
    """One icon and one colour per channel, wherever it is shown."""

    def _get_channels(self, login):
        self.authenticate(login, login)
        info = self.make_jsonrpc_request("/web/session/get_session_info")
        return info.get("dunning_channels")

    def test_channels_are_told_apart(self):
        """A collector tells a call from a letter at a glance."""
        looks = self.env["dunning.channel"]._get_looks()
        self.assertGreaterEqual(
            {look["code"] for look in looks}, {"email", "phone", "letter"}
        )
        for quality in ("icon", "color", "label"):
            told = [look[quality] for look in looks]
            self.assertEqual(len(told), len(set(told)), quality)

    def test_the_web_client_knows_the_channels_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        new_test_user(self.env, "fabienne", "base.group_user", lang="fr_FR")
        phone = next(c for c in self._get_channels("fabienne") if c["code"] == "phone")
        self.assertEqual(
            phone,
            {
                "code": "phone",
                "label": "Téléphone",
                "icon": "fa-phone",
                "color": 10,
                "nature": "human",
                "family": "spoken",
            },
        )

    def test_customers_are_told_nothing_of_it(self):
        new_test_user(self.env, "portia", "base.group_portal")
        self.assertIsNone(self._get_channels("portia"))
