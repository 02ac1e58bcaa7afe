package org.centerloss.nn;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;

/**
 * What determines a network's layers and the shapes of its parameters.
 *
 * @param channels of an image
 * @param features dimension of the embedding
 * @param classes rows of {@code fc2} and of the centers
 * @param blocks residual blocks in each group of {@link ReferenceResNet}; 1 for others
 * @param widthFactor factor on the channels of {@link ReferenceResNet}'s groups; 1 for others
 * @param architecture a key of {@link Architectures}; the reference's where a file names none
 * @param stem of architectures that have a choice; the standard one where a file names none
 */
public record NetworkShape(
        int channels,
        int height,
        int width,
        int features,
        int classes,
        int blocks,
        int widthFactor,
        @JsonProperty(required = false) String architecture,
        @JsonProperty(required = false) Stem stem) {
    public NetworkShape {
        architecture = architecture == null ? Architectures.RESNET.key() : architecture;
        stem = stem == null ? Stem.STANDARD : stem;
        Bounds.atLeast("channels", channels, 1);
        Bounds.atLeast("height", height, 1);
        Bounds.atLeast("width", width, 1);
        Bounds.atLeast("features", features, 1);
        Bounds.atLeast("classes", classes, 1);
        Bounds.atLeast("blocks", blocks, 1);
        Bounds.atLeast("widthFactor", widthFactor, 1);
        Bounds.require(
                Architectures.keys().contains(architecture),
                "architecture",
                "one of " + String.join(", ", Architectures.keys()),
                architecture);
    }

    /** A network of the reference implementation's architecture. */
    public NetworkShape(
            int channels,
            int height,
            int width,
            int features,
            int classes,
            int blocks,
            int widthFactor) {
        this(channels, height, width, features, classes, blocks, widthFactor, null, null);
    }

    /** Every parameter of the network, {@link Head} included, in order. */
    public List<Parameter> parameters() {
        return ParameterDeclaration.of(this).parameters();
    }

    /** The parameters behind the last activation: those of the features and of {@link Head}. */
    public List<Parameter> headParameters() {
        return parameters().stream()
                .filter(p -> p.name().startsWith("fc1.") || p.name().startsWith("fc2."))
                .toList();
    }

    /**
     * Whether a tensor of that name belongs to what published weights of the architecture have in
     * the place of {@link #headParameters}: classes that are not the run's.
     */
    public boolean isOfPublishedHead(String tensor) {
        return declared().publishedHead().filter(head -> tensor.startsWith(head + ".")).isPresent();
    }

    /**
     * Checks the image size.
     *
     * @throws InputException if a side is shorter than the architecture needs
     */
    public void requireSides() {
        int least = declared().minimumSide(stem);
        if (height < least || width < least) {
            throw new InputException(
                    "images: expected at least %d×%d pixels for --network %s, found %d×%d; resize with --image-size%s"
                            .formatted(
                                    least,
                                    least,
                                    architecture,
                                    width,
                                    height,
                                    declared().minimumSide(Stem.SMALL) < least
                                            ? ", or take --stem small"
                                            : ""));
        }
    }

    /**
     * Walks through the layers.
     *
     * @param <T> see {@link Layers}
     * @return the features
     */
    public <T> T walk(Layers<T> layers, T images) {
        return declared().features(layers, images, this);
    }

    /** The declaration of the layers. */
    Architecture declared() {
        return Architectures.of(architecture).architecture();
    }

    /** The network in words: {@code 1 blocks, width 1}, {@code resnet-18 with the small stem}. */
    public String description() {
        return Architectures.of(architecture).describe(this);
    }
}
