package org.centerloss.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.Prelu;

/**
 * The walk through an {@link Architecture} that plans its operations: forward in the order of the
 * declaration, and for training the way back in the reverse order. Where a result is used by
 * several layers, the shares of its gradient are added in that order.
 */
final class LayerPlan implements Layers<LayerResult> {
    private final Device device;
    private final Resources owned;
    private final Parameters parameters;
    private final NetworkShape shape;
    private final boolean training;
    private final ParameterDeclaration declaration;
    private final GradientShares gradients;
    private final List<Runnable> forward = new ArrayList<>();
    private final List<Supplier<Runnable>> backward = new ArrayList<>();
    private LayerResult images;
    private int results;

    /**
     * @param owned takes over what is made
     */
    LayerPlan(
            Device device,
            Resources owned,
            Parameters parameters,
            NetworkShape shape,
            boolean training) {
        this.device = device;
        this.owned = owned;
        this.parameters = parameters;
        this.shape = shape;
        this.training = training;
        declaration = ParameterDeclaration.of(shape);
        gradients = new GradientShares(device, owned);
    }

    /** The images, which need no gradient. */
    LayerResult images(int batch) {
        images = result(device.activation(batch, shape.channels(), shape.height(), shape.width()));
        images.needsGradient = false;
        return images;
    }

    /** What runs forward, in order. */
    List<Runnable> forward() {
        return forward;
    }

    /**
     * Plans the way back.
     *
     * @param steps takes what runs, in order
     * @return where the gradient of {@code output} is put before
     */
    Tensor wayBack(LayerResult output, List<Runnable> steps) {
        Tensor gradient = gradients.share(output);
        for (int i = backward.size() - 1; i >= 0; i--) {
            steps.add(backward.get(i).get());
        }
        return gradient;
    }

    private LayerResult result(Tensor tensor) {
        return new LayerResult(owned.add(tensor), declaration.uses(results++));
    }

    /** The same storage, as the result of a further layer. */
    private LayerResult renewed(LayerResult x) {
        return new LayerResult(x.tensor, declaration.uses(results++));
    }

    private Tensor activation(int... s) {
        return device.activation(s[0], s[1], s[2], s[3]);
    }

    /** A layer's way back from the gradient of its result to that of its input. */
    private interface WayBack {
        /**
         * @param dx null where the input needs no gradient
         */
        void run(Tensor dy, Tensor dx);
    }

    private void back(LayerResult x, LayerResult y, WayBack wayBack) {
        backward.add(
                () -> {
                    Tensor dx = gradients.share(x);
                    Runnable sum = gradients.sum(x, dx);
                    Tensor dy = y.gradient;
                    return () -> {
                        wayBack.run(dy, dx);
                        sum.run();
                    };
                });
    }

    private Tensor value(String name) {
        return parameters.value(name);
    }

    /** Null in inference. */
    private Tensor gradient(String name) {
        return training ? parameters.gradient(name) : null;
    }

    /** Storage for a layer's result, which in inference takes the place of x if it may. */
    private LayerResult inPlace(LayerResult x) {
        boolean mayOverwrite = !training && x.overwritable && x.uses == 1;
        return mayOverwrite ? renewed(x) : result(gradients.like(x.tensor));
    }

