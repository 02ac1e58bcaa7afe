package org.centerloss.optim;

/**
 * Lowers the learning rate along half a cosine over the whole run: PyTorch's {@code
 * CosineAnnealingLR}, step by step.
 *
 * <p>Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
 */
final class CosineAnnealing implements Schedule {
    private final double lowest;
    private final Schedules.Run run;

    CosineAnnealing(Schedules.Settings settings, Schedules.Run run) {
        lowest = settings.minimum();
        this.run = run;
    }

    @Override
    public double rate(long step, State state) {
        double share = (double) step / run.steps();
        return lowest + (run.learningRate() - lowest) * (1 + Math.cos(Math.PI * share)) / 2;
    }

    @Override
    public State after(State before, double accuracy, long nextStep) {
        return before.withLearningRate(rate(nextStep, before));
    }
}
