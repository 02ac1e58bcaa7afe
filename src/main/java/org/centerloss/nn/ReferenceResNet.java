package org.centerloss.nn;

/**
 * The reference implementation's residual network: a 3×3 convolution without padding, five groups
 * of pre-activation blocks, batch normalisation, ReLU, global average pooling, and a linear layer
 * to the features.
 *
 * <p>A block: o = relu(bn1(x)); z = conv2(relu(bn2(conv1(o)))); the result is z + skip_conv(o)
 * where channels or stride change, else z + x. Source: He et al. 2016, with the skip connection
 * taken behind the first activation as the reference implementation does.
 */
final class ReferenceResNet implements Architecture {
    private static final int STEM_CHANNELS = 16;
    private static final int[] GROUP_CHANNELS = {32, 32, 64, 64, 128};
    private static final int[] GROUP_STRIDE = {1, 2, 1, 2, 1};

    @Override
    public <T> T features(Layers<T> layers, T images, NetworkShape shape) {
        T x = layers.convolution("conv1", images, STEM_CHANNELS, new Layers.Window(3, 1, 0));
        int in = STEM_CHANNELS;
        for (int group = 0; group < GROUP_CHANNELS.length; group++) {
            int out = GROUP_CHANNELS[group] * shape.widthFactor();
            for (int block = 0; block < shape.blocks(); block++) {
                int stride = block == 0 ? GROUP_STRIDE[group] : 1;
                x = block(layers, "group" + (group + 1) + "." + block, x, in, out, stride);
                in = out;
            }
        }
        x = layers.batchNormRelu("bn", x);
        x = layers.globalAveragePooling("pooled", x);
        return layers.linear("fc1", x, shape.features());
    }

    private static <T> T block(Layers<T> layers, String name, T x, int in, int out, int stride) {
        Layers.Window window = new Layers.Window(3, stride, 1);
        T open = layers.batchNormRelu(name + ".bn1", x);
        T z = layers.convolution(name + ".conv1", open, out, window);
        z = layers.batchNormRelu(name + ".bn2", z);
        z = layers.convolution(name + ".conv2", z, out, Layers.Window.same(3));
        T shortcut = x;
        if (in != out || stride != 1) {
            Layers.Window skip = new Layers.Window(1, stride, 0);
            shortcut = layers.convolution(name + ".skip_conv", open, out, skip);
        }
        return layers.add(name, z, shortcut);
    }

    @Override
    public int minimumSide(Stem stem) {
        return 12;
    }

    @Override
    public Initializer initializer() {
        return Initializer.KAIMING_FAN_IN;
    }

    @Override
    public boolean takesBlocks() {
        return true;
    }
}
