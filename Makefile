# Each target sets itself up: it makes .venv and installs what is missing, then does its work.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: lab demo test check format bench constraints

lab:  ## a learner's JupyterLab on the notebooks
	@$(PYTHON) set_up.py lab
	$(BIN)/jupyter lab --notebook-dir=notebooks $(ARGS)

demo:  ## release, hand in a simulated class, grade it, show the gradebook
	@$(PYTHON) set_up.py lab grading
	$(BIN)/course demo $(ARGS)

test:  ## everything that the continuous integration runs
	@$(PYTHON) set_up.py lab grading dev peers
	$(BIN)/python -m tests $(ARGS)

bench:  ## measure our speed beside our peers' and write benchmarks/RESULTS.md
	@$(PYTHON) set_up.py lab grading dev peers
	$(BIN)/course bench $(ARGS)

format:  ## put the code into the house's shape
	@$(PYTHON) set_up.py lab grading dev peers
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints:  ## record the versions that are installed now
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt
