package org.centerloss.nn;

import java.util.Optional;

/**
 * The residual network of He et al. 2016 ("Deep Residual Learning for Image Recognition"), as
 * torchvision has it, up to its {@code fc}, in whose place {@code fc1} makes the features: four
 * stages of residual blocks that end with the addition and a ReLU, convolutions without bias, and
 * the stride of a bottleneck block in its 3×3 convolution. Parameters have torchvision's names.
 *
 * @param blocks how many residual blocks each stage has
 * @param bottleneck whether a block narrows its channels to a quarter between 1×1 convolutions
 */
record TorchvisionResNet(boolean bottleneck, int... blocks) implements Architecture {
    private static final int STEM_CHANNELS = 64;
    private static final int BOTTLENECK_EXPANSION = 4;

    @Override
    public <T> T features(Layers<T> layers, T images, NetworkShape shape) {
        boolean small = shape.stem() == Stem.SMALL;
        Layers.Window window = small ? Layers.Window.same(3) : new Layers.Window(7, 2, 3);
        T x = layers.convolutionWithoutBias("conv1", images, STEM_CHANNELS, window);
        x = layers.batchNormRelu("bn1", x);
        if (!small) {
            x = layers.maxPooling("maxpool", x, new Layers.Window(3, 2, 1));
        }
        int in = STEM_CHANNELS;
        for (int stage = 0; stage < blocks.length; stage++) {
            int middle = STEM_CHANNELS << stage;
            int out = bottleneck ? BOTTLENECK_EXPANSION * middle : middle;
            for (int block = 0; block < blocks[stage]; block++) {
                String name = "layer%d.%d".formatted(stage + 1, block);
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = block(layers, name, x, in, middle, out, stride);
                in = out;
            }
        }
        return layers.linear("fc1", layers.globalAveragePooling("avgpool", x), shape.features());
    }

    private <T> T block(
            Layers<T> layers, String name, T x, int in, int middle, int out, int stride) {
        Layers.Window strided = new Layers.Window(3, stride, 1);
        T y;
        if (bottleneck) {
            y = convolutionRelu(layers, name, 1, x, middle, Layers.Window.same(1));
            y = convolutionRelu(layers, name, 2, y, middle, strided);
            y = layers.convolutionWithoutBias(name + ".conv3", y, out, Layers.Window.same(1));
        } else {
            y = convolutionRelu(layers, name, 1, x, middle, strided);
            y = layers.convolutionWithoutBias(name + ".conv2", y, out, Layers.Window.same(3));
        }
        T shortcut = x;
        if (in != out || stride != 1) {
            Layers.Window skip = new Layers.Window(1, stride, 0);
            shortcut = layers.convolutionWithoutBias(name + ".downsample.0", x, out, skip);
            shortcut = layers.batchNorm(name + ".downsample.1", shortcut);
        }
        return layers.batchNormAddRelu(name + (bottleneck ? ".bn3" : ".bn2"), y, shortcut);
    }

    private static <T> T convolutionRelu(
            Layers<T> layers, String block, int number, T x, int out, Layers.Window window) {
        T y = layers.convolutionWithoutBias(block + ".conv" + number, x, out, window);
        return layers.batchNormRelu(block + ".bn" + number, y);
    }

    @Override
    public int minimumSide(Stem stem) {
        return stem == Stem.SMALL ? 8 : 32;
    }

    @Override
    public Initializer initializer() {
        return Initializer.KAIMING_FAN_OUT;
    }

    @Override
    public boolean takesStem() {
        return true;
    }

    @Override
    public Optional<String> publishedHead() {
        return Optional.of("fc");
    }
}
