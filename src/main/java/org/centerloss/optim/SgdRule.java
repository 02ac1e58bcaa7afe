package org.centerloss.optim;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.op.Sgd;

/** {@link Sgd}: with momentum, Nesterov's where asked. */
final class SgdRule implements UpdateRule {
    private final Optimizers.Settings settings;
    private final double weightDecay;

    SgdRule(Optimizers.Settings settings, double weightDecay) {
        this.settings = settings;
        this.weightDecay = weightDecay;
    }

    @Override
    public List<String> state() {
        return List.of("momentum");
    }

    @Override
    public double[] coefficients(double learningRate, long step) {
        return new double[] {learningRate};
    }

    @Override
    public Runnable plan(Resources owned, Device device, Block block) {
        Sgd sgd =
                owned.add(
                        device.sgd(
                                block.size(),
                                settings.momentum(),
                                weightDecay,
                                settings.nesterov()));
        return () ->
                sgd.step(
                        block.weights(),
                        block.gradients(),
                        block.state().get(0),
                        block.coefficients());
    }
}
