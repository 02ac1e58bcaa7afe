package org.centerloss.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;
import org.centerloss.train.TrainingStep;
import org.centerloss.verify.op.RandomInputs;

/** A network with its first batch, drawn from a seed. */
final class FirstStep implements AutoCloseable {
    private final long seed;
    private final Resources owned = new Resources();
    private final Parameters parameters;
    private final TrainingStep step;
    private final Objective objective;

    FirstStep(Device device, NetworkCase network, long seed) {
        this.seed = seed;
        NetworkShape shape = network.shape();
        objective = network.choice().create(Objectives.Settings.DEFAULT);
        int batch = network.batch();
        parameters =
                owned.add(new Parameters(device, Objectives.parameters(objective, shape, true)));
        parameters.initialise(seed);
        RectifierBiases.write(parameters, shape, seed);
        Optimizer optimizer =
                owned.add(new Optimizer(device, parameters, Optimizers.Settings.sgd(0.9, 0)));
        step =
                owned.add(
                        new TrainingStep(
                                device, shape, objective, parameters, batch, optimizer, 0));
        RandomInputs draw = new RandomInputs(seed, "network", 0);
        double[] images = draw.normal(Math.toIntExact(step.images().size()));
        step.images().write(Arrays.stream(images).map(x -> x * network.imageScale()).toArray());
        // Two samples of a class and an absent class, whatever the draw.
        int[] labels = draw.integers(batch, shape.classes() - 1);
        labels[1] = labels[0];
        step.labels().write(labels);
    }

    long seed() {
        return seed;
    }

    void computeGradients() {
        step.computeGradients();
    }

    List<Parameter> trained() {
        return parameters.declared().stream().filter(Parameter::trained).toList();
    }

    List<Objective.Term> terms() {
        return objective.terms();
    }

    double[] features() {
        return step.features().toDoubles();
    }

    /** The value of the i-th term of the loss. */
    double[] term(int i) {
        return step.terms()[i].toDoubles();
    }

    double[] gradients() {
        return parameters.gradients().toDoubles();
    }

    double[] gradient(Parameter parameter) {
        return parameters.gradient(parameter.name()).toDoubles();
    }

    double[] runningStatistics() {
        return parameters.declared().stream()
                .filter(p -> p.name().contains("running_"))
                .flatMapToDouble(p -> Arrays.stream(parameters.value(p.name()).toDoubles()))
                .toArray();
    }

    /**
     * The central difference (L(w + εu) − L(w − εu)) / 2ε of the loss.
     *
     * @param directions u of the parameters that move
     * @param epsilon ε
     */
    double difference(Map<Parameter, double[]> directions, double epsilon) {
        double above = lossAt(directions, epsilon);
        double below = lossAt(directions, -epsilon);
        return (above - below) / (2 * epsilon);
    }

    /** The loss with parameters moved, which come back to where they were. */
    private double lossAt(Map<Parameter, double[]> directions, double by) {
        Map<Parameter, double[]> weights = new LinkedHashMap<>();
        directions.forEach(
                (p, direction) -> {
                    double[] w = parameters.value(p.name()).toDoubles();
                    weights.put(p, w);
                    double[] moved = new double[w.length];
                    Arrays.setAll(moved, k -> w[k] + by * direction[k]);
                    parameters.value(p.name()).write(moved);
                });
        step.forward();
        step.computeLoss();
        double loss = step.loss();
        weights.forEach((p, w) -> parameters.value(p.name()).write(w));
        return loss;
    }

    @Override
    public void close() {
        owned.close();
    }
}
