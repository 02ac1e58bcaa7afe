package org.centerloss.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.InputException;
import org.centerloss.train.RunDirectory;

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
        RunDirectory.Configuration configuration = RunDirectory.readConfig(run);
        RunResults results =
                new RunResults(
                        run,
                        configuration,
                        columns(run.resolve("metrics.csv")),
                        columns(run.resolve("steps.csv")));
        if (results.epochCount() == 0) {
            throw new InputException(
                    run + ": expected at least one finished epoch, found none in metrics.csv");
        }
        return results;
    }

    /** The number of finished epochs. */
    public int epochCount() {
        return epochs.get("epoch").length;
    }

    /** The index, in the columns of {@link #epochs}, of the highest test accuracy's first epoch. */
    public int best() {
        double[] accuracy = epochs.get("test_accuracy");
        int best = 0;
        for (int i = 1; i < accuracy.length; i++) {
            if (accuracy[i] > accuracy[best]) {
                best = i;
            }
        }
        return best;
    }

    private static Map<String, double[]> columns(Path file) {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        Map<String, double[]> columns = new LinkedHashMap<>();
        try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(file), format)) {
            List<CSVRecord> lines = new ArrayList<>();
            parser.forEach(lines::add);
            for (String name : parser.getHeaderNames()) {
                double[] values = new double[lines.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = number(file, lines.get(i), name);
                }
                columns.put(name, values);
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new InputException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        return columns;
    }

    private static double number(Path file, CSVRecord line, String column) {
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
