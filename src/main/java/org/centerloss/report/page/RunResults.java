package org.centerloss.report.page;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.base.InputException;
import org.centerloss.data.Part;
import org.centerloss.format.CsvTable;
import org.centerloss.loss.Objective;
import org.centerloss.train.EpochResult;
import org.centerloss.train.FinalResult;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainingConfig;

/**
 * What a run's directory tells of it, read from its files alone.
 *
 * @param path the directory
 * @param configuration {@code config.json}
 * @param epochs {@code metrics.csv}: a column for each name of its header, a value per epoch
 * @param steps {@code steps.csv}: a column for each name of its header, a value per reading
 * @param finalResult {@code final.json}; empty where the run has not finished, or has a better
 *     epoch since
 */
public record RunResults(
        Path path,
        RunDirectory.Configuration configuration,
        Map<String, double[]> epochs,
        Map<String, double[]> steps,
        Optional<FinalResult> finalResult) {
    private static final String WHOLE = "a whole number from 1 up";
    private static final String NUMBER = "a number that is not infinite";

    /**
     * Reads a run, which may still be going on.
     *
     * @throws InputException if {@code run} is no run directory, has not finished an epoch, or a
     *     file of it is damaged
     */
    public static RunResults read(Path run) {
        return readEvaluated(run)
                .orElseThrow(
                        () ->
                                new InputException(
                                        run
                                                + ": expected at least one finished epoch, found"
                                                + " none in metrics.csv"));
    }

    /**
     * Reads a run; empty where it has not finished an epoch.
     *
     * @throws InputException if {@code run} is no run directory, or a file of it is damaged
     */
    public static Optional<RunResults> readEvaluated(Path run) {
        RunDirectory.Configuration configuration = RunDirectory.readConfig(run);
        List<String> terms =
                configuration.config().objective().terms().stream()
                        .map(Objective.Term::name)
                        .toList();
        RunResults results =
                new RunResults(
                        run,
                        configuration,
                        epochs(run.resolve("metrics.csv"), terms),
                        steps(run.resolve("steps.csv")),
                        FinalResult.kept(run));
        return results.epochCount() == 0
                ? Optional.empty()
                : Optional.of(results.withoutOutdatedFinalResult());
    }

    private RunResults withoutOutdatedFinalResult() {
        double best = epochs("epoch")[best()];
        return new RunResults(
                path, configuration, epochs, steps, finalResult.filter(r -> r.epoch() == best));
    }

    /**
     * The column of the accuracy by the other way to classify, see {@link
     * TrainingConfig#otherCenters}; empty in runs of older versions.
     */
    public Optional<String> otherAccuracy() {
        return Optional.of(
                        EpochResult.otherAccuracyColumn(
                                part(), configuration.config().otherCenters()))
                .filter(epochs::containsKey);
    }

    private static Map<String, double[]> epochs(Path file, List<String> terms) {
        CsvTable table = CsvTable.read(file);
        Map<String, double[]> columns = numbers(table);
        columns.put("epoch", table.numbers("epoch", WHOLE, RunResults::isCount));
        columns.put("step", table.numbers("step", WHOLE, RunResults::isCount));
        columns.put("learning_rate", table.numbers("learning_rate", "above 0", v -> v > 0));
        columns.put("loss", table.numbers("loss", NUMBER, RunResults::isNumber));
        terms.forEach(term -> columns.put(term, table.numbers(term, NUMBER, RunResults::isNumber)));
        // The names of those that choose depend on the run.
        table.requireColumn("train_accuracy");
        for (String column : table.columns()) {
            if (column.matches("(train|test|validation)_accuracy.*")) {
                columns.put(column, table.numbers(column, "0 to 1", v -> v >= 0 && v <= 1));
            }
        }
        columns.put(
                "accuracy_gap", table.numbers("accuracy_gap", "-1 to 1", v -> v >= -1 && v <= 1));
        double[] rates =
                table.numbers("images_per_second", "0 or more, or NaN", RunResults::isRate);
        // Older versions wrote 0 where they had measured nothing.
        columns.put(
                "images_per_second",
                Arrays.stream(rates).map(rate -> rate == 0 ? Double.NaN : rate).toArray());
        requireRising(file, "epoch", columns.get("epoch"));
        requireRising(file, "step", columns.get("step"));
        return columns;
    }

    private static Map<String, double[]> steps(Path file) {
        CsvTable table = CsvTable.read(file);
        Map<String, double[]> columns = numbers(table);
        columns.put("step", table.numbers("step", WHOLE, RunResults::isCount));
        columns.put("loss", table.numbers("loss", NUMBER, RunResults::isNumber));
        requireRising(file, "step", columns.get("step"));
        return columns;
    }

    private static Map<String, double[]> numbers(CsvTable table) {
        Map<String, double[]> columns = new LinkedHashMap<>();
        for (String name : table.columns()) {
            columns.put(name, table.numbers(name, "a number", v -> true));
        }
        return columns;
    }

    /** Whether a number counts epochs or steps; such counts are kept as double exactly. */
    private static boolean isCount(double value) {
        return value >= 1 && value <= 1L << 53 && value == Math.rint(value);
    }

    /** Whether a value can be shown; what is not a number leaves a gap. */
    private static boolean isNumber(double value) {
        return !Double.isInfinite(value);
    }

    private static boolean isRate(double value) {
        return isNumber(value) && !(value < 0);
    }

    private static void requireRising(Path file, String column, double[] values) {
        for (int i = 1; i < values.length; i++) {
            if (values[i] <= values[i - 1]) {
                throw new InputException(
                        "%s: line %d, column %s: expected more than %.0f, found %.0f"
                                .formatted(file, i + 2, column, values[i - 1], values[i]));
            }
        }
    }

    /** The number of finished epochs. */
    public int epochCount() {
        return epochs("epoch").length;
    }

    /**
     * A column of {@code metrics.csv}.
     *
     * @throws InputException if there is none of that name
     */
    public double[] epochs(String column) {
        double[] values = epochs.get(column);
        if (values == null) {
            throw new InputException(
                    "%s: expected a column '%s', found %s"
                            .formatted(path.resolve("metrics.csv"), column, epochs.keySet()));
        }
        return values;
    }

    /** Whether it made all the epochs, or all the steps, that it was to make. */
    public boolean finished() {
        TrainingConfig config = configuration.config();
        double step = epochs("step")[epochCount() - 1];
        return epochCount() >= config.epochs()
                || config.maxSteps() > 0 && step >= config.maxSteps();
    }

    /**
     * How long its training steps took, evaluation and waiting excluded, in seconds. Epochs whose
     * rate is not known count as fast as the others; NaN where no rate is known.
     */
    public double trainingSeconds() {
        double[] step = epochs("step");
        double[] rate = epochs("images_per_second");
        int batch = configuration.config().optimization().batchSize();
        double seconds = 0;
        double timed = 0;
        for (int i = 0; i < step.length; i++) {
            double images = (step[i] - (i == 0 ? 0 : step[i - 1])) * batch;
            if (!Double.isNaN(rate[i])) {
                seconds += images / rate[i];
                timed += images;
            }
        }
        return seconds / timed * step[step.length - 1] * batch;
    }

    /** What the run chooses by: validation images where it has any, else the test's. */
    public Part part() {
        return epochs.containsKey(EpochResult.accuracyColumn(Part.VALIDATION))
                ? Part.VALIDATION
                : Part.TEST;
    }

    /** The images of that part, for people. */
    public String images() {
        return part().adjective() + " images";
    }

    /** The accuracy of each epoch on the images that the run chooses by. */
    public double[] accuracy() {
        return epochs(EpochResult.accuracyColumn(part()));
    }

    /**
     * The test accuracy of the best epoch; empty where the test images do not choose, and the run
     * has not finished.
     */
    public Optional<Double> testAccuracy() {
        return part() == Part.TEST
                ? Optional.of(accuracy()[best()])
                : finalResult.map(tested -> tested.test().of(configuration.config()));
    }

    /** The index, in the columns of {@link #epochs}, of the highest accuracy's first epoch. */
    public int best() {
        double[] accuracy = accuracy();
        int best = 0;
        for (int i = 1; i < accuracy.length; i++) {
            if (accuracy[i] > accuracy[best]) {
                best = i;
            }
        }
        return best;
    }
}
