package org.centerloss.nn;

import java.util.List;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.Convolution;

/**
 * A pre-activation basic block: o = relu(bn1(x)); z = conv2(relu(bn2(conv1(o)))); the result is z +
 * skip_conv(o) where channels or stride change, else z + x.
 *
 * <p>Source: He et al. 2016, with the skip connection taken behind the first activation as the
 * reference implementation does.
 */
final class ResidualBlock implements AutoCloseable {
    private final Owned owned = new Owned();
    private final Tensor x;
    private final NormalizedActivation norm1;
    private final NormalizedActivation norm2;
    private final ConvolutionLayer conv1;
    private final ConvolutionLayer conv2;
    private final ConvolutionLayer skip;
    private final Addition addition;
    private final Addition inputAddition;
    private final Tensor conv1Gradient;
    private final Tensor skipInputGradient;

    static void declare(List<Parameter> all, ResNet.Block block) {
        String name = block.name();
        int in = block.inChannels();
        int out = block.outChannels();
        NormalizedActivation.declare(all, name + ".bn1", in);
        ConvolutionLayer.declare(all, name + ".conv1", in, out, 3);
        NormalizedActivation.declare(all, name + ".bn2", out);
        ConvolutionLayer.declare(all, name + ".conv2", out, out, 3);
        if (block.hasSkip()) {
            ConvolutionLayer.declare(all, name + ".skip_conv", in, out, 1);
        }
    }

    ResidualBlock(
            Device device, Parameters parameters, ResNet.Block block, Tensor x, boolean training) {
        this.x = x;
        String name = block.name();
        int out = block.outChannels();
        int stride = block.stride();
        boolean keepsX = training || !block.hasSkip();
        norm1 =
                owned.add(
                        new NormalizedActivation(
                                device, parameters, name + ".bn1", x, !keepsX, training));
        conv1 =
                owned.add(
                        new ConvolutionLayer(
                                device,
                                parameters,
                                name + ".conv1",
                                norm1.y,
                                convolution(norm1.y, out, 3, stride, 1),
                                training));
        norm2 =
                owned.add(
                        new NormalizedActivation(
                                device, parameters, name + ".bn2", conv1.y, !training, training));
        conv2 =
                owned.add(
                        new ConvolutionLayer(
                                device,
                                parameters,
                                name + ".conv2",
                                norm2.y,
                                convolution(norm2.y, out, 3, 1, 1),
                                training));
        skip =
                !block.hasSkip()
                        ? null
                        : owned.add(
                                new ConvolutionLayer(
                                        device,
                                        parameters,
                                        name + ".skip_conv",
                                        norm1.y,
                                        convolution(norm1.y, out, 1, stride, 0),
                                        training));
        addition = owned.add(addition(device, conv2.y));
        inputAddition = owned.add(addition(device, x));
        conv1Gradient = training ? owned.add(like(device, conv1.y)) : null;
        skipInputGradient = skip != null && training ? owned.add(like(device, x)) : null;
    }

    static Convolution.Shape convolution(Tensor x, int out, int kernel, int stride, int padding) {
        int[] s = x.shape();
        return new Convolution.Shape(s[0], s[1], s[2], s[3], out, kernel, stride, padding);
    }

    static Tensor like(Device device, Tensor activation) {
        int[] s = activation.shape();
        return device.activation(s[0], s[1], s[2], s[3]);
    }

    private static Addition addition(Device device, Tensor activation) {
        int[] s = activation.shape();
        return device.addition(s[0], s[1], s[2], s[3]);
    }

    /** The block's result; it lives in the second convolution's output. */
    Tensor y() {
        return conv2.y;
    }

    void forward() {
        norm1.forward();
        conv1.forward();
        norm2.forward();
        conv2.forward();
        if (skip != null) {
            skip.forward();
        }
        addition.forward(conv2.y, skip != null ? skip.y : x, conv2.y);
    }

    /** Overwrites dx with the gradient of the block's input, given that of its result. */
    void backward(Tensor dy, Tensor dx) {
        conv2.backward(dy, norm2.dy);
        norm2.backward(conv1Gradient);
        conv1.backward(conv1Gradient, norm1.dy);
        if (skip != null) {
            skip.backward(dy, skipInputGradient);
            inputAddition.forward(norm1.dy, skipInputGradient, norm1.dy);
            norm1.backward(dx);
        } else {
            norm1.backward(dx);
            inputAddition.forward(dx, dy, dx);
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
