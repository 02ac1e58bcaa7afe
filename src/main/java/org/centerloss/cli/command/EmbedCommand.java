package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.option.CenterOptions;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.ImageArguments;
import org.centerloss.cli.option.ModelParameter;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.folder.UnlabelledImages;
import org.centerloss.device.Device;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.interchange.EmbeddingFormat;
import org.centerloss.interchange.EmbeddingTable;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a trained model makes of images to files that other programs read. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Write the features, labels and predicted classes of a data set or of image files.",
            "",
            ".csv      index (in a data set) or file, label, predicted, f0, f1, …, and of",
            "          files error",
            ".parquet  the same columns, features as 32-bit floats; with --layout list in one",
            "          column 'features'",
            ".npy      features, float32 [images, features], and beside them in",
            "          NAME-labels.npy the labels, int32, numbered as in the model,",
            "          held-out classes after those, -1 where not known",
            "",
            "An image file's label is the innermost folder above it, up to the one that is named,"
                    + " that is a class of the model. Image files get the size and channels that"
                    + " the model was trained on. One that cannot be read has its name and the"
                    + " column error alone (in .npy not a number, and -1), and the exit code is 1;"
                    + " --skip-broken leaves it out."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss embed runs/NAME --out test.csv",
            "  centerloss embed runs/NAME --split train --out train.npy --out train.parquet",
            "  centerloss embed runs/NAME photos scan.png --out photos.csv",
            "  centerloss embed runs/NAME photos --normalize l2 --layout list --out a.parquet"
        })
public final class EmbedCommand implements Callable<Integer> {
    private static final int MOST_NAMED = 20;

