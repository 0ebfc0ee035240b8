from . import dunning_channel
from . import email
from . import email_documents
from . import letter
from . import phone