    @Override
    public LayerResult convolution(String name, LayerResult x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, true);
    }

    @Override
    public LayerResult convolutionWithoutBias(
            String name, LayerResult x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, false);
    }

    private LayerResult convolution(
            String name, LayerResult x, int outChannels, Window w, boolean bias) {
        int[] s = x.tensor.shape();
        Convolution.Shape size =
                new Convolution.Shape(
                        s[0],
                        s[1],
                        s[2],
                        s[3],
                        outChannels,
                        w.kernel(),
                        w.stride(),
                        w.padding(),
                        bias);
        Convolution op = owned.add(device.convolution(size));
        Tensor weight = value(name + ".weight");
        Tensor dWeight = gradient(name + ".weight");
        Tensor biasValue = bias ? value(name + ".bias") : null;
        Tensor dBias = bias ? gradient(name + ".bias") : null;
        LayerResult y = result(activation(s[0], outChannels, size.outHeight(), size.outWidth()));
        y.overwritable = true;
        forward.add(() -> op.forward(x.tensor, weight, biasValue, y.tensor));
        back(x, y, (dy, dx) -> op.backward(x.tensor, dy, weight, dx, dWeight, dBias));
        return y;
    }

    @Override
    public LayerResult batchNorm(String name, LayerResult x) {
        return batchNorm(name, x, null, BatchNormalization.Epilogue.NONE);
    }

    @Override
    public LayerResult batchNormRelu(String name, LayerResult x) {
        return batchNorm(name, x, null, BatchNormalization.Epilogue.RELU);
    }

    @Override
    public LayerResult batchNormAddRelu(String name, LayerResult x, LayerResult shortcut) {
        LayerResult y = batchNorm(name, x, shortcut.tensor, BatchNormalization.Epilogue.ADD_RELU);
        // Runs after the way back of the normalisation, which leaves the shortcut's gradient in
        // y's.
        backward.add(backward.size() - 1, () -> gradients.handOn(y.gradient, shortcut));
        return y;
    }

    private LayerResult batchNorm(
            String name, LayerResult x, Tensor z, BatchNormalization.Epilogue epilogue) {
        int[] s = x.tensor.shape();
        BatchNormalization op =
                owned.add(
                        device.batchNormalization(
                                new BatchNormalization.Shape(s[0], s[1], s[2], s[3], epilogue)));
        Tensor gamma = value(name + ".weight");
        Tensor beta = value(name + ".bias");
        Tensor dGamma = gradient(name + ".weight");
        Tensor dBeta = gradient(name + ".bias");
        Tensor mean = value(name + ".running_mean");
        Tensor variance = value(name + ".running_var");
        LayerResult y = inPlace(x);
        y.overwritable = !training;
        y.spoilsGradient = epilogue != BatchNormalization.Epilogue.NONE;
        forward.add(
                training
                        ? () ->
                                op.forwardTraining(
                                        x.tensor, gamma, beta, mean, variance, z, y.tensor)
                        : () ->
                                op.forwardInference(
                                        x.tensor, gamma, beta, mean, variance, z, y.tensor));
        back(x, y, (dy, dx) -> op.backward(x.tensor, y.tensor, dy, gamma, dx, dGamma, dBeta));
        return y;
    }

    @Override
    public LayerResult add(String name, LayerResult x, LayerResult shortcut) {
        if (!x.overwritable || x.uses != 1) {
            throw new IllegalArgumentException(
                    name + ": expected the result of a convolution that nothing else uses");
        }
        int[] s = x.tensor.shape();
        Addition op = owned.add(device.addition(s[0], s[1], s[2], s[3]));
        LayerResult y = renewed(x);
        y.overwritable = !training;
        forward.add(() -> op.forward(x.tensor, shortcut.tensor, y.tensor));
        backward.add(() -> gradients.handOn(y.gradient, x));
        backward.add(() -> gradients.handOn(y.gradient, shortcut));
        return y;
    }

    @Override
    public LayerResult prelu(String name, LayerResult x) {
        Prelu op = owned.add(device.prelu(x.tensor.shape()));
        Tensor slope = value(name + ".weight");
        Tensor dSlope = gradient(name + ".weight");
        LayerResult y = inPlace(x);
        y.overwritable = !training;
        forward.add(() -> op.forward(x.tensor, slope, y.tensor));
        back(x, y, (dy, dx) -> op.backward(x.tensor, dy, slope, dx, dSlope));
        return y;
    }

    @Override
    public LayerResult maxPooling(String name, LayerResult x, Window w) {
        int[] s = x.tensor.shape();
        MaxPooling.Shape size =
                new MaxPooling.Shape(
                        s[0], s[1], s[2], s[3], w.kernel(), w.stride(), w.padding(), training);
        MaxPooling op = owned.add(device.maxPooling(size));
        LayerResult y = result(activation(s[0], s[1], size.outHeight(), size.outWidth()));
        y.overwritable = !training;
        forward.add(() -> op.forward(x.tensor, y.tensor));
        back(x, y, (dy, dx) -> op.backward(x.tensor, y.tensor, dy, dx));
        return y;
    }

    @Override
    public LayerResult globalAveragePooling(String name, LayerResult x) {
        int[] s = x.tensor.shape();
        GlobalAveragePooling op = owned.add(device.globalAveragePooling(s[0], s[1], s[2], s[3]));
        LayerResult y = result(device.tensor(s[0], s[1]));
        forward.add(() -> op.forward(x.tensor, y.tensor));
        back(x, y, op::backward);
        return y;
    }

    @Override
    public LayerResult flatten(String name, LayerResult x) {
        int[] s = x.tensor.shape();
        Flatten op = owned.add(device.flatten(s[0], s[1], s[2], s[3]));
        LayerResult y = result(device.tensor(s[0], s[1] * s[2] * s[3]));
        forward.add(() -> op.forward(x.tensor, y.tensor));
        back(x, y, op::backward);
        return y;
    }

    @Override
    public LayerResult linear(String name, LayerResult x, int outFeatures) {
        int[] s = x.tensor.shape();
        Linear op = owned.add(device.linear(s[0], s[1], outFeatures));
        Tensor weight = value(name + ".weight");
        Tensor dWeight = gradient(name + ".weight");
        Tensor bias = value(name + ".bias");
        Tensor dBias = gradient(name + ".bias");
        LayerResult y = result(device.tensor(s[0], outFeatures));
        y.overwritable = !training;
        forward.add(() -> op.forward(x.tensor, weight, bias, y.tensor));
        back(x, y, (dy, dx) -> op.backward(x.tensor, dy, weight, dx, dWeight, dBias));
        return y;
    }
}
