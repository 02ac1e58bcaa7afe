package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;

/** {@code kernels/loss_meter.cu}. */
public final class LossMeterKernel extends CudaOp implements LossMeter {
    // Words of the kernel's struct Meter, behind one sum for each of MOST_TERMS.
    private static final int STEPS = MOST_TERMS;
    private static final int NON_FINITE_STEP = MOST_TERMS + 1;
    private static final int NON_FINITE_TERM = MOST_TERMS + 2;
    private static final int WORDS = MOST_TERMS + 3;

    private final int terms;
    private final DeviceMemory meter;
    private final Kernel kernel;

    /** The arguments of a launch: terms, null where there are fewer than most; the meter. */
    private final Object[] arguments = new Object[MOST_TERMS + 1];

    public LossMeterKernel(CudaDevice device, int terms) {
        super(device, "loss meter [" + LossMeter.checkedTerms(terms) + "]");
        this.terms = terms;
        kernel = kernel(KernelFunction.LOSS_METER_ADD);
        meter = workspace((long) Long.BYTES * WORDS, DeviceMemory.Content.ZEROS);
        arguments[MOST_TERMS] = meter;
    }

    @Override
    public void add(Tensor... values) {
        checkOpen();
        if (values.length != terms) {
            throw new DeviceException(
                    "%s: expected %d terms, found %d".formatted(name(), terms, values.length));
        }
        for (int k = 0; k < terms; k++) {
            arguments[k] = plain(values[k], "term", 1);
        }
        kernel.launch(Grid.of(1, 1), arguments);
    }

    @Override
    public Reading read() {
        checkOpen();
        long[] words = new long[WORDS];
        device.staging()
                .download(
                        "read " + name(),
                        meter.address(),
                        WORDS,
                        Long.BYTES,
                        (host, first, count) ->
                                host.bytes().asLongBuffer().get(words, first, count));
        meter.zero(device.stream());
        double[] sums = new double[terms];
        for (int k = 0; k < terms; k++) {
            sums[k] = Double.longBitsToDouble(words[k]);
        }
        // The kernel counts from 1, so that zeroed memory is a fresh meter.
        boolean finite = words[NON_FINITE_STEP] == 0;
        return new Reading(
                words[STEPS],
                sums,
                words[NON_FINITE_STEP] - 1,
                finite ? -1 : (int) words[NON_FINITE_TERM]);
    }
}
