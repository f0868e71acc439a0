from .generate import released as released
from .generate import write_release as write_release
from .house_rules import faults as faults
from .place import course_root as course_root
from .place import notebook_exercises as notebook_exercises
from .place import source_notebooks as source_notebooks
from .solved_and_blank import trial as trial
