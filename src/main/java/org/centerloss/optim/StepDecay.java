package org.centerloss.optim;

/** Multiplies the learning rate with a factor every few epochs: PyTorch's {@code StepLR}. */
final class StepDecay implements Schedule {
    private final Schedules.Settings settings;
    private final Schedules.Run run;

    StepDecay(Schedules.Settings settings, Schedules.Run run) {
        this.settings = settings;
        this.run = run;
    }

    @Override
    public double rate(long step, State state) {
        long epoch = step / run.stepsPerEpoch();
        return run.learningRate() * Math.pow(settings.factor(), epoch / settings.stepEpochs());
    }

    @Override
    public State after(State before, double accuracy, long nextStep) {
        return before.withLearningRate(rate(nextStep, before));
    }
}
