package org.centerloss.nn;

/**
 * The network of Wen et al. 2016 ("A Discriminative Feature Learning Approach for Deep Face
 * Recognition", the toy example), as the implementation pytorch-center-loss has it: three stages of
 * two 5×5 convolutions with PReLU and max pooling, then the features with a PReLU of their own.
 */
final class LeNetPlusPlus implements Architecture {
    private static final int[] CHANNELS = {32, 64, 128};
    private static final Layers.Window POOL = new Layers.Window(2, 2, 0);

    @Override
    public <T> T features(Layers<T> layers, T images, NetworkShape shape) {
        T x = images;
        for (int stage = 1; stage <= CHANNELS.length; stage++) {
            for (int layer = 1; layer <= 2; layer++) {
                String place = stage + "_" + layer;
                int channels = CHANNELS[stage - 1];
                x = layers.convolution("conv" + place, x, channels, Layers.Window.same(5));
                x = layers.prelu("prelu" + place, x);
            }
            x = layers.maxPooling("pool" + stage, x, POOL);
        }
        x = layers.flatten("flat", x);
        x = layers.linear("fc1", x, shape.features());
        return layers.prelu("prelu_fc1", x);
    }

    @Override
    public int minimumSide(Stem stem) {
        return 8;
    }

    @Override
    public Initializer initializer() {
        return Initializer.UNIFORM_FAN_IN;
    }
}
