from . import test_oracle
