"""Satisfaction of customers, and the two questions after every step."""

from . import dunning_action
from . import dunning_action_questions
from . import dunning_action_dissatisfaction
from . import rating_rating
from . import res_partner
