package org.centerloss.nn;

/** A kind of network, declared as what becomes of the images; nobody writes a way back. */
public interface Architecture {
    /**
     * From images to features.
     *
     * @param <T> see {@link Layers}
     * @param images [batch, channels, height, width]
     * @return [batch, features]
     */
    <T> T features(Layers<T> layers, T images, NetworkShape shape);

    /** The shortest side of an image that leaves every layer at least one pixel. */
    int minimumSide();

    /** How the weights of convolutions and linear layers are drawn. */
    Initializer initializer();

    /** Whether {@link NetworkShape#blocks} and {@link NetworkShape#widthFactor} change it. */
    default boolean takesBlocks() {
        return false;
    }
}
