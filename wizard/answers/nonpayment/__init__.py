"""Block of the entry dialog: reasons for not paying."""

from . import dunning_entry
