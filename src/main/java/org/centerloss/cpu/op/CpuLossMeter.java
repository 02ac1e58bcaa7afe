package org.centerloss.cpu.op;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;

/** Sums of loss terms in double. */
public final class CpuLossMeter extends CpuOp implements LossMeter {
    private final double[] sums;
    private long steps;
    private long firstNonFiniteStep = -1;
    private int nonFiniteTerm = -1;

    public CpuLossMeter(CpuDevice device, int terms) {
        super(device, "loss meter [" + LossMeter.checkedTerms(terms) + "]");
        sums = new double[terms];
        holds((long) Double.BYTES * terms);
    }

    @Override
    public void add(Tensor... terms) {
        checkOpen();
        if (terms.length != sums.length) {
            throw new DeviceException(
                    "%s: expected %d terms, found %d".formatted(name(), sums.length, terms.length));
        }
        for (int k = 0; k < sums.length; k++) {
            float term = plain(terms[k], "term", 1).buffer().get(0);
            sums[k] += term;
            if (!Float.isFinite(term) && firstNonFiniteStep < 0) {
                firstNonFiniteStep = steps;
                nonFiniteTerm = k;
            }
        }
        steps++;
    }

    @Override
    public Reading read() {
        checkOpen();
        Reading reading = new Reading(steps, sums.clone(), firstNonFiniteStep, nonFiniteTerm);
        Arrays.fill(sums, 0);
        steps = 0;
        firstNonFiniteStep = -1;
        nonFiniteTerm = -1;
        return reading;
    }
}
