from . import dunning_channel
from . import email
from . import letter
from . import phone
