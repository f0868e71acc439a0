from .engine import NotebookResult as NotebookResult
from .engine import grade_notebook as grade_notebook
from .limits import Limits as Limits
from .sandbox import Level as Level
from .sandbox import probe as probe
from .seed import secret_seed as secret_seed
from .source import SourceNotebook as SourceNotebook
from .source import read_source as read_source
