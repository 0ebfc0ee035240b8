"""Claims that have to be declared in insolvency proceedings."""

from . import res_company
from . import res_partner
