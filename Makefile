# Everything is in make.py, which also works where there is no make (Windows): py -3 make.py demo
PYTHON ?= python3

.PHONY: demo app test fast live search lint setup bench lock clean

demo app test fast live search lint setup bench lock clean:
	@$(PYTHON) make.py $@
