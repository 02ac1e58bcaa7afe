package org.centerloss.device.op;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;

/** Sums the loss terms of every step on the device, so that the host reads them once in a while. */
public interface LossMeter extends Op {
    /** The most terms that a meter can have: each is an argument of a kernel. */
    int MOST_TERMS = 8;

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

    /**
     * The number of terms of a new meter.
     *
     * @throws DeviceException unless it is 1 to {@value #MOST_TERMS}
     */
    static int checkedTerms(int terms) {
        if (terms < 1 || terms > MOST_TERMS) {
            throw new DeviceException(
                    "loss meter: expected 1 to %d terms, found %d".formatted(MOST_TERMS, terms));
        }
        return terms;
    }

    /**
     * Adds the terms of one step, a tensor [1] each; allowed inside a {@link Program}.
     *
     * @throws DeviceException where they are not as many as the meter was made for
     */
    void add(Tensor... terms);

    /** Returns the sums and starts again from zero; synchronises. */
    Reading read();
}
