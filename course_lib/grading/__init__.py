"""The instructor's side: run a stranger's notebook where it can do no harm, and judge it by value.

``tagging`` and ``wire`` carry plain values; ``sandbox``, ``stage``, ``namespaces``, ``seccomp``,
``landlock``, ``watch`` and ``limits`` shut the learner's process in; ``forkserver`` and ``worker``
are that process; ``server`` starts it and ``dialogue`` talks to it. ``source`` and ``rebuild`` say
what to run, ``playing`` runs it, ``engine`` judges, ``feedback`` tells the learner; ``submission``
is all of that as one function, which ``jobs``, ``graders`` and ``cluster`` map over processes or
machines. ``bridge`` is the seam to nbgrader and ``nbgrader_course`` its settings; ``scores`` and
``record`` keep what it found, ``class_run`` grades a class, ``regrading`` an exercise again, and
``soundness`` asks a course whether its own solution passes.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
