"""promisecheck: check the service promises a company states against what its incident log shows."""

__version__ = "0.1.0"
