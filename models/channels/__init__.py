from . import dunning_channel
from . import activity_channel
from . import email
from . import email_documents
from . import letter
from . import phone
from . import registered_letter
from . import visit
