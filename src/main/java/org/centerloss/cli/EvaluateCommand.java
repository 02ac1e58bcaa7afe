package org.centerloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.Embeddings;
import org.centerloss.train.Evaluation;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a trained model on a data set. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Evaluate a run or a checkpoint on a data set:",
            "accuracy, accuracy and distance to the center per class, confusion matrix."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss evaluate runs/NAME",
            "  centerloss evaluate runs/NAME/checkpoints/last.safetensors --split train"
        })
final class EvaluateCommand implements Callable<Integer> {
    /** Which half of a data set. */
    enum Split {
        TRAIN,
        TEST
    }

    @Spec private CommandSpec spec;
    @Mixin private DataOptions dataOptions;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Parameters(
            paramLabel = "RUN|CHECKPOINT",
            description =
                    "A run directory (its best checkpoint is taken) or a safetensors file of one.")
    private Path model;

    @Option(
            names = "--split",
            paramLabel = "train|test",
            defaultValue = "test",
            description = "Which images. Default: ${DEFAULT-VALUE}.")
    private Split split;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path file = RunDirectory.checkpoint(model);
        Checkpoint checkpoint = Checkpoint.read(file);
        Dataset dataset = dataOptions.load(checkpoint.config().data(), spec.commandLine().getErr());
        ImageSet images = split == Split.TRAIN ? dataset.train() : dataset.test();
        try (Device device = deviceOptions.open(precisionOptions);
                TrainedModel trained = new TrainedModel(device, checkpoint)) {
            checkpoint.requireImagesLike(images, dataset.classes());
            Embeddings embeddings = trained.embed(images);
            Evaluation evaluation = trained.evaluate(embeddings);
            out.printf(
                    "%s, loss %s, %d features, trained for %d steps%n",
                    file,
                    checkpoint.config().loss().objective(),
                    checkpoint.config().network().features(),
                    checkpoint.progress().step());
            out.printf(
                    Locale.ROOT,
                    "%s (%s), %s images, on %s: accuracy %.2f %% (%d images)%n%n",
                    dataset.name(),
                    dataset.source(),
                    split.name().toLowerCase(Locale.ROOT),
                    device.name(),
                    100 * evaluation.accuracy(),
                    images.count());
            printClasses(out, evaluation, dataset.classes());
            printConfusion(out, evaluation, dataset.classes());
        }
        return Main.SUCCESS;
    }

    private static void printClasses(PrintWriter out, Evaluation e, List<String> classes) {
        int width = classes.stream().mapToInt(String::length).max().orElse(0);
        out.printf(
                "%-" + width + "s  %8s  %8s  %s%n",
                "class",
                "images",
                "accuracy",
                "distance to center (mean ± deviation)");
        for (int c = 0; c < classes.size(); c++) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %8d  %6.2f %%  %.4f ± %.4f%n",
                    classes.get(c),
                    e.count(c),
                    100 * e.accuracy(c),
                    e.intraMean()[c],
                    e.intraDeviation()[c]);
        }
        out.println();
    }

    private static void printConfusion(PrintWriter out, Evaluation e, List<String> classes) {
        long largest = 0;
        for (long[] row : e.confusion()) {
            for (long n : row) {
                largest = Math.max(largest, n);
            }
        }
        int cell = Math.max(String.valueOf(largest).length(), 3) + 1;
        out.println("confusion matrix: a row per true class, a column per predicted class");
        out.printf("%5s", "");
        for (int c = 0; c < classes.size(); c++) {
            out.printf("%" + cell + "d", c);
        }
        out.println();
        for (int c = 0; c < classes.size(); c++) {
            out.printf("%4d ", c);
            for (long n : e.confusion()[c]) {
                out.printf("%" + cell + "s", n == 0 ? "·" : String.valueOf(n));
            }
            out.printf("  %s%n", classes.get(c));
        }
    }
}
