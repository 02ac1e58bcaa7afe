package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.centerloss.base.Bounds;

/**
 * Lowers the learning rate when accuracy stops rising: PyTorch's {@code ReduceLROnPlateau} in mode
 * {@code max} with a relative threshold, to the letter.
 */
public final class PlateauSchedule {
    /** A reduction smaller than this is not made; PyTorch's {@code eps}. */
    private static final double SMALLEST_REDUCTION = 1e-8;

    /**
     * When and how far the rate is lowered.
     *
     * @param factor what the rate is multiplied with
     * @param patience epochs without improvement that are waited for
     * @param threshold a metric is better when it exceeds the best by this fraction
     */
    public record Settings(double factor, int patience, double threshold) {}

    /**
     * What a checkpoint keeps.
     *
     * @param best best metric so far; null before the first
     */
    public record State(
            double learningRate, @JsonProperty(required = false) Double best, int badEpochs) {
        public State {
            Bounds.positive("learningRate", learningRate);
            if (best != null) {
                Bounds.within("best", best, 0, 1);
            }
            Bounds.atLeast("badEpochs", badEpochs, 0);
        }
    }

    private final Settings settings;
    private State state;

    public PlateauSchedule(Settings settings, double initialLearningRate) {
        this(settings, new State(initialLearningRate, null, 0));
    }

    public PlateauSchedule(Settings settings, State state) {
        this.settings = settings;
        this.state = state;
    }

    public State state() {
        return state;
    }

    public double learningRate() {
        return state.learningRate();
    }

    /** Takes the metric of an epoch into account. */
    public void step(double metric) {
        Double best = state.best();
        int badEpochs = state.badEpochs() + 1;
        if (best == null || metric > best * (1 + settings.threshold())) {
            best = metric;
            badEpochs = 0;
        }
        double rate = state.learningRate();
        if (badEpochs > settings.patience()) {
            double lower = rate * settings.factor();
            rate = rate - lower > SMALLEST_REDUCTION ? lower : rate;
            badEpochs = 0;
        }
        state = new State(rate, best, badEpochs);
    }
}