    @Spec private CommandSpec spec;
    @Mixin private ModelParameter model;
    @Mixin private DataOptions dataOptions;
    @Mixin private CenterOptions centerOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Parameters(
            index = "1..*",
            paramLabel = "IMAGE|FOLDER",
            description = "Image files, or folders with such at any depth, instead of a data set.")
    private List<Path> files = List.of();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description =
                    "Where to write: a name that ends in .csv, .npy or .parquet, or - for CSV on"
                            + " standard output. May be given several times.")
    private List<Path> outputs;

    @Option(
            names = "--split",
            paramLabel = "train|validation|test",
            defaultValue = "test",
            description = "Which images of the data set. Default: ${DEFAULT-VALUE}.")
    private Part split;

    /** What is done to the features before they are written. */
    enum Normalization {
        NONE,
        L2
    }

    @Option(
            names = "--normalize",
            paramLabel = "none|l2",
            defaultValue = "none",
            description =
                    "l2: divide each image's features by their Euclidean length, for indexes that"
                            + " compare by cosine. Default: ${DEFAULT-VALUE}.")
    private Normalization normalization;

    @Option(
            names = "--layout",
            paramLabel = "columns|list",
            defaultValue = "columns",
            description =
                    "Of Parquet: a column for each feature, or one column 'features' with a list of"
                            + " numbers. Default: ${DEFAULT-VALUE}.")
    private EmbeddingTable.Layout layout;

    @Override
    public Integer call() {
        requireOutputs();
        Checkpoint checkpoint = model.read(spec.commandLine().getErr());
        EmbeddingTable table = files.isEmpty() ? ofDataset(checkpoint) : ofFiles(checkpoint);
        PrintWriter out = printer();
        for (Path output : outputs) {
            for (Path written : format(output).write(table, output, layout)) {
                out.println(written);
            }
        }
        long refused = table.errors().stream().filter(Objects::nonNull).count();
        if (refused > 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "centerloss: %d of %d images could not be read%n",
                            refused, table.count());
            return Main.FAILURE;
        }
        return Main.SUCCESS;
    }

    private void requireOutputs() {
        List<EmbeddingFormat> formats = outputs.stream().map(this::format).toList();
        if (layout == EmbeddingTable.Layout.LIST
                && formats.stream().noneMatch(EmbeddingFormat::hasLists)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--layout list: expected an --out that ends in .parquet, found "
                            + outputs.get(0));
        }
        Output.requireWritable(outputs);
    }

    private PrintWriter printer() {
        return Terminal.printer(spec.commandLine(), outputs);
    }

    private EmbeddingFormat format(Path output) {
        return EmbeddingFormat.of(output)
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--out: expected a name that ends in one of %s, found %s"
                                                .formatted(
                                                        String.join(
                                                                ", ", EmbeddingFormat.endings()),
                                                        output)));
    }

    /** All classes of the data set, also those that the model does not know. */
    private EmbeddingTable ofDataset(Checkpoint checkpoint) {
        MeasuredImages images =
                dataOptions.loadToMeasure(
                        checkpoint, model.path, split, spec.commandLine().getErr());
        Dataset dataset = images.dataset();
        List<String> classes = images.allClasses(checkpoint);
        Embeddings embeddings = embed(checkpoint, dataset.images(split, classes));
        printer()
                .printf(
                        "%s (%s), %s images: %d × %d features%n",
                        dataset.name(),
                        dataset.source(),
                        split.name().toLowerCase(Locale.ROOT),
                        embeddings.count(),
                        embeddings.dimension());
        return new EmbeddingTable(classes, List.of(), embeddings);
    }

    private EmbeddingTable ofFiles(Checkpoint checkpoint) {
        refuseDataOptions();
        UnlabelledImages decoded =
                ImageArguments.decode(files, checkpoint, spec.commandLine().getErr());
        nameBroken(decoded);
        UnlabelledImages images = dataOptions.skipBroken ? decoded.readable() : decoded;
        Embeddings embeddings = embed(checkpoint, images.images());
        List<String> classes = checkpoint.model().classes();
        int dimension = embeddings.dimension();
        int[] labels = new int[images.files().size()];
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            Path file = images.files().get(i);
            InputException refusal = images.refusals().get(i);
            labels[i] =
                    refusal != null
                            ? EmbeddingTable.UNKNOWN
                            : UnlabelledImages.label(file, files, classes);
            errors.add(refusal == null ? null : ImageArguments.reason(file, refusal));
            if (refusal != null) {
                Arrays.fill(embeddings.features(), i * dimension, (i + 1) * dimension, Float.NaN);
            }
        }
        printer()
                .printf(
                        "%d image files: %d × %d features%n",
                        labels.length, labels.length, dimension);
        return new EmbeddingTable(classes, images.files(), errors, embeddings.withLabels(labels));
    }

    /** Names the files that cannot be read, the first of many. */
    private void nameBroken(UnlabelledImages decoded) {
        List<InputException> broken = decoded.refusals().stream().filter(Objects::nonNull).toList();
        PrintWriter err = spec.commandLine().getErr();
        broken.stream()
                .limit(MOST_NAMED)
                .forEach(refusal -> err.println("centerloss: note: " + refusal.getMessage()));
        if (broken.size() == decoded.files().size()) {
            throw new InputException(
                    "expected an image that can be read, found none among %d files"
                            .formatted(broken.size()));
        }
        if (dataOptions.skipBroken && !broken.isEmpty()) {
            err.printf(
                    "centerloss: note: %d of %d images cannot be read and are left out%n",
                    broken.size(), decoded.files().size());
        }
    }

    /** Options on the data set say nothing about image files. */
    private void refuseDataOptions() {
        List<OptionSpec> ofDatasets = new ArrayList<>(spec.mixins().get("dataOptions").options());
        ofDatasets.removeIf(option -> option.longestName().equals("--skip-broken"));
        ofDatasets.add(spec.findOption("--split"));
        for (OptionSpec option : ofDatasets) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.longestName()
                                + ": expected a data set to embed, found image files beside it");
            }
        }
    }

    private Embeddings embed(Checkpoint checkpoint, ImageSet set) {
        CenterOptions.Choice choice =
                centerOptions.choose(checkpoint, model.path, spec.commandLine().getErr());
        try (Device device = deviceOptions.open(precisionOptions);
                TrainedModel trained = new TrainedModel(device, checkpoint)) {
            Embeddings embeddings = choice.classify(trained.embed(set));
            return normalization == Normalization.L2 ? embeddings.normalized() : embeddings;
        }
    }
}
