package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.verify.Tolerance;

/**
 * Inference with given statistics, two training passes, and the gradients. Then where y is not a
 * number when one element of x or z is none: a ReLU that took it for 0 would hide that training has
 * failed.
 */
public record BatchNormalizationCase(BatchNormalization.Shape of) implements OpCase {
    /** Of the inputs of a channel, so that float32 is not asked for what it cannot do. */
    private static final double SMALLEST_DEVIATION = 0.1;

    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1, 1},
            {1, 3, 1, 1},
            {1, 1, 1, 2},
            {2, 1, 1, 1},
            {1, 16, 3, 5},
            {5, 3, 7, 7},
            {2, 17, 2, 3},
            {3, 33, 5, 4},
            {33, 16, 4, 4}
        };
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            for (Epilogue epilogue : Epilogue.values()) {
                cases.add(
                        new BatchNormalizationCase(
                                new BatchNormalization.Shape(s[0], s[1], s[2], s[3], epilogue)));
            }
        }
        return cases;
    }

    @Override
    public String op() {
        return "batch normalization";
    }

    @Override
    public String shape() {
        return "%d×%d×%d×%d%s%s"
                .formatted(
                        of.batch(),
                        of.channels(),
                        of.height(),
                        of.width(),
                        of.adds() ? ", add" : "",
                        of.relu() ? ", relu" : "");
    }

    private int count() {
        return of.batch() * of.height() * of.width();
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int size = count() * of.channels();
        double[] variances = draw.normal(of.channels());
        for (int c = 0; c < variances.length; c++) {
            variances[c] = (float) (0.5 + variances[c] * variances[c]);
        }
        Inputs inputs =
                new Inputs()
                        .put("x", draw.normal(size, 0.5, 1))
                        .put("gamma", draw.normal(of.channels()))
                        .put("beta", draw.normal(of.channels()))
                        .put("runningMean", draw.normal(of.channels()))
                        .put("runningVar", variances)
                        .put("dy", draw.normal(size));
        return of.adds() ? inputs.put("z", draw.normal(size)) : inputs;
    }

    @Override
    public boolean decisive(Inputs inputs) {
        return count() == 1 || smallestDeviation(inputs) >= SMALLEST_DEVIATION;
    }

    private double smallestDeviation(Inputs inputs) {
        double[] x = inputs.numbers("x");
        int pixels = of.height() * of.width();
        double smallest = Double.POSITIVE_INFINITY;
        for (int c = 0; c < of.channels(); c++) {
            double sum = 0;
            double squares = 0;
            for (int n = 0; n < of.batch(); n++) {
                for (int p = 0; p < pixels; p++) {
                    double value = x[(n * of.channels() + c) * pixels + p];
                    sum += value;
                    squares += value * value;
                }
            }
            double mean = sum / count();
            smallest = Math.min(smallest, Math.sqrt(squares / count() - mean * mean));
        }
        return smallest;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        BatchNormalization normalization = stage.own(stage.device().batchNormalization(of));
        Tensor x = image(stage, inputs, "x");
        Tensor z = of.adds() ? image(stage, inputs, "z") : null;
        Tensor dy = image(stage, inputs, "dy");
        Tensor gamma = stage.plain(inputs.numbers("gamma"), of.channels());
        Tensor beta = stage.plain(inputs.numbers("beta"), of.channels());
        Tensor mean = stage.plain(inputs.numbers("runningMean"), of.channels());
        Tensor variance = stage.plain(inputs.numbers("runningVar"), of.channels());
        Tensor y = emptyImage(stage);
        Tolerance tolerance = Tolerance.sum(count()).withTerms(1);
        normalization.forwardInference(x, gamma, beta, mean, variance, z, y);
        stage.put("y in inference", y, Tolerance.sum(1).withTerms(1));
        Tensor inPlace = image(stage, inputs, "x");
        normalization.forwardInference(inPlace, gamma, beta, mean, variance, z, inPlace);
        stage.put("y over x", inPlace, Tolerance.sum(1).withTerms(1));

        normalization.forwardTraining(x, gamma, beta, mean, variance, z, y);
        stage.put("y", y, tolerance.withTerms(magnification(inputs)));
        stage.put("runningMean", mean, tolerance);
        stage.put("runningVar", variance, tolerance);
        normalization.forwardTraining(x, gamma, beta, mean, variance, z, y);
        stage.put("runningMean, second pass", mean, tolerance);
        stage.put("runningVar, second pass", variance, tolerance);

        Tensor dx = emptyImage(stage);
        Tensor dGamma = stage.emptyPlain(of.channels());
        Tensor dBeta = stage.emptyPlain(of.channels());
        normalization.backward(x, y, dy, gamma, dx, dGamma, dBeta);
        stage.put("dx", dx, tolerance.withTerms(gradientTerms(inputs)));
        Tolerance sums = Tolerance.randomSum(count());
        stage.put("dGamma", dGamma, sums.withTerms(sums.terms() * magnification(inputs)));
        stage.put("dBeta", dBeta, sums);
        if (of.adds()) {
            stage.put("dz", dy, Tolerance.EXACT);
        }

        for (String input : of.adds() ? List.of("x", "z") : List.of("x")) {
            int middle = inputs.numbers(input).length / 2;
            Inputs spoiled = inputs.with(input, middle, Double.NaN);
            Tensor one = image(stage, spoiled, "x");
            Tensor other = of.adds() ? image(stage, spoiled, "z") : null;
            normalization.forwardInference(one, gamma, beta, mean, variance, other, y);
            stage.put("NaN of " + input + " in inference", notNumbers(y), Tolerance.EXACT);
            normalization.forwardTraining(one, gamma, beta, mean, variance, other, y);
            stage.put("NaN of " + input, notNumbers(y), Tolerance.EXACT);
            mean.zero();
            variance.zero();
        }
    }

    /** 1 where there is no number, 0 elsewhere. */
    private static double[] notNumbers(Tensor tensor) {
        return Arrays.stream(tensor.toDoubles()).map(v -> Double.isNaN(v) ? 1 : 0).toArray();
    }

    /**
     * How much the division by the smallest standard deviation magnifies the rounding of x − mean.
     * A single value is its own mean, exactly, so nothing is magnified there.
     */
    private double magnification(Inputs inputs) {
        return count() == 1 ? 1 : 1 + 1 / smallestDeviation(inputs);
    }

    /** dx is what two projections leave of dy / deviation; of few values, only rounding. */
    private double gradientTerms(Inputs inputs) {
        return count() == 1
                ? 1 / Math.sqrt(BatchNormalization.EPSILON)
                : magnification(inputs) / smallestDeviation(inputs);
    }

    private Tensor image(OpRun stage, Inputs inputs, String name) {
        return stage.activation(
                inputs.numbers(name), of.batch(), of.channels(), of.height(), of.width());
    }

    private Tensor emptyImage(OpRun stage) {
        return stage.emptyActivation(of.batch(), of.channels(), of.height(), of.width());
    }

    @Override
    public List<Derivative> derivatives() {
        List<Derivative> derivatives = new ArrayList<>();
        derivatives.add(Derivative.of("x", "dx", "y", "dy"));
        derivatives.add(Derivative.of("gamma", "dGamma", "y", "dy"));
        derivatives.add(Derivative.of("beta", "dBeta", "y", "dy"));
        if (of.adds()) {
            derivatives.add(Derivative.of("z", "dz", "y", "dy"));
        }
        return derivatives;
    }
}
