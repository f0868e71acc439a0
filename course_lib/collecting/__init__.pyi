from .archive import Bounds as Bounds
from .archive import Found as Found
from .archive import Refused as Refused
from .archive import read as read
from .collect import Collected as Collected
from .collect import collect as collect
from .naming import Named as Named
from .naming import recognise as recognise
