package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.command.MeasuredImages;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.Part;
import org.centerloss.data.fetch.Progress;
import org.centerloss.data.folder.DataFile;
import org.centerloss.data.folder.FolderUse;
import org.centerloss.data.image.Background;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Resize;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainingConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which images: options that several commands share. */
public final class DataOptions {
    /** The registry's names, for help and completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Datasets.names());
        }
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|FOLDER",
            completionCandidates = Names.class,
            description =
                    "${COMPLETION-CANDIDATES}, or a folder with a folder of images for each"
                            + " class. Default: fashion-mini, or what a model was trained on.")
    public String dataset;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description =
                    "Where to look for data sets first. Default: $CENTERLOSS_DATA, the user cache"
                            + " and /usr/share/datasets, which come after it anyhow.")
    public Path dataDir;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--download",
            description =
                    "Fetch a known data set that is not there, as the command fetch does: into"
                            + " --data-dir, else into the user cache.")
    boolean download;

    @Mixin private MirrorOptions mirrorOptions;

    @OptionGroup.In(OptionGroup.RARE)
    @Option(
            names = "--no-checksum",
            description = "Take files of known data sets even if they are not the published ones.")
    public boolean noChecksum;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--image-size",
            paramLabel = "ROWSxCOLUMNS",
            description =
                    "Resize the images of a folder: 32 for a square, or 32x48. Default: the size"
                            + " that they have, which must be one.")
    String imageSize;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--channels",
            paramLabel = "1|3",
            defaultValue = "0",
            description =
                    "Convert the images of a folder to grayscale (1) or RGB (3). Default: as they"
                            + " are.")
    int channels;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--resize",
            paramLabel = "squash|crop|pad",
            description =
                    "How images of other proportions come to --image-size: squash stretches them,"
                            + " crop takes the largest part around the middle, pad puts"
                            + " --background on both sides. Default: crop, or what a model was"
                            + " trained with.")
    Resize resize;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--background",
            paramLabel = "COLOUR",
            description =
                    "What shows through where an image is transparent: white, black or #rrggbb."
                            + " Default: white, or what a model was trained with.")
    String background;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--test-fraction",
            paramLabel = "F",
            defaultValue = "" + ImageOptions.DEFAULT_TEST_FRACTION,
            description =
                    "Share of a folder without train/ and test/ that is kept for the test, chosen by"
                            + " seed and file name. Default: ${DEFAULT-VALUE}.")
    double testFraction;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--validation-fraction",
            paramLabel = "F",
            defaultValue = "0",
            description =
                    "Share of the training images that is kept back to choose by while training,"
                            + " so that the test images are looked at only at the end. A folder"
                            + " with val/ beside train/ and test/ has its own. Default:"
                            + " ${DEFAULT-VALUE}.")
    double validationFraction;

    @OptionGroup.In(OptionGroup.DATA)
    @Option(
            names = "--skip-broken",
            description =
                    "Leave out images of a folder that cannot be read, rather than refuse the"
                            + " folder. They are named all the same.")
    public boolean skipBroken;

    /** How a folder of images is read, and what is kept back from training. */
    public ImageOptions images(long seed) {
        ImageOptions images =
                ImageOptions.AS_THEY_ARE
                        .withChannels(channels)
                        .withTestFraction(testFraction)
                        .withValidationFraction(validationFraction)
                        .withSeed(seed);
        return lookingLike(
                ImageOptions.AS_THEY_ARE, imageSize == null ? images : images.withSize(imageSize));
    }

    /** Options with the way to the size and the background that were given, else with the usual. */
    private ImageOptions lookingLike(ImageOptions usual, ImageOptions images) {
        return images.withResize(resize == null ? usual.resize() : resize)
                .withBackground(
                        background == null ? usual.background() : Background.of(background));
    }

