package org.centerloss.cuda.runtime;

import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;

/** One partial sum for each block of a kernel, and their sum: {@code kernels/reduction.cu}. */
public final class PartialSums {
    private static final int THREADS = 256;

    private final Kernel sumPartials;
    private final DeviceMemory memory;
    private final int count;

    /**
     * @param op owns the memory
     * @param count how many there are, at least 1; each must be written before {@link #sum}
     */
    public PartialSums(CudaOp op, int count) {
        this.count = count;
        sumPartials = op.kernel(KernelFunction.SUM_PARTIALS);
        memory = op.workspace((long) Float.BYTES * count);
    }

    /** Where the kernel writes them, as float32. */
    public DeviceMemory memory() {
        return memory;
    }

    /** Writes factor · (their sum) to {@code result}. */
    public void sum(double factor, CudaTensor result) {
        sumPartials.launch(Grid.of(1, THREADS), memory, count, (float) factor, result);
    }
}
