package org.centerloss.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Head;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;
import org.centerloss.train.TrainingStep;

/**
 * Repeats a training run that the reference implementation recorded: features, logits and gradients
 * of the first step, the loss of every step, weights and evaluation after the last.
 */
final class GoldenNetwork {
    /**
     * How near a device must come.
     *
     * @param features relative L2 of the first step's features and logits
     * @param gradients relative L2 of the first step's gradients together
     * @param gradient that of each tensor, by {@link Comparison#ofTensor}
     * @param firstLoss relative, the first step
     * @param laterLosses relative, up to step {@code lossesHeld}
     * @param lossesHeld steps whose loss is held to a tolerance
     * @param end of the weights and the evaluation after the last step; infinite where rounding has
     *     turned too many ReLUs by then for a comparison to mean anything
     */
    private record Tolerances(
            double features,
            double gradients,
            double gradient,
            double firstLoss,
            double laterLosses,
            int lossesHeld,
            double end) {
        static final Tolerances FLOAT64 =
                new Tolerances(1e-9, 1e-6, 1e-6, 1e-6, 1e-6, Integer.MAX_VALUE, 1e-5);
        static final Tolerances FLOAT32 =
                new Tolerances(5e-6, 5e-3, 2e-2, 1e-6, 2e-2, 5, Double.POSITIVE_INFINITY);
    }

    /** A factor that no finite result exceeds: what is not held must still be a number. */
    private static final double ANY_FINITE = 1e30;

    private final Device device;
    private final Safetensors golden;
    private final String file;
    private final Consumer<Row> sink;
    private final Tolerances tolerances;
    private final Set<String> unchecked;
    private final int batch;

    private GoldenNetwork(Device device, Safetensors golden, String file, Consumer<Row> sink) {
        this.device = device;
        this.golden = golden;
        this.file = file;
        this.sink = sink;
        tolerances = device.doublePrecision() ? Tolerances.FLOAT64 : Tolerances.FLOAT32;
        unchecked = new TreeSet<>(golden.entries().keySet());
        batch = batch();
    }

    /** The metadata's batch: a whole number, and labels enough for every step. */
    private int batch() {
        double given = number("batch");
        int steps = golden.get("losses").size();
        int labels = golden.get("labels").size();
        if (!(given >= 1 && given == Math.rint(given) && given * steps <= labels)) {
            throw new InputException(
                    "%s: metadata 'batch': expected a whole number with labels enough for %d steps, found %s for %d labels"
                            .formatted(file, steps, given, labels));
        }
        return (int) given;
    }

    /** Whether a file is a recorded training run. */
    static boolean accepts(Safetensors golden) {
        return golden.entries().containsKey("losses");
    }

    /** Repeats the run and hands a row for each result to {@code sink}. */
    static void run(String file, Safetensors golden, Device device, Consumer<Row> sink) {
        new GoldenNetwork(device, golden, file, sink).run();
    }

