# Everything is in make.py, which also works where there is no make (Windows): py -3 make.py demo
PYTHON ?= python3

.PHONY: demo test fast lint setup bench lock clean

demo test fast lint setup bench lock clean:
	@$(PYTHON) make.py $@
