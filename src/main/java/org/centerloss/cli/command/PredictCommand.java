package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.option.CenterOptions;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.ImageArguments;
import org.centerloss.cli.option.ModelParameter;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.cli.table.PredictionTable;
import org.centerloss.data.folder.UnlabelledImages;
import org.centerloss.device.Device;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.KnownRegion;
import org.centerloss.evaluate.Prediction;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.Threshold;
import org.centerloss.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies image files. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Classify image files.",
            "",
            "class     unknown (the likeliest?) where no center is within its threshold",
            "distance  Euclidean, to the center of the class",
            "margin    how much farther the next center is",
            "next      the class of that center",
            "",
            "Images get the size and channels that the model was trained on; nothing else is"
                    + " done to them, so a model of white things on black wants such images. One"
                    + " that cannot be read has a line that says so, and the exit code is 1."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss evaluate runs/NAME                  # calibrates",
            "  centerloss predict runs/NAME photo.jpg more/photos",
            "  centerloss predict runs/NAME photos --unknown per-class",
            "  centerloss predict runs/NAME photos --threshold 4.5 --csv photos.csv"
        })
public final class PredictCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ModelParameter model;
    @Mixin private CenterOptions centerOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE|FOLDER",
            description = "Image files, or folders with such at any depth.")
    private List<Path> images;

    @Option(
            names = "--threshold",
            paramLabel = "D|FILE",
            description =
                    "The distance to the nearest center beyond which an image is unknown, or a"
                            + " file that evaluate --threshold-file wrote. Default: the run's"
                            + " threshold.json, which evaluate writes.")
    private String threshold;

    @Option(
            names = "--unknown",
            paramLabel = "global|per-class",
            defaultValue = "global",
            description =
                    "Whether one threshold holds for the distances to all centers, or each class"
                            + " has its own; evaluate calibrates both. Default: ${DEFAULT-VALUE}.")
    private Threshold.Scope unknown;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Also write the table as CSV; - is standard output.")
    private Path csv;

    @Override
    public Integer call() {
        List<Path> outputs = csv == null ? List.of() : List.of(csv);
        Output.requireWritable(outputs);
        Checkpoint checkpoint = model.read(spec.commandLine().getErr());
        OptionalDouble distance = givenDistance();
        PrintWriter err = spec.commandLine().getErr();
        CenterOptions.Choice centers = centerOptions.choose(checkpoint, model.path, err);
        Optional<Threshold> calibrated = calibrated(checkpoint, centers, distance.isPresent());
        UnlabelledImages decoded = ImageArguments.decode(images, checkpoint, err);
        PredictionTable table = predict(checkpoint, centers, distance, calibrated, decoded);
        PrintWriter out = Terminal.printer(spec.commandLine(), outputs);
        table.print(out);
        if (distance.isEmpty() && calibrated.isPresent()) {
            out.println(describe(calibrated.get(), unknown));
        }
        if (csv != null) {
            Output.write(csv, table::writeCsv);
        }
        long refused = decoded.refusals().stream().filter(Objects::nonNull).count();
        if (refused > 0) {
            err.printf(
                    "centerloss: %d of %d images could not be read%n",
                    refused, decoded.files().size());
            return Main.FAILURE;
        }
        return Main.SUCCESS;
    }

    /** The number that --threshold was given; empty where it is a file or not given. */
    private OptionalDouble givenDistance() {
        if (threshold == null) {
            return OptionalDouble.empty();
        }
        double distance;
        try {
            distance = Double.parseDouble(threshold);
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
        if (!(distance >= 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--threshold: expected 0 or more, found " + threshold);
        }
        if (unknown == Threshold.Scope.PER_CLASS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--unknown per-class: expected the thresholds that evaluate calibrated, found"
                            + " --threshold "
                            + threshold);
        }
        return OptionalDouble.of(distance);
    }

    /**
     * What evaluate calibrated for this very checkpoint and these centers, in the file given or in
     * the run.
     *
     * @param choice of the centers; those of the calibration serve where there are none
     */
    private Optional<Threshold> calibrated(
            Checkpoint checkpoint, CenterOptions.Choice choice, boolean distanceGiven) {
        boolean fileGiven = threshold != null && !distanceGiven;
        Path file = fileGiven ? Path.of(threshold) : Threshold.file(model.path);
        if (!fileGiven && !Files.exists(file)) {
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            throw new InputException(
                    "--threshold: expected a distance, or a file that evaluate --threshold-file"
                            + " wrote, found "
                            + file);
        }
        Threshold found = Threshold.read(file);
        boolean ofModel = found.isOf(checkpoint);
        if (ofModel && choice.chosen().map(found::isFor).orElse(true)) {
            return Optional.of(found);
        }
        String mismatch =
                ofModel
                        ? "%s: was calibrated for distances to %s, not to the %s; evaluate --centers %s calibrates it again"
                                .formatted(
                                        file,
                                        found.measuredTo(),
                                        choice.kind().orElseThrow().text(),
                                        choice.kind().orElseThrow())
                        : "%s: was calibrated for another checkpoint, of step %d; this one is of step %d"
                                .formatted(file, found.step(), checkpoint.progress().step());
        if (fileGiven) {
            throw new InputException(mismatch);
        }
        note(mismatch);
        return Optional.empty();
    }

    private static String describe(Threshold threshold, Threshold.Scope scope) {
        return String.format(
                Locale.ROOT,
                "unknown beyond %s: %.2f %% of the %d correctly classified images%s lie within (%s)",
                scope == Threshold.Scope.GLOBAL
                        ? String.format(Locale.ROOT, "%.4f", threshold.distance())
                        : "each class's own distance",
                100 * threshold.knownShare(),
                threshold.correct(),
                scope == Threshold.Scope.GLOBAL ? "" : " of each class",
                threshold.images());
    }

    private PredictionTable predict(
            Checkpoint checkpoint,
            CenterOptions.Choice choice,
            OptionalDouble distance,
            Optional<Threshold> calibrated,
            UnlabelledImages decoded) {
        try (Device device = deviceOptions.open(precisionOptions);
                TrainedModel trained =
                        new TrainedModel(device, checkpoint, decoded.files().size())) {
            Optional<double[][]> centers =
                    choice.chosen().or(() -> calibrated.map(Threshold::centers));
            Optional<KnownRegion> region = centers.flatMap(c -> region(c, distance, calibrated));
            if (centers.isEmpty()) {
                note(
                        "this loss has no centers, so there are no distances before "
                                + CenterOptions.remedy(model.path));
            } else if (region.isEmpty()) {
                note(
                        "no image is called unknown without --threshold or "
                                + CenterOptions.remedy(model.path));
            }
            Embeddings embeddings = choice.classify(trained.embed(decoded.images()));
            List<PredictionTable.Row> rows = new ArrayList<>();
            for (int i = 0; i < embeddings.count(); i++) {
                rows.add(row(decoded, i, embeddings, centers, region));
            }
            return new PredictionTable(checkpoint.model().classes(), rows);
        }
    }

    private Optional<KnownRegion> region(
            double[][] centers, OptionalDouble given, Optional<Threshold> calibrated) {
        return given.isPresent()
                ? Optional.of(KnownRegion.of(centers, given.getAsDouble()))
                : calibrated.map(threshold -> threshold.region(unknown));
    }

    private void note(String text) {
        spec.commandLine().getErr().println("centerloss: note: " + text);
    }

    private static PredictionTable.Row row(
            UnlabelledImages decoded,
            int i,
            Embeddings embeddings,
            Optional<double[][]> centers,
            Optional<KnownRegion> region) {
        Path file = decoded.files().get(i);
        InputException refusal = decoded.refusals().get(i);
        if (refusal != null) {
            return new PredictionTable.Row(file, null, null, ImageArguments.reason(file, refusal));
        }
        return new PredictionTable.Row(
                file,
                centers.map(c -> Prediction.of(embeddings, i, c))
                        .orElse(Prediction.withoutCenters(embeddings.predictions()[i])),
                region.map(known -> !known.contains(embeddings, i)).orElse(null),
                null);
    }
}
