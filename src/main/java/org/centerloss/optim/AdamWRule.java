package org.centerloss.optim;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.op.AdamW;

/** {@link AdamW}. */
final class AdamWRule implements UpdateRule {
    private final AdamW.Hyperparameters hyperparameters;

    AdamWRule(Optimizers.Settings settings, double weightDecay) {
        hyperparameters =
                new AdamW.Hyperparameters(
                        settings.beta1(), settings.beta2(), settings.epsilon(), weightDecay);
    }

    @Override
    public List<String> state() {
        return List.of("exp_avg", "exp_avg_sq");
    }

    @Override
    public double[] coefficients(double learningRate, long step) {
        return hyperparameters.coefficients(learningRate, step);
    }

    @Override
    public Runnable plan(Resources owned, Device device, Block block) {
        AdamW adamW = owned.add(device.adamW(block.size(), hyperparameters));
        return () ->
                adamW.step(
                        block.weights(),
                        block.gradients(),
                        block.state().get(0),
                        block.state().get(1),
                        block.coefficients());
    }
}
