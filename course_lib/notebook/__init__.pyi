from .session import CheckFailed as CheckFailed
from .session import Session as Session
from .starting import start as start
