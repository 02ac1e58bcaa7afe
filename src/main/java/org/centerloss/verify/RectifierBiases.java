package org.centerloss.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.nn.Layers;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.verify.op.RandomInputs;

/**
 * Scales and biases of batch normalisations that leave few inputs of ReLUs near zero: channels are
 * mostly open or mostly closed. For deep networks whose blocks end with addition and ReLU, since
 * drawn as they are for training they have some input near zero in nearly every draw, and their
 * float32 errors grow from block to block beyond what a comparison can bear. Other networks stay as
 * drawn.
 *
 * <p>What stands for a layer's result is how far below zero it may reach.
 */
final class RectifierBiases implements Layers<Double> {
    /** Few normalised values are farther from zero. */
    private static final double SPREAD = 2.5;

    /** How far open channels stay from zero. */
    private static final double MARGIN = 0.25;

    /** Scale of what a block adds to its shortcut, so that sums stay small beside what varies. */
    private static final double ADDED_SCALE = 0.1;

    /** Of so many channels, one is closed after an addition. */
    private static final int CLOSED_ONE_IN = 4;

    /** More than what open channels of all blocks add up to. */
    private static final double CLOSED_AFTER_ADDITION = -100;

    private final Parameters parameters;
    private final long seed;
    private final List<Runnable> writes = new ArrayList<>();
    private boolean adds;

    private RectifierBiases(Parameters parameters, long seed) {
        this.parameters = parameters;
        this.seed = seed;
    }

    /** Overwrites scales and biases of a network, if it is of that kind. */
    static void write(Parameters parameters, NetworkShape shape, long seed) {
        RectifierBiases walk = new RectifierBiases(parameters, seed);
        shape.walk(walk, 0.0);
        if (walk.adds) {
            walk.writes.forEach(Runnable::run);
        }
    }

    @Override
    public Double batchNormRelu(String name, Double x) {
        double open = SPREAD + MARGIN;
        writes.add(() -> writeBias(name, 2, -open, open));
        return 0.0;
    }

    @Override
    public Double batchNormAddRelu(String name, Double x, Double shortcut) {
        adds = true;
        double open = ADDED_SCALE * SPREAD + shortcut + MARGIN;
        writes.add(
                () -> {
                    Tensor scale = parameters.value(name + ".weight");
                    double[] scales = new double[Math.toIntExact(scale.size())];
                    Arrays.fill(scales, ADDED_SCALE);
                    scale.write(scales);
                    writeBias(name, CLOSED_ONE_IN, CLOSED_AFTER_ADDITION, open);
                });
        return 0.0;
    }

    private void writeBias(String name, int closedOneIn, double closed, double open) {
        Tensor bias = parameters.value(name + ".bias");
        int[] drawn =
                new RandomInputs(seed, name, 0).integers(Math.toIntExact(bias.size()), closedOneIn);
        bias.write(Arrays.stream(drawn).mapToDouble(i -> i == 0 ? closed : open).toArray());
    }

    @Override
    public Double convolution(String name, Double x, int outChannels, Window window) {
        return 0.0;
    }

    @Override
    public Double convolutionWithoutBias(String name, Double x, int outChannels, Window window) {
        return 0.0;
    }

    @Override
    public Double batchNorm(String name, Double x) {
        return SPREAD;
    }

    @Override
    public Double add(String name, Double x, Double shortcut) {
        return 0.0;
    }

    @Override
    public Double prelu(String name, Double x) {
        return 0.0;
    }

    @Override
    public Double maxPooling(String name, Double x, Window window) {
        return x;
    }

    @Override
    public Double globalAveragePooling(String name, Double x) {
        return 0.0;
    }

    @Override
    public Double flatten(String name, Double x) {
        return 0.0;
    }

    @Override
    public Double linear(String name, Double x, int outFeatures) {
        return 0.0;
    }
}
