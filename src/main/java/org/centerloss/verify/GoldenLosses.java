package org.centerloss.verify;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.format.Safetensors;
import org.centerloss.verify.op.OpRun;

/**
 * A golden file of losses: features, labels, centers and a classifier, with every loss and gradient
 * that another implementation found for them in float64.
 *
 * <p>Inputs {@code x} [m, d], {@code labels} [m], {@code centers} [C, d], {@code fc2.weight} [C,
 * d], {@code fc2.bias} [C]; every other tensor is a result to check. Losses are compared by their
 * relative error, gradients and updated centers by ‖a − r‖ / ‖r‖, predictions exactly.
 */
public final class GoldenLosses {
    private static final Set<String> INPUTS =
            Set.of("x", "labels", "centers", "fc2.weight", "fc2.bias");
    private static final double INTER_WEIGHT = 0.1;
    private static final String EXP_INTRA = "exp_intra.alpha";
    private static final String WEN_UPDATE = "wen_update.alpha";

    private final String name;
    private final Safetensors file;
    private final Device device;
    private final Consumer<ResultRow> sink;
    private final OpRun stage;
    private final int samples;
    private final int features;
    private final int classes;
    private final Tensor x;
    private final IntTensor labels;
    private final Tensor centers;
    private final Set<String> unchecked;

    private GoldenLosses(String name, Safetensors file, OpRun stage, Consumer<ResultRow> sink) {
        this.name = name;
        this.file = file;
        this.device = stage.device();
        this.sink = sink;
        this.stage = stage;
        int[] shape = file.get("x").requireRank(2).shape();
        samples = shape[0];
        features = shape[1];
        classes = file.get("centers").requireRank(2).shape()[0];
        int[] values = file.get("labels").requireShape(samples).toClasses(classes);
        x = input("x", samples, features);
        labels = stage.integers(values);
        centers = input("centers", classes, features);
        unchecked = new HashSet<>(file.entries().keySet());
        unchecked.removeAll(INPUTS);
        if (unchecked.isEmpty()) {
            throw new InputException(name + ": expected results beside the inputs, found none");
        }
    }

    /** Whether a file is of this kind. */
    public static boolean accepts(Safetensors file) {
        return file.entries().keySet().containsAll(INPUTS);
    }

    /**
     * Computes every result of the file on a device and hands a row for each to {@code sink}.
     *
     * @param name the file's name, for the rows
     * @throws InputException where the file's inputs are unsound
     */
    public static void run(String name, Safetensors file, Device device, Consumer<ResultRow> sink) {
        try (OpRun stage = new OpRun(device)) {
            GoldenLosses losses = new GoldenLosses(name, file, stage, sink);
            losses.checkDistances();
            losses.checkClassifiers();
            losses.checkCenters();
            for (String result : file.entries().keySet()) {
                if (losses.unchecked.contains(result)) {
                    sink.accept(
                            ResultRow.failed(
                                    name,
                                    losses.shape(),
                                    result,
                                    "not checked: no such result is known"));
                }
            }
        }
    }

    private void checkDistances() {
        Tensor dx = stage.emptyPlain(samples, features);
        Tensor dCenters = stage.own(device.tensor(classes, features));
        Tensor intra = stage.emptyPlain(1);
        Tensor inter = stage.emptyPlain(1);
        CenterLoss attraction = centerLoss(0);
        PairwiseRepulsion repulsion =
                stage.own(
                        device.pairwiseRepulsion(
                                samples, features, PairwiseRepulsion.Potential.LOGARITHMIC));

        attraction.forwardBackward(x, labels, centers, 1, false, intra, dx, dCenters);
        loss("intra", intra);
        gradient("intra.grad_x", dx);
        gradient("intra.grad_centers", dCenters);

        // The standalone loss on top: the attraction's gradient is still in dx.
        repulsion.forwardBackward(x, labels, -INTER_WEIGHT, true, inter, dx);
        double standalone = intra.toDoubles()[0] - INTER_WEIGHT * inter.toDoubles()[0];
        loss("standalone", standalone);
        gradient("standalone.grad_x", dx);
        gradient("standalone.grad_centers", dCenters);

        repulsion.forwardBackward(x, labels, 1, false, inter, dx);
        loss("inter", inter);
        gradient("inter.grad_x", dx);

        for (String key : file.entries().keySet()) {
            if (key.startsWith(EXP_INTRA) && !key.contains(".grad_")) {
                CenterLoss exponential = centerLoss(number(key, EXP_INTRA, ""));
                dCenters.zero();
                exponential.forwardBackward(x, labels, centers, 1, false, intra, dx, dCenters);
                loss(key, intra);
                gradient(key + ".grad_x", dx);
                gradient(key + ".grad_centers", dCenters);
            }
        }
    }

