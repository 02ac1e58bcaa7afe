package org.centerloss.cli.command;

import static org.centerloss.train.Threshold.Scope.GLOBAL;
import static org.centerloss.train.Threshold.Scope.PER_CLASS;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.centerloss.base.Output;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.option.CenterOptions;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.ModelParameter;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.cli.table.EvaluationTables;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.device.Device;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.evaluate.metric.EmbeddingMetrics;
import org.centerloss.evaluate.metric.Samples;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.Threshold;
import org.centerloss.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Evaluates a trained model on a data set. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Evaluate a run or a checkpoint on a data set.",
            "",
            "As a classifier: accuracy by the class means of the training images and by the"
                    + " trained centers; accuracy and distance to the center per class, confusion"
                    + " matrix.",
            "As an embedding, by Euclidean distances between images: precision@1, R-precision and"
                    + " MAP@R (Musgrave et al. 2020), NMI with k-means, silhouette, and for pairs"
                    + " of one class against pairs of two the area under the ROC, equal error rate"
                    + " and true accept rate (TAR) at false accept rates (FAR). Classes that were"
                    + " held out of training have a column of their own.",
            "For predict: the distance to the nearest center beyond which an image is unknown, for"
                    + " all classes and for each; and where classes were held out, how well"
                    + " distances tell known images from theirs (area under the ROC)."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss evaluate runs/NAME",
            "  centerloss evaluate runs/NAME/checkpoints/last.safetensors --split train",
            "  centerloss evaluate runs/NAME --known-share 0.99 --json figures.json"
        })
public final class EvaluateCommand implements Callable<Integer> {
    /** From so many images on, a person is told that it takes more than some seconds. */
    private static final int MANY_IMAGES = 20_000;

    @Spec private CommandSpec spec;
    @Mixin private ModelParameter model;
    @Mixin private CenterOptions centerOptions;
    @Mixin private DataOptions dataOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Option(
            names = "--split",
            paramLabel = "train|validation|test",
            defaultValue = "test",
            description = "Which images. Default: ${DEFAULT-VALUE}.")
    private Part split;

    @Option(
            names = "--no-metrics",
            description =
                    "Leave out what takes time with the square of the number of images: the"
                            + " figures by distances between images.")
    private boolean noMetrics;

    @Option(
            names = "--known-share",
            paramLabel = "F",
            defaultValue = "0.95",
            description =
                    "The share of the correctly classified images that predict is not to call"
                            + " unknown. Default: ${DEFAULT-VALUE}.")
    private double knownShare;

    @Option(
            names = "--threshold",
            paramLabel = "FILE",
            description =
                    "Where to keep the distance beyond which predict says unknown. Default: of a"
                            + " run on its own data set, its threshold.json; else nowhere.")
    private Path thresholdFile;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Write every figure as JSON, with points of the ROC; - is standard output.")
    private Path json;

    @Option(
            names = "--confusion",
            paramLabel = "FILE",
            description =
                    "Write the whole confusion matrix as CSV, a row per true class and a column per"
                            + " predicted class.")
    private Path confusion;

