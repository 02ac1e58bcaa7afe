package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;
import org.centerloss.verify.Tolerance;

/** Several steps over slices, with a gradient and a learning rate that change. */
public record AdamWCase(int size, AdamW.Hyperparameters hyperparameters) implements OpCase {
    private static final int STEPS = 5;
    private static final AdamW.Hyperparameters USUAL =
            new AdamW.Hyperparameters(0.9, 0.999, 1e-8, 0.01);

    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int size : new int[] {1, 2, 31, 33, 127, 257, 10_000}) {
            cases.add(new AdamWCase(size, USUAL));
        }
        cases.add(new AdamWCase(257, new AdamW.Hyperparameters(0.9, 0.999, 1e-8, 0)));
        cases.add(new AdamWCase(257, new AdamW.Hyperparameters(0, 0, 0.5, 0.1)));
        return cases;
    }

    @Override
    public String op() {
        return "adamw";
    }

    @Override
    public String shape() {
        return "%d, betas %s %s, epsilon %s, weight decay %s"
                .formatted(
                        size,
                        hyperparameters.beta1(),
                        hyperparameters.beta2(),
                        hyperparameters.epsilon(),
                        hyperparameters.weightDecay());
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
        AdamW adamW = stage.own(stage.device().adamW(size, hyperparameters));
        Tensor block = stage.own(stage.device().tensor(2 * Device.ALIGNMENT + size));
        Tensor weights = block.slice(Device.ALIGNMENT, size);
        weights.write(inputs.numbers("weights"));
        Tensor expAvg = stage.own(stage.device().tensor(size));
        Tensor expAvgSq = stage.own(stage.device().tensor(size));
        Tensor gradients = stage.emptyPlain(size);
        Tensor coefficients = stage.emptyPlain(AdamW.COEFFICIENTS);
        for (int step = 0; step < STEPS; step++) {
            gradients.write(inputs.numbers("gradients " + step));
            double rate = step < 3 ? 0.125 : 0.0625;
            coefficients.write(hyperparameters.coefficients(rate, step + 1));
            adamW.step(weights, gradients, expAvg, expAvgSq, coefficients);
        }
        stage.put("weights and their surroundings", block, Tolerance.randomSum(STEPS));
        stage.put("exp_avg", expAvg, Tolerance.randomSum(STEPS));
        stage.put("exp_avg_sq", expAvgSq, Tolerance.sum(STEPS));
    }
}
