from . import preview
from . import rating
