from . import attachment
from . import follow_up
from . import preview
from . import rating
from . import scenario
