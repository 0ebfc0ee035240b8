"""Page of the customer: what is open, what they select, what they declare."""

from . import dunning_customer_page
from . import dunning_customer_page_payment
from . import dunning_customer_page_files
from . import dunning_customer_page_declare
from . import dunning_declaration
