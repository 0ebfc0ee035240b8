from odoo.tests import tagged

from ..journal.chatter_common import ChatterCommon

SECRET = "They offer 4,711 if nobody hears of it"


@tagged("post_install", "-at_install")
class TestCommitteeChatter(ChatterCommon):
    """What the committee says of a customer is not everybody's to read."""

    def test_committee(self):
        self._use_channel("committee", fallback_channel=False)
        session = self.env["dunning.committee"].create({"date": self.TODAY})
        self._remind()
        case = session.case_ids
        case.write({"decision": "carry_on", "decision_reason": SECRET})
        case.action_decide()
        self.assertIn(SECRET, " ".join(case.message_ids.mapped("body")))
        self._assert_discreet()
