package org.centerloss.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * The walk through an {@link Architecture} that declares its parameters and counts how often each
 * layer's result is used.
 */
final class ParameterDeclaration implements Layers<ParameterDeclaration.Result> {
    /** A layer's result without its batch dimension: channels and sides, or features alone. */
    static final class Result {
        private final int[] shape;
        private int uses;

        private Result(int... shape) {
            this.shape = shape;
        }
    }

    /** PyTorch's default for a PReLU. */
    private static final double INITIAL_SLOPE = 0.25;

    private final Initializer initializer;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();

    private ParameterDeclaration(Initializer initializer) {
        this.initializer = initializer;
    }

    static ParameterDeclaration of(NetworkShape shape) {
        ParameterDeclaration walk = new ParameterDeclaration(shape.declared().initializer());
        Result images = walk.result(shape.channels(), shape.height(), shape.width());
        Result features = walk.use(shape.walk(walk, images));
        if (features.shape.length != 1 || features.shape[0] != shape.features()) {
            throw new IllegalStateException(
                    shape.architecture() + ": expected " + shape.features() + " features");
        }
        Head.declare(walk.parameters, walk.initializer, shape);
        return walk;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** How many layers use the result of the {@code i}-th layer; the images are the 0-th. */
    int uses(int i) {
        return results.get(i).uses;
    }

    private Result result(int... shape) {
        Result result = new Result(shape);
        results.add(result);
        return result;
    }

    private Result use(Result x) {
        x.uses++;
        return x;
    }

    @Override
    public Result convolution(String name, Result x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, true);
    }

    @Override
    public Result convolutionWithoutBias(String name, Result x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, false);
    }

    private Result convolution(String name, Result x, int outChannels, Window w, boolean bias) {
        int in = use(x).shape[0];
        parameters.add(
                initializer.weight(name + ".weight", outChannels, in, w.kernel(), w.kernel()));
        if (bias) {
            parameters.add(
                    initializer.bias(
                            name + ".bias", outChannels, (double) in * w.kernel() * w.kernel()));
        }
        return result(outChannels, w.positions(x.shape[1]), w.positions(x.shape[2]));
    }

    @Override
    public Result batchNorm(String name, Result x) {
        int channels = use(x).shape[0];
        parameters.add(Parameter.constant(name + ".weight", true, 1, channels));
        parameters.add(Parameter.zeros(name + ".bias", channels));
        parameters.add(Parameter.constant(name + ".running_mean", false, 0, channels));
        parameters.add(Parameter.constant(name + ".running_var", false, 1, channels));
        return result(x.shape);
    }

    @Override
    public Result batchNormRelu(String name, Result x) {
        return batchNorm(name, x);
    }

    @Override
    public Result batchNormAddRelu(String name, Result x, Result shortcut) {
        use(shortcut);
        return batchNorm(name, x);
    }

    @Override
    public Result add(String name, Result x, Result shortcut) {
        use(shortcut);
        return result(use(x).shape);
    }

    @Override
    public Result prelu(String name, Result x) {
        parameters.add(Parameter.constant(name + ".weight", true, INITIAL_SLOPE, 1));
        return result(use(x).shape);
    }

    @Override
    public Result maxPooling(String name, Result x, Window w) {
        int[] s = use(x).shape;
        return result(s[0], w.positions(s[1]), w.positions(s[2]));
    }

    @Override
    public Result globalAveragePooling(String name, Result x) {
        return result(use(x).shape[0]);
    }

    @Override
    public Result flatten(String name, Result x) {
        int[] s = use(x).shape;
        return result(Math.multiplyExact(Math.multiplyExact(s[0], s[1]), s[2]));
    }

    @Override
    public Result linear(String name, Result x, int outFeatures) {
        int in = use(x).shape[0];
        parameters.add(initializer.weight(name + ".weight", outFeatures, in));
        parameters.add(initializer.bias(name + ".bias", outFeatures, in));
        return result(outFeatures);
    }
}
