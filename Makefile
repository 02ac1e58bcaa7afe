# What can be made; `make` alone lists it.
MVN ?= mvn -B
CENTERLOSS = scripts/centerloss
SEED ?= 0
NVCC ?= nvcc
# The oldest GPUs that the kernels are compiled for; the driver translates for newer ones.
CUDA_ARCH ?= compute_75

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo build test ptx vgpu device-code cuda-libs gpu-check verify bench peers fuzz format clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: build ## Build, then train an embedding of small clothes images (about two minutes; SEED=N)
	$(CENTERLOSS) train --dataset fashion-mini --loss standalone --feat-dim 2 \
	    --batch-size 64 --epochs 20 --lr-patience 2 --lr-threshold 0.02 --seed $(SEED)

build: device-code ## Compile and package, without tests
	$(MVN) -q package -DskipTests

test: device-code ## Build and run every test and the format check
	$(MVN) verify

PTX = $(patsubst kernels/%.cu,target/ptx/%.ptx,$(wildcard kernels/*.cu))

ptx: $(PTX) ## Compile the CUDA kernels (NVCC, CUDA_ARCH)
	@rm -f $(filter-out $(PTX),$(wildcard target/ptx/*.ptx))

target/ptx/%.ptx: kernels/%.cu target/ptx/architecture
	@command -v $(NVCC) >/dev/null || { echo "make: $(NVCC) is missing; install NVIDIA's CUDA toolkit, or point NVCC at its nvcc" >&2; exit 1; }
	$(NVCC) -ptx -lineinfo -std=c++17 -arch=$(CUDA_ARCH) -MMD -MP -MF $(@:.ptx=.d) -o $@ $<
	@sed -i 's|"$(CURDIR)/|"|' $@

# Changes when CUDA_ARCH does.
target/ptx/architecture: always
	@mkdir -p $(@D)
	@echo $(CUDA_ARCH) | cmp -s - $@ || echo $(CUDA_ARCH) >$@

VGPU_SOURCES := $(sort $(shell find src/vgpu -name '*.cpp'))
VGPU_OBJECTS := $(VGPU_SOURCES:src/vgpu/%.cpp=target/vgpu/obj/%.o)
VGPU_CUDA = $(filter $(addprefix target/vgpu/obj/,driver/% execute/% ptx/%),$(VGPU_OBJECTS))
VGPU_CUBLAS = $(filter $(addprefix target/vgpu/obj/,cublas/% common/%),$(VGPU_OBJECTS))
VGPU_CUDNN = $(filter $(addprefix target/vgpu/obj/,cudnn/% common/%),$(VGPU_OBJECTS))
# The natives of JCuda ask for symbols of a version that is named after the library.
VGPU_LINK = $(CXX) -shared -pthread -Wl,-soname,$(@F) -Wl,-z,defs -Wl,--default-symver -Wl,-rpath,'$$ORIGIN' -o $@

vgpu: $(addprefix target/vgpu/,libcuda.so.1 libcublas.so.12 libcudnn.so.9) ## Build the virtual GPU, which runs the kernels on the CPU (CXX)

target/vgpu/libcuda.so.1: $(VGPU_CUDA)
	$(CXX) -shared -pthread -Wl,-soname,$(@F) -Wl,-z,defs -o $@ $^

target/vgpu/libcublas.so.12: $(VGPU_CUBLAS) target/vgpu/libcuda.so.1
	$(VGPU_LINK) $^

target/vgpu/libcudnn.so.9: $(VGPU_CUDNN) target/vgpu/libcuda.so.1
	$(VGPU_LINK) $^

target/vgpu/obj/%.o: src/vgpu/%.cpp
	@command -v $(CXX) >/dev/null || { echo "make: $(CXX) is missing; install g++, or point CXX at a C++17 compiler" >&2; exit 1; }
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -Isrc/vgpu -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math \
	    -Wall -Wextra -Werror -fPIC -fvisibility=hidden -pthread -MMD -MP -c -o $@ $<

.PHONY: always
-include $(VGPU_OBJECTS:.o=.d)
-include $(wildcard target/ptx/*.d)

# What the build takes in where it can be made: without it, the build is for the CPU alone.
device-code:
	@if command -v $(NVCC) >/dev/null; then $(MAKE) --no-print-directory -j$$(nproc) ptx; \
	else echo "make: $(NVCC) is missing: building for the CPU alone; for the GPU install NVIDIA's CUDA toolkit, or point NVCC at its nvcc" >&2; fi
	@if command -v $(CXX) >/dev/null; then $(MAKE) --no-print-directory -j$$(nproc) vgpu; \
	else echo "make: $(CXX) is missing: no virtual GPU to run the kernels on; install g++, or point CXX at a C++17 compiler" >&2; fi

cuda-libs: ## Bring NVIDIA's libraries for a GPU to ~/.cache/centerloss (2 GB to download, 1.5 GB to keep)
	scripts/cuda-libs

gpu-check: build ## Try a GPU out and write target/gpu-check.md (DEVICE, GOLDEN, STEPS)
	scripts/gpu-check

verify: build ## Compare every operation of the CPU device with the float64 reference
	$(CENTERLOSS) verify --device reference
	$(CENTERLOSS) verify --device cpu

bench: build ## Time training steps and evaluation on the CPU
	$(CENTERLOSS) bench step --device cpu

peers: build ## Measure this program and libtorch in turn (fetches libtorch; about eight minutes; ROUNDS=N)
	MVN="$(MVN)" scripts/peers $(ROUNDS)

FUZZ_INPUTS ?= 200000
FUZZ_FIRST ?= 0
fuzz: ## Feed damaged files to every reader (minutes; FUZZ_INPUTS=N, SEED=N, FUZZ_READER=NAME)
	$(MVN) test -Dtest=FuzzTest -Dtest.jvm.options=-Xmx1g -Dcenterloss.seed=$(SEED) -Dcenterloss.fuzz.reader=$(FUZZ_READER) \
	    -Dcenterloss.fuzz.inputs=$(FUZZ_INPUTS) -Dcenterloss.fuzz.first=$(FUZZ_FIRST)

format: ## Format the sources
	$(MVN) -q spotless:apply

clean: ## Remove everything that was built
	$(MVN) -q clean