    private void checkClassifiers() {
        classify("xent", x, "grad_x", labels, samples, "fc2");
        IntTensor everyClass = stage.integers(IntStream.range(0, classes).toArray());
        classify("center_softmax", centers, "grad_centers", everyClass, classes, "fc");
    }

    /** Softmax cross-entropy of the file's linear classifier over {@code rows}. */
    private void classify(
            String key, Tensor rows, String rowGradient, IntTensor targets, int count, String fc) {
        Linear linear = stage.own(device.linear(count, features, classes));
        SoftmaxCrossEntropy entropy = stage.own(device.softmaxCrossEntropy(count, classes));
        Tensor weight = input("fc2.weight", classes, features);
        Tensor bias = input("fc2.bias", classes);
        Tensor logits = stage.emptyPlain(count, classes);
        Tensor dLogits = stage.emptyPlain(count, classes);
        Tensor loss = stage.emptyPlain(1);
        Tensor dRows = stage.emptyPlain(count, features);
        Tensor dWeight = stage.emptyPlain(classes, features);
        Tensor dBias = stage.emptyPlain(classes);
        linear.forward(rows, weight, bias, logits);
        entropy.forwardBackward(logits, targets, 1, loss, dLogits);
        linear.backward(rows, dLogits, weight, dRows, dWeight, dBias);
        loss(key, loss);
        gradient(key + "." + rowGradient, dRows);
        gradient(key + ".grad_" + fc + ".weight", dWeight);
        gradient(key + ".grad_" + fc + ".bias", dBias);
    }

    private void checkCenters() {
        NearestCenter nearest = stage.own(device.nearestCenter(samples, features, classes));
        IntTensor prediction = stage.emptyIntegers(samples);
        nearest.forward(x, centers, prediction, stage.emptyPlain(samples));
        if (unchecked.remove("nearest_center")) {
            double[] expected = toDoubles(file.get("nearest_center").toInts());
            double[] found = toDoubles(prediction.toInts());
            emit("nearest_center", Comparison.of(found, expected, Tolerance.EXACT), 0);
        }

        CenterSpread spread = stage.own(device.centerSpread(classes, features));
        Tensor value = stage.emptyPlain(1);
        Tensor dCenters = stage.own(device.tensor(classes, features));
        // The file holds the term with the sign with which a loss that falls contains it: −S.
        spread.forwardBackward(centers, -1, value, dCenters);
        loss("center_spread.inter", -value.toDoubles()[0]);
        gradient("center_spread.inter.grad_centers", dCenters);

        for (String key : file.entries().keySet()) {
            if (key.startsWith(WEN_UPDATE)) {
                CenterUpdate update =
                        stage.own(
                                device.centerUpdate(
                                        samples,
                                        features,
                                        classes,
                                        number(key, WEN_UPDATE, ".centers")));
                Tensor moved = input("centers", classes, features);
                update.update(x, labels, moved);
                gradient(key, moved);
            }
        }
    }

    private CenterLoss centerLoss(double alpha) {
        return stage.own(
                device.centerLoss(samples, features, classes, new CenterLoss.Attraction(alpha)));
    }

    private Tensor input(String key, int... shape) {
        return stage.plain(file.get(key).requireShape(shape).toDoubles(), shape);
    }

    /** The number in a key, between its prefix and its suffix. */
    private double number(String key, String prefix, String suffix) {
        try {
            return Double.parseDouble(key.substring(prefix.length()).replace(suffix, ""));
        } catch (NumberFormatException e) {
            throw new InputException(
                    "%s: expected %s<number>%s, found '%s'".formatted(name, prefix, suffix, key),
                    e);
        }
    }

    private void loss(String key, Tensor value) {
        loss(key, value.toDoubles()[0]);
    }

    private void loss(String key, double value) {
        if (unchecked.remove(key)) {
            double tolerance = device.doublePrecision() ? 1e-10 : 2e-6;
            double[] expected = file.get(key).toDoubles();
            emit(key, Comparison.of(new double[] {value}, expected, 0, tolerance), tolerance);
        }
    }

    private void gradient(String key, Tensor gradient) {
        if (unchecked.remove(key)) {
            double tolerance = device.doublePrecision() ? 1e-10 : 1e-5;
            double[] expected = file.get(key).requireShape(gradient.shape()).toDoubles();
            emit(key, Comparison.ofTensor(gradient.toDoubles(), expected, 0, tolerance), tolerance);
        }
    }

    private void emit(String key, Comparison comparison, double tolerance) {
        sink.accept(ResultRow.of(name, shape(), key, comparison, tolerance));
    }

    private String shape() {
        return samples + "×" + features + ", " + classes + " classes";
    }

    private static double[] toDoubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
