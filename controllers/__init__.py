from . import preview
from . import rating
from . import scenario