    /**
     * Loads what a trained model is measured on: the data set that was asked for, else the one that
     * it was trained on. Size, channels and fractions are the run's where none are given.
     *
     * @param runOrFile where the model is
     */
    public MeasuredImages loadToMeasure(
            Checkpoint checkpoint, Path runOrFile, Part part, PrintWriter err) {
        TrainingConfig.Data trainedOn = checkpoint.config().data();
        boolean own = isOwn(trainedOn);
        String name = own ? trainedOn.dataset() : dataset;
        requireFraction("--test-fraction", testFraction, own, trainedOn.images().testFraction());
        requireFraction(
                "--validation-fraction",
                validationFraction,
                own,
                trainedOn.images().validationFraction());
        List<DataFile> files = RunDirectory.files(runOrFile);
        boolean known = KnownDataset.of(name).isPresent();
        if (own && !known && files.isEmpty()) {
            err.printf(
                    "centerloss: note: %s: no data.csv of its run, so what was trained on and what"
                            + " is for the test follows from the files as they are now%n",
                    runOrFile);
        }
        ImageOptions images = own || !known ? trainedOn.images() : ImageOptions.AS_THEY_ARE;
        images = imageSize == null ? images : images.withSize(imageSize);
        images = channels == 0 ? images : images.withChannels(channels);
        Path usual = trainedOn.dataDir() == null ? null : Path.of(trainedOn.dataDir());
        Dataset loaded =
                load(
                        name,
                        dataDir != null ? dataDir : usual,
                        trainedOn.checksum() && !noChecksum,
                        lookingLike(trainedOn.images(), images),
                        new FolderUse(
                                own
                                        ? FolderUse.Purpose.MEASURE_OWN
                                        : FolderUse.Purpose.MEASURE_OTHER,
                                files,
                                trainedOn.heldOutClasses(),
                                part),
                        err);
        return MeasuredImages.of(checkpoint, loaded, part);
    }

    /** Whether that is what a model was trained on, with images kept back to choose by. */
    public boolean hasValidation(Checkpoint checkpoint, Path runOrFile) {
        TrainingConfig.Data trainedOn = checkpoint.config().data();
        return isOwn(trainedOn)
                && (trainedOn.images().validationFraction() > 0
                        || RunDirectory.files(runOrFile).stream()
                                .anyMatch(file -> file.part() == Part.VALIDATION));
    }

    /** Whether {@link #loadToMeasure} loads what a model was trained on. */
    public boolean isOwn(TrainingConfig.Data trainedOn) {
        return dataset == null || Datasets.isSame(dataset, trainedOn.dataset());
    }

    /** Refuses a fraction that cannot be followed: the run chose, or nothing is to be chosen. */
    private void requireFraction(String option, double given, boolean own, double chosen) {
        boolean isGiven = spec.commandLine().getParseResult().hasMatchedOption(option);
        if (isGiven && !(own && given == chosen)) {
            throw new ParameterException(
                    spec.commandLine(),
                    own
                            ? "%s: expected %s, by which the run's images were chosen, found %s"
                                    .formatted(option, chosen, given)
                            : "%s: expected none, since of a data set that is not the run's own nothing is kept back, found %s"
                                    .formatted(option, given));
        }
    }

    /** Loads a data set, fetched first where that was asked for; tells what is worth telling. */
    public Dataset load(
            String dataset,
            Path dataDir,
            boolean checksum,
            ImageOptions images,
            FolderUse use,
            PrintWriter err) {
        if (download) {
            KnownDataset.of(dataset)
                    .filter(known -> !Datasets.isThere(known, dataDir))
                    .ifPresent(known -> mirrorOptions.fetch(known, dataDir, err));
        }
        DatasetOptions options =
                new DatasetOptions(
                        dataDir,
                        checksum,
                        images,
                        skipBroken && use.purpose() != FolderUse.Purpose.GO_ON,
                        use,
                        notice -> err.println("centerloss: note: " + notice),
                        progress(err));
        return Datasets.load(dataset, options);
    }

    /** Tells now and then how many images have been decoded. */
    static Progress progress(PrintWriter err) {
        return (done, total) -> {
            if (done % 10_000 == 0 && done > 0) {
                err.printf("decoded %d of %d images%n", done, total);
            }
        };
    }
}
