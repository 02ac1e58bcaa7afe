package org.centerloss.nn;

import java.util.Arrays;
import java.util.List;

/** The registry of architectures: the command line, verification and benchmarks go through it. */
public enum Architectures {
    RESNET("resnet", "the reference implementation's residual network", new ReferenceResNet()),
    LENET_PLUS_PLUS("lenet++", "that of Wen et al. and pytorch-center-loss", new LeNetPlusPlus()),
    RESNET_18("resnet-18", "torchvision's resnet18", new TorchvisionResNet(false, 2, 2, 2, 2)),
    RESNET_34("resnet-34", "torchvision's resnet34", new TorchvisionResNet(false, 3, 4, 6, 3)),
    RESNET_50("resnet-50", "torchvision's resnet50", new TorchvisionResNet(true, 3, 4, 6, 3));

    private final String key;
    private final String summary;
    private final Architecture architecture;

    Architectures(String key, String summary, Architecture architecture) {
        this.key = key;
        this.summary = summary;
        this.architecture = architecture;
    }

    /** The name on the command line and in files. */
    public String key() {
        return key;
    }

    /** One line of help. */
    public String summary() {
        return summary;
    }

    Architecture architecture() {
        return architecture;
    }

    /** The shortest side of an image that it takes, in pixels. */
    public int minimumSide(Stem stem) {
        return architecture.minimumSide(stem);
    }

    /** Whether {@code --blocks} and {@code --width} change it. */
    public boolean takesBlocks() {
        return architecture.takesBlocks();
    }

    /** Whether {@code --stem} changes it. */
    public boolean takesStem() {
        return architecture.takesStem();
    }

    /** A network of that kind in words. */
    String describe(NetworkShape shape) {
        if (takesBlocks()) {
            return "%d blocks, width %d".formatted(shape.blocks(), shape.widthFactor());
        }
        return takesStem() ? "%s with the %s stem".formatted(key, shape.stem().key()) : key;
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Architectures::key).toList();
    }

    /** The architecture of that name. */
    public static Architectures of(String key) {
        return Arrays.stream(values())
                .filter(a -> a.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no network '" + key + "'"));
    }
}
