package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;
import org.centerloss.verify.Tolerance;

public record LinearCase(int samples, int inFeatures, int outFeatures, boolean inputGradient)
        implements OpCase {
    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1},
            {2, 31, 33},
            {33, 127, 2},
            {127, 257, 10},
            {257, 2, 31},
            {31, 128, 10},
            {1, 257, 1}
        };
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            cases.add(new LinearCase(s[0], s[1], s[2], true));
        }
        cases.add(new LinearCase(33, 17, 10, false));
        return cases;
    }

    @Override
    public String op() {
        return "linear";
    }

    @Override
    public String shape() {
        return samples + "×" + inFeatures + " → " + outFeatures + (inputGradient ? "" : ", no dx");
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("x", draw.normal(samples * inFeatures))
                .put("weight", draw.normal(outFeatures * inFeatures))
                .put("bias", draw.normal(outFeatures))
                .put("dy", draw.normal(samples * outFeatures));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Linear linear = stage.own(stage.device().linear(samples, inFeatures, outFeatures));
        Tensor x = stage.plain(inputs.numbers("x"), samples, inFeatures);
        Tensor weight = stage.plain(inputs.numbers("weight"), outFeatures, inFeatures);
        Tensor bias = stage.plain(inputs.numbers("bias"), outFeatures);
        Tensor dy = stage.plain(inputs.numbers("dy"), samples, outFeatures);
        Tensor y = stage.emptyPlain(samples, outFeatures);
        linear.forward(x, weight, bias, y);
        stage.put("y", y, Tolerance.randomSum(inFeatures));

        Tensor dx = inputGradient ? stage.emptyPlain(samples, inFeatures) : null;
        Tensor dWeight = stage.emptyPlain(outFeatures, inFeatures);
        Tensor dBias = stage.emptyPlain(outFeatures);
        linear.backward(x, dy, weight, dx, dWeight, dBias);
        if (inputGradient) {
            stage.put("dx", dx, Tolerance.randomSum(outFeatures));
        }
        stage.put("dWeight", dWeight, Tolerance.randomSum(samples));
        stage.put("dBias", dBias, Tolerance.randomSum(samples));
    }

    @Override
    public List<Derivative> derivatives() {
        List<Derivative> derivatives = new ArrayList<>();
        if (inputGradient) {
            derivatives.add(Derivative.of("x", "dx", "y", "dy"));
        }
        derivatives.add(Derivative.of("weight", "dWeight", "y", "dy"));
        derivatives.add(Derivative.of("bias", "dBias", "y", "dy"));
        return derivatives;
    }
}
