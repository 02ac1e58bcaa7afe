package org.centerloss.bench.step;

import java.util.Random;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;
import org.centerloss.train.TrainingStep;

/**
 * A training step or an evaluation pass of the network on random images, planned: no data loading,
 * the result read by the host after every run.
 */
public final class PlannedStep implements AutoCloseable {
    static final int CLASSES = 10;

    /** What is run. */
    public record Setting(
            int batch, int features, int channels, int height, int width, String objective) {
        NetworkShape shape() {
            return new NetworkShape(channels, height, width, features, CLASSES, 1, 1);
        }
    }

    private final Resources owned;
    private final Runnable body;
    private final long parameterCount;

    private PlannedStep(Resources owned, Runnable body, Parameters parameters) {
        this.owned = owned;
        this.body = body;
        parameterCount =
                parameters.declared().stream()
                        .filter(Parameter::trained)
                        .mapToLong(Parameter::size)
                        .sum();
    }

    /** Forward, loss, backward and update. */
    public static PlannedStep training(Device device, Setting setting) {
        Resources owned = new Resources();
        try {
            Objective objective = objective(setting);
            Parameters parameters = parameters(owned, device, setting);
            Optimizer optimizer =
                    owned.add(new Optimizer(device, parameters, Optimizers.Settings.sgd(0.9, 0)));
            TrainingStep step =
                    owned.add(
                            new TrainingStep(
                                    device,
                                    setting.shape(),
                                    objective,
                                    parameters,
                                    setting.batch(),
                                    optimizer,
                                    0));
            parameters.initialise(0);
            optimizer.set(0.01, 1);
            Random random = new Random(0);
            step.images().write(images(random, step.images().size()));
            step.labels().write(random.ints(setting.batch(), 0, CLASSES).toArray());
            Program program = owned.add(device.record(step::run));
            return new PlannedStep(
                    owned,
                    () -> {
                        program.run();
                        step.meter().read();
                    },
                    parameters);
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    /** From images to features, without the means for a gradient. */
    public static PlannedStep evaluation(Device device, Setting setting) {
        Resources owned = new Resources();
        try {
            Parameters parameters = parameters(owned, device, setting);
            Network network =
                    owned.add(
                            new Network(
                                    device, setting.shape(), setting.batch(), parameters, false));
            parameters.initialise(0);
            network.images().write(images(new Random(0), network.images().size()));
            float[] features = new float[Math.toIntExact(network.features().size())];
            Program program = owned.add(device.record(network::forward));
            return new PlannedStep(
                    owned,
                    () -> {
                        program.run();
                        network.features().read(features);
                    },
                    parameters);
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    private static Objective objective(Setting setting) {
        return Objectives.of(setting.objective()).create(Objectives.Settings.DEFAULT);
    }

    private static Parameters parameters(Resources owned, Device device, Setting setting) {
        return owned.add(
                new Parameters(
                        device, Objectives.parameters(objective(setting), setting.shape(), true)));
    }

    private static float[] images(Random random, long size) {
        float[] images = new float[Math.toIntExact(size)];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        return images;
    }

    /** Numbers that the optimiser moves. */
    public long parameterCount() {
        return parameterCount;
    }

    /** Runs it once and waits for its result. */
    public void run() {
        body.run();
    }

    @Override
    public void close() {
        owned.close();
    }
}