    @Override
    public Integer call() {
        if (!(knownShare > 0 && knownShare <= 1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--known-share: expected above 0 and at most 1, found " + knownShare);
        }
        PrintWriter err = spec.commandLine().getErr();
        Checkpoint checkpoint = model.read(err);
        Path calibration = calibrationFile(checkpoint);
        List<Path> outputs =
                Stream.of(json, confusion, calibration).filter(Objects::nonNull).toList();
        Output.requireWritable(outputs);
        MeasuredImages images = dataOptions.loadToMeasure(checkpoint, model.path, split, err);
        Dataset dataset = images.dataset();
        EvaluationResult result;
        Optional<Threshold> threshold;
        Optional<ClassMeans> means;
        try (Device device = deviceOptions.open(precisionOptions);
                TrainedModel trained = new TrainedModel(device, checkpoint)) {
            Embeddings embedded = trained.embed(images.known());
            means = means(checkpoint, trained);
            CenterOptions.Choice choice =
                    centerOptions.choose(
                            checkpoint, model.path, means.map(ClassMeans::means).orElse(null), err);
            Embeddings embeddings = choice.classify(embedded);
            double[][] centers =
                    choice.chosen()
                            .orElseGet(
                                    () ->
                                            embeddings.classMeans(
                                                    checkpoint.model().classes().size()));
            Evaluation evaluation = Evaluation.of(embeddings, centers);
            threshold = calibrate(checkpoint, trained, dataset, embeddings, choice, centers);
            EvaluationResult.OtherClasses others =
                    images.others() == null
                            ? null
                            : others(checkpoint, trained, images, threshold, embeddings);
            result =
                    new EvaluationResult(
                            model.checkpoint().toString(),
                            checkpoint.progress().step(),
                            checkpoint.config().loss().objective(),
                            embeddings.dimension(),
                            device.name(),
                            dataset.name(),
                            dataset.source(),
                            name(split),
                            new EvaluationResult.KnownClasses(
                                    embeddings.count(),
                                    evaluation.accuracy(),
                                    choice.classifiedBy(),
                                    choice.centers().accuracies(embedded),
                                    choice.kind()
                                            .map(CenterKind::text)
                                            .orElse("class means of these images"),
                                    EvaluationResult.classes(
                                            evaluation, checkpoint.model().classes()),
                                    evaluation.confusion(),
                                    metrics(checkpoint, embeddings),
                                    UnknownImages.share(threshold, GLOBAL, embeddings),
                                    UnknownImages.share(threshold, PER_CLASS, embeddings)),
                            images.heldOut() ? others : null,
                            images.heldOut() ? null : others,
                            threshold.map(EvaluationResult.Calibration::of).orElse(null));
        }
        PrintWriter out = Terminal.printer(spec.commandLine(), outputs);
        new EvaluationTables(out, Terminal.width()).print(result);
        new EvaluationFiles(json, confusion, calibration).write(result, threshold, out, err);
        if (means.isPresent()
                && Files.isDirectory(model.path)
                && ClassMeans.kept(model.path, checkpoint).isEmpty()) {
            means.get().write(model.path);
            out.printf("class means for predict: %s%n", ClassMeans.file(model.path));
        }
        return Main.SUCCESS;
    }

    /**
     * Where the threshold is kept: a run's own only where it is measured on what it was trained on,
     * so that a look at other images does not change what predict says. Null for nowhere.
     */
    private Path calibrationFile(Checkpoint checkpoint) {
        boolean ofRun =
                Files.isDirectory(model.path) && dataOptions.isOwn(checkpoint.config().data());
        return thresholdFile == null && ofRun ? Threshold.file(model.path) : thresholdFile;
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Calibrates on the images that the run chose by where it kept some for that, so that the test
     * images do not, else on those that are evaluated; empty where none was classified correctly.
     */
    private Optional<Threshold> calibrate(
            Checkpoint checkpoint,
            TrainedModel trained,
            Dataset dataset,
            Embeddings evaluated,
            CenterOptions.Choice choice,
            double[][] centers) {
        Part part = dataOptions.hasValidation(checkpoint, model.path) ? Part.VALIDATION : split;
        Embeddings embeddings =
                part == split
                        ? evaluated
                        : choice.classify(trained.embed(ownImages(checkpoint, part)));
        if (embeddings.accuracy() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Threshold.of(
                        checkpoint,
                        "%s, %s images".formatted(dataset.name(), name(part)),
                        embeddings,
                        choice.kind().orElse(null),
                        centers,
                        knownShare));
    }

    /**
     * Images of what the model was trained on, beside those to evaluate. What there is to say of
     * the data set was said when those were loaded.
     */
    private ImageSet ownImages(Checkpoint checkpoint, Part part) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return dataOptions.loadToMeasure(checkpoint, model.path, part, nowhere).known();
    }

    /**
     * The class means that the run keeps, else those of its training images; empty where another
     * data set was asked for, which need not come with them.
     */
    private Optional<ClassMeans> means(Checkpoint checkpoint, TrainedModel trained) {
        Optional<ClassMeans> kept = ClassMeans.kept(model.path, checkpoint);
        if (kept.isPresent() || !dataOptions.isOwn(checkpoint.config().data())) {
            return kept;
        }
        ImageSet training = ownImages(checkpoint, Part.TRAIN);
        return Optional.of(ClassMeans.of(checkpoint, trained.embed(training)));
    }

    /** The figures by distances between images; null where they are not wanted. */
    private EmbeddingMetrics metrics(Checkpoint checkpoint, Embeddings e) {
        Samples samples = new Samples(e.dimension(), e.features(), e.labels());
        if (noMetrics) {
            return null;
        }
        if (e.count() >= MANY_IMAGES) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "centerloss: note: distances between %d images take a while;"
                                    + " --no-metrics leaves them out%n",
                            e.count());
        }
        return EmbeddingMetrics.of(samples, checkpoint.config().seed());
    }

    private EvaluationResult.OtherClasses others(
            Checkpoint checkpoint,
            TrainedModel trained,
            MeasuredImages images,
            Optional<Threshold> threshold,
            Embeddings known) {
        Embeddings others = trained.embed(images.others());
        return UnknownImages.measure(
                images.otherClasses(), others, metrics(checkpoint, others), threshold, known);
    }
}
