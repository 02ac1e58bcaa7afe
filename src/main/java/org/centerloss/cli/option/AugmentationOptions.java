package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.centerloss.data.Dataset;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.device.op.Augmentation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Random changes to training images. */
public final class AugmentationOptions {
    private static final List<String> KINDS = List.of("auto", "none", "light", "reference");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--augment",
            paramLabel = "KIND",
            defaultValue = "auto",
            completionCandidates = Kinds.class,
            description = {
                "Random changes to training images: light (flip, not of gray images; crop of"
                        + " half the area or more; brightness and contrast by up to 0.2), reference"
                        + " (what the reference does for the data set; none for a folder), none;"
                        + " auto is light for a folder, else reference. The options below set"
                        + " single parts of it. Default: ${DEFAULT-VALUE}."
            })
    private String kind;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--flip",
            negatable = true,
            description = "Flip images horizontally at random. Default: as --augment says.")
    private Boolean flip;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--rotate",
            paramLabel = "DEGREES",
            description = "Rotate by up to so many degrees. Default: as --augment says.")
    private Double degrees;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--crop-padding",
            paramLabel = "PIXELS",
            description = "Shift by up to so many pixels. Default: as --augment says.")
    private Integer padding;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--crop-scale",
            paramLabel = "SHARE",
            description =
                    "Enlarge a random part of at least this share of the area to the whole; 1 for"
                            + " none. Default: as --augment says.")
    private Double scale;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--crop-ratio",
            paramLabel = "RATIO",
            description =
                    "Stretch that part by up to this ratio of its sides; 1 for none. Default: as"
                            + " --augment says.")
    private Double ratio;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--brightness",
            paramLabel = "B",
            description =
                    "Multiply pixels by a factor from 1 - B to 1 + B; 0 for none. Default: as"
                            + " --augment says.")
    private Double brightness;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(
            names = "--contrast",
            paramLabel = "C",
            description =
                    "Multiply the distance of pixels to the image's mean gray by a factor from 1 -"
                            + " C to 1 + C; 0 for none. Default: as --augment says.")
    private Double contrast;

    @OptionGroup.In(OptionGroup.AUGMENTATION)
    @Option(names = "--no-augment", hidden = true, description = "The same as --augment none.")
    private boolean none;

    /** The names, for help and completion. */
    static final class Kinds extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Kinds() {
            super(KINDS);
        }
    }

    /**
     * What {@code --augment} says.
     *
     * @param name what was asked for as the data set
     */
    public Augmentation base(String name, Dataset dataset) {
        if (none) {
            return Augmentation.NONE;
        }
        return switch (kind) {
            case "none" -> Augmentation.NONE;
            case "light" -> Augmentation.light(dataset.train().channels());
            case "reference" -> dataset.augmentation();
            default ->
                    KnownDataset.of(name).isPresent()
                            ? dataset.augmentation()
                            : Augmentation.light(dataset.train().channels());
        };
    }

    /** The base with what was given instead. */
    public Augmentation over(Augmentation base) {
        TrainOptions.requireName(spec, "--augment", kind, KINDS);
        Augmentation.ResizedCrop crop =
                made(
                        "--crop-scale, --crop-ratio",
                        () ->
                                new Augmentation.ResizedCrop(
                                        given(scale, base.resizedCrop().minScale()),
                                        given(ratio, base.resizedCrop().maxRatio())));
        Augmentation.ColorJitter jitter =
                made(
                        "--brightness, --contrast",
                        () ->
                                new Augmentation.ColorJitter(
                                        given(brightness, base.colorJitter().brightness()),
                                        given(contrast, base.colorJitter().contrast())));
        return made(
                "--rotate, --crop-padding",
                () ->
                        new Augmentation(
                                given(flip, base.flip()),
                                given(degrees, base.maxDegrees()),
                                given(padding, base.padding()),
                                crop,
                                jitter));
    }

    private static <T> T given(T option, T otherwise) {
        return option != null ? option : otherwise;
    }

    private <T> T made(String options, Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), options + ": " + e.getMessage());
        }
    }
}
