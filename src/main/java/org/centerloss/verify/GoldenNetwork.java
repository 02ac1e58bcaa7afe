package org.centerloss.verify;

import java.util.Arrays;
import java.util.function.Consumer;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.format.Safetensors;
import org.centerloss.nn.Head;
import org.centerloss.nn.Network;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.train.TrainingStep;

/**
 * Repeats a training run that PyTorch recorded: features, logits and gradients of the first step,
 * the losses of every step, weights and evaluation after the last.
 *
 * <p>The file holds {@code images_u8} or {@code images} in [0, 1], [n, h, w] or [n, c, h, w];
 * {@code labels} [n]; the initial weights as {@code init.NAME} or as {@link GeneratedWeights};
 * batches are consecutive slices. Results are {@code losses} [steps], before each update, {@code
 * losses.TERM} [steps], not weighted, {@code step0.features}, {@code step0.logits}, {@code
 * step0.grad.NAME}, {@code final.NAME}, {@code final.eval_features} and {@code final.eval_logits},
 * the latter of the first batch. {@link RecordedRun} reads the metadata, {@link RunComparison} says
 * what may stand in place of whole tensors.
 */
final class GoldenNetwork {
    private final Device device;
    private final RecordedRun run;
    private final double[] losses;
    private final RunComparison comparison;

    private GoldenNetwork(Device device, RecordedFile file, Consumer<ResultRow> sink) {
        this.device = device;
        run = new RecordedRun(file);
        losses = file.take("losses").toDoubles();
        RunTolerances tolerances = RunTolerances.of(file, losses.length, device.doublePrecision());
        comparison = new RunComparison(file, run, new RunRows(file.name(), tolerances, sink));
    }

    /** Whether a file is a recorded training run. */
    static boolean accepts(Safetensors golden) {
        return golden.entries().containsKey("losses");
    }

    /**
     * Repeats the run and hands a row for each result to {@code sink}.
     *
     * @param name the file's name, for the rows
     * @throws org.centerloss.base.InputException where what the file says of the run is unsound
     */
    static void run(String name, Safetensors golden, Device device, Consumer<ResultRow> sink) {
        new GoldenNetwork(device, new RecordedFile(name, golden), sink).run();
    }

    private void run() {
        double[] images = run.images();
        int[] labels = run.labels();
        try (Resources owned = new Resources()) {
            Parameters parameters = owned.add(new Parameters(device, run.parameters()));
            for (Parameter p : run.parameters()) {
                if (run.begins(p)) {
                    parameters.value(p.name()).write(run.initial(p.name()));
                }
            }
            Optimizer optimizer = owned.add(new Optimizer(device, parameters, run.optimizer()));
            TrainingStep step =
                    owned.add(
                            new TrainingStep(
                                    device,
                                    run.shape(),
                                    run.objective(),
                                    parameters,
                                    run.batch(),
                                    optimizer,
                                    0));
            for (int s = 0; s < losses.length; s++) {
                int from = s * run.batch();
                step.images().write(batch(images, labels.length, from));
                step.labels().write(Arrays.copyOfRange(labels, from, from + run.batch()));
                step.computeGradients();
                comparison.losses(s, losses, step);
                if (s == 0) {
                    comparison.firstStep(
                            step.features().toDoubles(), logits(parameters, step.features()));
                    comparison.gradients(parameters);
                }
                optimizer.set(run.learningRate(), s + 1);
                step.update();
            }
            comparison.end(parameters);
            evaluate(parameters, batch(images, labels.length, 0));
        }
        comparison.rest();
    }

    private double[] batch(double[] images, int count, int from) {
        int size = images.length / count;
        return Arrays.copyOfRange(images, from * size, (from + run.batch()) * size);
    }

    private void evaluate(Parameters parameters, double[] images) {
        try (Network inference = new Network(device, run.shape(), run.batch(), parameters, false)) {
            inference.images().write(images);
            inference.forward();
            comparison.evaluation(
                    inference.features().toDoubles(), logits(parameters, inference.features()));
        }
    }

    private double[] logits(Parameters parameters, Tensor features) {
        try (Head head = new Head(device, parameters, run.batch())) {
            head.forward(features);
            return head.logits().toDoubles();
        }
    }
}
