# What can be made; `make` alone lists it.
MVN ?= mvn -B
CENTERLOSS = scripts/centerloss
SEED ?= 0

.DEFAULT_GOAL := help
.PHONY: help demo build test verify bench format clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: build ## Build, then train an embedding of small clothes images (about two minutes; SEED=N)
	$(CENTERLOSS) train --dataset fashion-mini --loss standalone --feat-dim 2 \
	    --batch-size 64 --epochs 20 --lr-patience 2 --lr-threshold 0.02 --seed $(SEED)

build: ## Compile and package, without tests
	$(MVN) -q package -DskipTests

test: ## Build and run every test and the format check
	$(MVN) verify

verify: build ## Compare every operation of the CPU device with the float64 reference
	$(CENTERLOSS) verify --device reference
	$(CENTERLOSS) verify --device cpu

bench: build ## Time training steps and evaluation on the CPU
	$(CENTERLOSS) bench step --device cpu

format: ## Format the sources
	$(MVN) -q spotless:apply

clean: ## Remove everything that was built
	$(MVN) -q clean
