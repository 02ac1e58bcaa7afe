package org.centerloss.device.op;

import org.centerloss.device.Program;
import org.centerloss.device.Tensor;

/** Sums the loss terms of every step on the device, so that the host reads them once in a while. */
public interface LossMeter extends Op {
    /**
     * What was added since the last reading.
     *
     * @param steps number of additions
     * @param sums the sum of each term over them
     * @param firstNonFiniteStep the first addition, counted from 0, in which a term was infinite or
     *     not a number; −1 if none was
     * @param nonFiniteTerm the index of the first such term in that addition; −1 if none was
     */
    record Reading(long steps, double[] sums, long firstNonFiniteStep, int nonFiniteTerm) {}

    /** Adds the terms of one step, a tensor [1] each; allowed inside a {@link Program}. */
    void add(Tensor... terms);

    /** Returns the sums and starts again from zero; synchronises. */
    Reading read();
}
