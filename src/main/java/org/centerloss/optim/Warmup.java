package org.centerloss.optim;

/**
 * Raises the learning rate linearly to where another schedule begins, which counts its steps from
 * there: PyTorch's {@code LinearLR}, put before the other with {@code SequentialLR}. The epochs
 * that end on the way are not told to the other.
 */
final class Warmup implements Schedule {
    /** With which part of the rate it begins, as in torchvision's recipes. */
    static final double START = 0.01;

    private final Schedule then;
    private final long steps;
    private final double start;

    Warmup(Schedule then, long steps, double start) {
        this.then = then;
        this.steps = steps;
        this.start = start;
    }

    @Override
    public double rate(long step, State state) {
        if (step >= steps) {
            return then.rate(step - steps, state);
        }
        return then.rate(0, state) * (start + (1 - start) * step / steps);
    }

    @Override
    public State after(State before, double accuracy, long nextStep) {
        return nextStep < steps ? before : then.after(before, accuracy, nextStep - steps);
    }
}
