from .generate import released as released
from .generate import write_release as write_release
from .house_rules import faults as faults
from .simulated_class import CLASS as CLASS
from .simulated_class import hand_in as hand_in
from .solved_and_blank import trial as trial