    private double number(String key) {
        String text = golden.metadata().get(key);
        try {
            return Double.parseDouble(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw new InputException(
                    "%s: metadata '%s': expected a number, found %s"
                            .formatted(file, key, text == null ? "none" : Bounds.shown(text)),
                    e);
        }
    }

    private SafetensorsEntry take(String name) {
        unchecked.remove(name);
        return golden.get(name);
    }

    private void run() {
        NetworkShape shape = shape();
        double[] images = images();
        int[] labels = take("labels").toClasses(shape.classes());
        Objective objective = objective();
        try (Owned owned = new Owned()) {
            Parameters parameters =
                    owned.add(
                            new Parameters(device, Objectives.parameters(objective, shape, true)));
            for (Parameter p : parameters.declared()) {
                int[] dimensions = parameters.value(p.name()).shape();
                parameters
                        .value(p.name())
                        .write(take("init." + p.name()).requireShape(dimensions).toDoubles());
            }
            Optimizers.Settings settings = Optimizers.Settings.sgd(number("momentum"), 0);
            Optimizer optimizer = owned.add(new Optimizer(device, parameters, settings));
            optimizer.set(number("lr"), 1);
            TrainingStep step =
                    owned.add(
                            new TrainingStep(
                                    device, shape, objective, parameters, batch, optimizer, 0));
            train(parameters, step, images, labels);
            compareEnd(owned, shape, parameters, Arrays.copyOf(images, batchSize(shape)));
        }
        for (String name : unchecked) {
            row(Row.failed(file, "", name, "a result that is not known, so not checked"));
        }
    }

    private Objective objective() {
        String loss = golden.metadata().get("loss");
        if (loss == null || !Objectives.keys().contains(loss)) {
            throw new InputException(
                    "%s: metadata 'loss': expected one of %s, found %s"
                            .formatted(file, String.join(", ", Objectives.keys()), loss));
        }
        Objectives.Settings usual = Objectives.Settings.DEFAULT;
        return Objectives.of(loss)
                .create(
                        new Objectives.Settings(
                                number("w_intra"),
                                number("w_inter"),
                                number("w_cent"),
                                usual.margin(),
                                usual.alpha()));
    }

    private double[] images() {
        if (golden.entries().containsKey("images")) {
            return take("images").toDoubles();
        }
        byte[] bytes = take("images_u8").toBytes();
        double[] images = new double[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            // The reference divides in float32.
            images[i] = (bytes[i] & 0xFF) / 255f;
        }
        return images;
    }

    private NetworkShape shape() {
        boolean bytes = golden.entries().containsKey("images_u8");
        SafetensorsEntry imageTensor = golden.get(bytes ? "images_u8" : "images");
        int[] images = imageTensor.requireRank(3, 4).shape();
        int[] fc2 = golden.get("init.fc2.weight").requireRank(2).shape();
        int[] conv = golden.get("init.group1.0.conv1.weight").requireRank(4).shape();
        int count = golden.get("labels").size();
        if (images[0] != count || conv[0] % 32 != 0) {
            throw new InputException(
                    "%s: expected %d images, as many as labels, and a multiple of 32 channels in the first group, found %d and %d"
                            .formatted(file, count, images[0], conv[0]));
        }
        int blocks = 1;
        while (golden.entries().containsKey("init.group1." + blocks + ".conv1.weight")) {
            blocks++;
        }
        int rank = images.length;
        return new NetworkShape(
                rank == 4 ? images[1] : 1,
                images[rank - 2],
                images[rank - 1],
                fc2[1],
                fc2[0],
                blocks,
                conv[0] / 32);
    }

    private int batchSize(NetworkShape shape) {
        return batch * shape.channels() * shape.height() * shape.width();
    }

    private void train(Parameters parameters, TrainingStep step, double[] images, int[] labels) {
        double[] losses = take("losses").toDoubles();
        int imageValues = images.length / labels.length;
        for (int s = 0; s < losses.length; s++) {
            int from = s * batch;
            step.images()
                    .write(
                            Arrays.copyOfRange(
                                    images, from * imageValues, (from + batch) * imageValues));
            step.labels().write(Arrays.copyOfRange(labels, from, from + batch));
            step.computeGradients();
            double tolerance = s == 0 ? tolerances.firstLoss : tolerances.laterLosses;
            compare(
                    "loss of step " + (s + 1),
                    new double[] {step.loss()},
                    new double[] {losses[s]},
                    0,
                    s < tolerances.lossesHeld ? tolerance : Double.POSITIVE_INFINITY);
            if (s == 0) {
                compareFirstStep(parameters, step);
            }
            step.update();
        }
    }

    private void compareFirstStep(Parameters parameters, TrainingStep step) {
        compare("step0.features", step.features(), tolerances.features);
        compareLogits("step0.logits", parameters, step.features(), tolerances.features);
        Set<String> trained =
                parameters.declared().stream()
                        .filter(Parameter::trained)
                        .map(Parameter::name)
                        .collect(Collectors.toSet());
        Map<String, double[]> expected = new LinkedHashMap<>();
        for (String name : List.copyOf(unchecked)) {
            String parameter = name.replaceFirst("^step0\\.grad\\.", "");
            if (trained.contains(parameter) && !parameter.equals(name)) {
                expected.put(parameter, take(name).toDoubles());
            }
        }
        List<double[]> found = new ArrayList<>();
        expected.keySet().forEach(name -> found.add(parameters.gradient(name).toDoubles()));
        double[] all = concatenated(expected.values());
        double norm = Comparison.norm(all);
        Comparison together =
                Comparison.ofTensor(concatenated(found), all, 0, tolerances.gradients);
        row(Row.of(file, "", "step0.grad, all", together, tolerances.gradients));
        int i = 0;
        for (Map.Entry<String, double[]> entry : expected.entrySet()) {
            Comparison comparison =
                    Comparison.ofTensor(
                            found.get(i++), entry.getValue(), norm, tolerances.gradient);
            String quantity = "step0.grad." + entry.getKey();
            row(Row.of(file, "", quantity, comparison, tolerances.gradient));
        }
    }

    private static double[] concatenated(Iterable<double[]> parts) {
        List<Double> all = new ArrayList<>();
        for (double[] part : parts) {
            for (double value : part) {
                all.add(value);
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void compareEnd(
            Owned owned, NetworkShape shape, Parameters parameters, double[] firstBatch) {
        List<String> names =
                parameters.declared().stream()
                        .map(Parameter::name)
                        .filter(name -> unchecked.contains("final." + name))
                        .toList();
        double normOfAll =
                Comparison.norm(
                        names.stream()
                                .flatMapToDouble(
                                        name ->
                                                Arrays.stream(
                                                        golden.get("final." + name).toDoubles()))
                                .toArray());
        for (String name : names) {
            double[] found = parameters.value(name).toDoubles();
            compare("final." + name, found, normOfAll, tolerances.end);
        }
        Network inference = owned.add(new Network(device, shape, batch, parameters, false));
        inference.images().write(firstBatch);
        inference.forward();
        compare("final.eval_features", inference.features(), tolerances.end);
        compareLogits("final.eval_logits", parameters, inference.features(), tolerances.end);
    }

    private void compareLogits(
            String name, Parameters parameters, Tensor features, double tolerance) {
        try (Head head = new Head(device, parameters, batch)) {
            head.forward(features);
            compare(name, head.logits(), tolerance);
        }
    }

    private void compare(String name, Tensor found, double tolerance) {
        compare(name, found.toDoubles(), 0, tolerance);
    }

    private void compare(String name, double[] found, double normOfAll, double tolerance) {
        compare(name, found, take(name).toDoubles(), normOfAll, tolerance);
    }

    private void compare(
            String name, double[] found, double[] expected, double normOfAll, double tolerance) {
        Comparison comparison =
                Comparison.ofTensor(found, expected, normOfAll, Math.min(tolerance, ANY_FINITE));
        row(Row.of(file, "", name, comparison, tolerance));
    }

    private void row(Row row) {
        sink.accept(row);
    }
}
