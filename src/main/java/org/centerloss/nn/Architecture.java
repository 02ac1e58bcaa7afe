package org.centerloss.nn;

import java.util.Optional;

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

    /**
     * The shortest side of an image that it takes, in pixels.
     *
     * @param stem means nothing where {@link #takesStem} is false
     */
    int minimumSide(Stem stem);

    /** How the weights of convolutions and linear layers are drawn. */
    Initializer initializer();

    /** Whether {@link NetworkShape#blocks} and {@link NetworkShape#widthFactor} change it. */
    default boolean takesBlocks() {
        return false;
    }

    /** Whether {@link NetworkShape#stem} changes it. */
    default boolean takesStem() {
        return false;
    }

    /**
     * The name of the layer that published weights have in the place of {@link Head} and of the
     * layer that makes the features; empty where nobody publishes such.
     */
    default Optional<String> publishedHead() {
        return Optional.empty();
    }
}
