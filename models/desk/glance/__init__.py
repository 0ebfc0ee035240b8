"""Customer at a glance: all that is known, on one screen."""

from . import dunning_glance
from . import dunning_glance_answers
from . import dunning_glance_film
from . import dunning_glance_items
from . import res_partner
