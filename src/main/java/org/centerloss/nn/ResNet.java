package org.centerloss.nn;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.Linear;

/**
 * The reference implementation's residual network, planned for one batch size: a 3×3 convolution
 * without padding, five groups of {@linkplain ResidualBlock pre-activation blocks}, batch
 * normalisation, ReLU, global average pooling, and a linear layer to the features.
 *
 * <p>An instance either trains or infers; both kinds share one {@link Parameters}.
 */
public final class ResNet implements AutoCloseable {
    private static final int STEM_CHANNELS = 16;
    private static final int[] GROUP_CHANNELS = {32, 32, 64, 64, 128};
    private static final int[] GROUP_STRIDE = {1, 2, 1, 2, 1};

    /** Smallest image side: what the strides leave must hold at least one pixel of information. */
    public static final int MINIMUM_SIDE = 12;

    /**
     * What determines the parameters' shapes.
     *
     * @param features dimension of the embedding
     * @param classes rows of {@code fc2} and of the centers
     * @param blocks residual blocks in each of the five groups
     * @param widthFactor factor on the groups' channels 32, 32, 64, 64, 128
     */
    public record Shape(
            int channels,
            int height,
            int width,
            int features,
            int classes,
            int blocks,
            int widthFactor) {
        public Shape {
            Bounds.atLeast("channels", channels, 1);
            Bounds.atLeast("height", height, 1);
            Bounds.atLeast("width", width, 1);
            Bounds.atLeast("features", features, 1);
            Bounds.atLeast("classes", classes, 1);
            Bounds.atLeast("blocks", blocks, 1);
            Bounds.atLeast("widthFactor", widthFactor, 1);
        }
    }

    /**
     * One residual block's place in the network.
     *
     * @param name what its parameters' names begin with: {@code group1.0}
     */
    public record Block(String name, int inChannels, int outChannels, int stride) {
        /** Whether a 1×1 convolution stands in for the identity. */
        public boolean hasSkip() {
            return inChannels != outChannels || stride != 1;
        }
    }

    /** The residual blocks, from the first group to the fifth. */
    public static List<Block> blocks(Shape shape) {
        List<Block> all = new ArrayList<>();
        int in = STEM_CHANNELS;
        for (int group = 0; group < GROUP_CHANNELS.length; group++) {
            int out = GROUP_CHANNELS[group] * shape.widthFactor();
            for (int block = 0; block < shape.blocks(); block++) {
                String name = "group" + (group + 1) + "." + block;
                all.add(new Block(name, in, out, block == 0 ? GROUP_STRIDE[group] : 1));
                in = out;
            }
        }
        return all;
    }

    private final Owned owned = new Owned();
    private final Tensor images;
    private final ConvolutionLayer stem;
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final List<Tensor> outputGradients = new ArrayList<>();
    private final NormalizedActivation norm;
    private final GlobalAveragePooling pooling;
    private final Tensor pooled;
    private final Tensor pooledGradient;
    private final Linear fc1;
    private final Tensor features;
    private final Tensor featureGradient;
    private final Parameters parameters;

    /** Every parameter of the network, {@code fc2} included, in the reference's order and names. */
    public static List<Parameter> parameters(Shape shape) {
        List<Parameter> all = new ArrayList<>();
        ConvolutionLayer.declare(all, "conv1", shape.channels(), STEM_CHANNELS, 3);
        int in = STEM_CHANNELS;
        for (Block block : blocks(shape)) {
            ResidualBlock.declare(all, block);
            in = block.outChannels();
        }
        NormalizedActivation.declare(all, "bn", in);
        all.add(Parameter.kaiming("fc1.weight", shape.features(), in));
        all.add(Parameter.zeros("fc1.bias", shape.features()));
        all.add(Parameter.kaiming("fc2.weight", shape.classes(), shape.features()));
        all.add(Parameter.zeros("fc2.bias", shape.classes()));
        return all;
    }

    /**
     * Checks an image size.
     *
     * @throws InputException if a side is below {@value #MINIMUM_SIDE} pixels
     */
    public static void requireSides(int height, int width) {
        if (height < MINIMUM_SIDE || width < MINIMUM_SIDE) {
            throw new InputException(
                    "images: expected at least %d×%d pixels, found %d×%d; resize with --image-size"
                            .formatted(MINIMUM_SIDE, MINIMUM_SIDE, width, height));
        }
    }

    /**
     * Plans the network.
     *
     * @param parameters holds at least what {@link #parameters} declares
     * @param training whether {@link #forward} uses the batch's own statistics and {@link
     *     #backward} is available
     */
    public ResNet(Device device, Shape shape, int batch, Parameters parameters, boolean training) {
        requireSides(shape.height(), shape.width());
        this.parameters = parameters;
        images =
                owned.add(
                        device.activation(batch, shape.channels(), shape.height(), shape.width()));
        stem =
                owned.add(
                        new ConvolutionLayer(
                                device,
                                parameters,
                                "conv1",
                                images,
                                ResidualBlock.convolution(images, STEM_CHANNELS, 3, 1, 0),
                                training));
        Tensor x = stem.y;
        for (Block block : blocks(shape)) {
            outputGradients.add(training ? owned.add(ResidualBlock.like(device, x)) : null);
            blocks.add(owned.add(new ResidualBlock(device, parameters, block, x, training)));
            x = blocks.get(blocks.size() - 1).y();
        }
        outputGradients.add(training ? owned.add(ResidualBlock.like(device, x)) : null);
        norm =
                owned.add(
                        new NormalizedActivation(device, parameters, "bn", x, !training, training));
        int[] s = x.shape();
        pooling = owned.add(device.globalAveragePooling(s[0], s[1], s[2], s[3]));
        pooled = owned.add(device.tensor(batch, s[1]));
        pooledGradient = training ? owned.add(device.tensor(batch, s[1])) : null;
        fc1 = owned.add(device.linear(batch, s[1], shape.features()));
        features = owned.add(device.tensor(batch, shape.features()));
        featureGradient = training ? owned.add(device.tensor(batch, shape.features())) : null;
    }

    /** The input, [batch, channels, height, width], values in [0, 1]. */
    public Tensor images() {
        return images;
    }

    /** The result of {@link #forward}, [batch, features]. */
    public Tensor features() {
        return features;
    }

    /** Where a loss puts the gradient of {@link #features} before {@link #backward}. */
    public Tensor featureGradient() {
        return featureGradient;
    }

    /** Computes {@link #features} from {@link #images}. */
    public void forward() {
        stem.forward();
        for (ResidualBlock block : blocks) {
            block.forward();
        }
        norm.forward();
        pooling.forward(norm.y, pooled);
        fc1.forward(pooled, parameters.value("fc1.weight"), parameters.value("fc1.bias"), features);
    }

    /**
     * Overwrites the gradients of every parameter up to {@code fc1} from {@link #featureGradient}.
     */
    public void backward() {
        fc1.backward(
                pooled,
                featureGradient,
                parameters.value("fc1.weight"),
                pooledGradient,
                parameters.gradient("fc1.weight"),
                parameters.gradient("fc1.bias"));
        pooling.backward(pooledGradient, norm.dy);
        norm.backward(outputGradients.get(blocks.size()));
        for (int i = blocks.size() - 1; i >= 0; i--) {
            blocks.get(i).backward(outputGradients.get(i + 1), outputGradients.get(i));
        }
        stem.backward(outputGradients.get(0), null);
    }

    @Override
    public void close() {
        owned.close();
    }
}
