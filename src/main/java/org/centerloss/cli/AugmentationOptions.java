package org.centerloss.cli;

import org.centerloss.device.Augmentation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Random changes to training images. */
final class AugmentationOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--flip",
            negatable = true,
            description = "Flip images horizontally at random. Default: as suits the data set.")
    private Boolean flip;

    @Option(
            names = "--rotate",
            paramLabel = "DEGREES",
            description = "Rotate by up to so many degrees. Default: as suits the data set.")
    private Double degrees;

    @Option(
            names = "--crop-padding",
            paramLabel = "PIXELS",
            description = "Shift by up to so many pixels. Default: as suits the data set.")
    private Integer padding;

    @Option(names = "--no-augment", description = "Change nothing.")
    private boolean none;

    /** The data set's own augmentation with what was given instead. */
    Augmentation over(Augmentation usual) {
        Augmentation base = none ? Augmentation.NONE : usual;
        try {
            return new Augmentation(
                    flip != null ? flip : base.flip(),
                    degrees != null ? degrees : base.maxDegrees(),
                    padding != null ? padding : base.padding());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--rotate, --crop-padding: " + e.getMessage());
        }
    }
}
