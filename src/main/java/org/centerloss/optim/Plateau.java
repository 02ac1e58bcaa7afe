package org.centerloss.optim;

/**
 * Lowers the learning rate when accuracy stops rising: PyTorch's {@code ReduceLROnPlateau} in mode
 * {@code max} with a relative threshold, to the letter.
 */
final class Plateau implements Schedule {
    /** A reduction smaller than this is not made; PyTorch's {@code eps}. */
    private static final double SMALLEST_REDUCTION = 1e-8;

    private final Schedules.Settings settings;

    Plateau(Schedules.Settings settings, Schedules.Run run) {
        this.settings = settings;
    }

    @Override
    public double rate(long step, State state) {
        return state.learningRate();
    }

    @Override
    public State after(State before, double accuracy, long nextStep) {
        Double best = before.best();
        int badEpochs = before.badEpochs() + 1;
        if (best == null || accuracy > best * (1 + settings.threshold())) {
            best = accuracy;
            badEpochs = 0;
        }
        double rate = before.learningRate();
        if (badEpochs > settings.patience()) {
            double lower = rate * settings.factor();
            rate = rate - lower > SMALLEST_REDUCTION ? lower : rate;
            badEpochs = 0;
        }
        return new State(rate, best, badEpochs);
    }
}
