package org.centerloss.optim;

/**
 * Raises the learning rate once and lowers it to almost nothing, along cosines over the whole run:
 * PyTorch's {@code OneCycleLR} with its defaults, but for the momentum, which stays as it is.
 *
 * <p>Source: Smith and Topin 2018, "Super-convergence: very fast training of neural networks using
 * large learning rates".
 */
final class OneCycle implements Schedule {
    /** PyTorch's {@code pct_start}. */
    private static final double RISING_SHARE = 0.3;

    /** PyTorch's {@code div_factor}: the highest rate is so many times the first. */
    private static final double FIRST_DIVISOR = 25;

    /** PyTorch's {@code final_div_factor}: the first rate is so many times the last. */
    private static final double LAST_DIVISOR = 1e4;

    private final double highest;
    private final double first;
    private final double last;
    private final double peak;
    private final long end;

    OneCycle(Schedules.Settings settings, Schedules.Run run) {
        highest = run.learningRate();
        first = highest / FIRST_DIVISOR;
        last = first / LAST_DIVISOR;
        peak = RISING_SHARE * run.steps() - 1;
        end = run.steps() - 1;
    }

    @Override
    public double rate(long step, State state) {
        if (step <= peak) {
            return between(first, highest, step / peak);
        }
        return between(highest, last, Math.min(1, (step - peak) / (end - peak)));
    }

    private static double between(double from, double to, double share) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }

    @Override
    public State after(State before, double accuracy, long nextStep) {
        return nextStep <= peak ? before : before.withLearningRate(rate(nextStep, before));
    }
}
