package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Sgd;
import org.centerloss.verify.Tolerance;

/** Several steps over a slice, with a gradient and a learning rate that change. */
public record SgdCase(int size, double momentum, double weightDecay, boolean nesterov)
        implements OpCase {
    private static final int STEPS = 5;

    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int size : new int[] {1, 2, 31, 33, 127, 257, 10_000}) {
            cases.add(new SgdCase(size, 0.9, 0, false));
            cases.add(new SgdCase(size, 0.9, 0.01, true));
        }
        cases.add(new SgdCase(257, 0.9, 5e-4, false));
        cases.add(new SgdCase(257, 0, 0.1, false));
        cases.add(new SgdCase(257, 0, 0.1, true));
        return cases;
    }

    @Override
    public String op() {
        return "sgd";
    }

    @Override
    public String shape() {
        return "%d, %s %s, weight decay %s"
                .formatted(size, nesterov ? "Nesterov" : "momentum", momentum, weightDecay);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        Inputs inputs = new Inputs().put("weights", draw.normal(size));
        for (int step = 0; step < STEPS; step++) {
            inputs.put("gradients " + step, draw.normal(size));
        }
        return inputs;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Sgd sgd = stage.own(stage.device().sgd(size, momentum, weightDecay, nesterov));
        Tensor block = stage.own(stage.device().tensor(2 * Device.ALIGNMENT + size));
        Tensor weights = block.slice(Device.ALIGNMENT, size);
        weights.write(inputs.numbers("weights"));
        Tensor velocity = stage.own(stage.device().tensor(size));
        Tensor gradients = stage.emptyPlain(size);
        Tensor rate = stage.emptyPlain(1);
        for (int step = 0; step < STEPS; step++) {
            gradients.write(inputs.numbers("gradients " + step));
            rate.write(new double[] {step < 3 ? 0.125 : 0.0625});
            sgd.step(weights, gradients, velocity, rate);
        }
        stage.put("weights and their surroundings", block, Tolerance.randomSum(STEPS));
        stage.put("velocity", velocity, Tolerance.randomSum(STEPS));
    }
}
