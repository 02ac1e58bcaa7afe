package org.centerloss.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.InputException;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainingConfig;

/**
 * What a run's directory tells of it, read from its files alone.
 *
 * @param path the directory
 * @param configuration {@code config.json}
 * @param epochs {@code metrics.csv}: a column for each name of its header, a value per epoch
 * @param steps {@code steps.csv}: a column for each name of its header, a value per reading
 */
public record RunResults(
        Path path,
        RunDirectory.Configuration configuration,
        Map<String, double[]> epochs,
        Map<String, double[]> steps) {

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
        RunResults results =
                new RunResults(
                        run,
                        RunDirectory.readConfig(run),
                        columns(run.resolve("metrics.csv")),
                        columns(run.resolve("steps.csv")));
        return results.epochCount() == 0 ? Optional.empty() : Optional.of(results);
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

    /** How long its training steps took, evaluation and waiting excluded, in seconds. */
    public double trainingSeconds() {
        double[] step = epochs("step");
        double[] rate = epochs("images_per_second");
        int batch = configuration.config().optimization().batchSize();
        double seconds = 0;
        for (int i = 0; i < step.length; i++) {
            seconds += (step[i] - (i == 0 ? 0 : step[i - 1])) * batch / rate[i];
        }
        return seconds;
    }

    /** The index, in the columns of {@link #epochs}, of the highest test accuracy's first epoch. */
    public int best() {
        double[] accuracy = epochs("test_accuracy");
        int best = 0;
        for (int i = 1; i < accuracy.length; i++) {
            if (accuracy[i] > accuracy[best]) {
                best = i;
            }
        }
        return best;
    }

    private static Map<String, double[]> columns(Path file) {
        return parse(
                file,
                parser -> {
                    Map<String, double[]> columns = new LinkedHashMap<>();
                    List<CSVRecord> lines = parser.getRecords();
                    for (String name : parser.getHeaderNames()) {
                        columns.put(
                                name,
                                lines.stream().mapToDouble(l -> number(file, l, name)).toArray());
                    }
                    return columns;
                });
    }

    /**
     * Reads a CSV file with a header.
     *
     * @throws InputException if it is missing or damaged
     */
    static <T> T parse(Path file, Function<CSVParser, T> reading) {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(file), format)) {
            return reading.apply(parser);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": expected a file of the run, found none", e);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            boolean text = !(e instanceof CharacterCodingException);
            throw new InputException(
                    text
                            ? "%s: cannot be read: %s".formatted(file, e.getMessage())
                            : file + ": expected lines of text, found other bytes",
                    e);
        }
    }

    /** The number in a column of a line. */
    static double number(Path file, CSVRecord line, String column) {
        String text = line.isSet(column) ? line.get(column) : "";
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new InputException(
                    "%s: line %d, column %s: expected a number, found '%s'"
                            .formatted(file, line.getRecordNumber() + 1, column, text),
                    e);
        }
    }
}
