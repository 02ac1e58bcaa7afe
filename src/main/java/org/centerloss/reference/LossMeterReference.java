package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;

final class LossMeterReference extends ReferenceOp implements LossMeter {
    private final double[] sums;
    private long steps;
    private long firstNonFiniteStep = -1;
    private int nonFiniteTerm = -1;

    LossMeterReference(ReferenceDevice device, int terms) {
        super(device, "loss meter [" + LossMeter.checkedTerms(terms) + "]", 8L * terms, terms);
        sums = new double[terms];
    }

    @Override
    public void add(Tensor... terms) {
        checkOpen();
        if (terms.length != sums.length) {
            throw new DeviceException(
                    "%s: expected %d terms, found %d".formatted(name(), sums.length, terms.length));
        }
        for (int k = 0; k < sums.length; k++) {
            double value = plain("terms[" + k + "]", terms[k], 1).get(0);
            sums[k] += value;
            if (!Double.isFinite(value) && firstNonFiniteStep < 0) {
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
