package org.centerloss.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.InputException;

/**
 * How an epoch did on the test images of one class.
 *
 * @param accuracy NaN for a class without test images
 * @param intraMean mean distance of its test images to its center; NaN likewise
 * @param intraDeviation the standard deviation of that distance; NaN likewise
 */
public record ClassResult(String name, double accuracy, double intraMean, double intraDeviation) {
    /**
     * Every class in an epoch, from a run's {@code classes.csv}.
     *
     * @throws InputException if the file is missing or damaged
     */
    public static List<ClassResult> read(Path run, int epoch) {
        Path file = run.resolve("classes.csv");
        return RunResults.parse(file, parser -> read(file, parser, epoch));
    }

    private static List<ClassResult> read(Path file, CSVParser parser, int epoch) {
        Map<String, Map<String, Double>> classes = new LinkedHashMap<>();
        for (CSVRecord line : parser) {
            if (RunResults.number(file, line, "epoch") == epoch
                    && !line.get("metric").equals("center_distance")) {
                classes.computeIfAbsent(line.get("class"), name -> new LinkedHashMap<>())
                        .put(line.get("metric"), RunResults.number(file, line, "value"));
            }
        }
        return classes.entrySet().stream()
                .map(
                        own ->
                                new ClassResult(
                                        own.getKey(),
                                        own.getValue().getOrDefault("accuracy", Double.NaN),
                                        own.getValue()
                                                .getOrDefault("intra_distance_mean", Double.NaN),
                                        own.getValue()
                                                .getOrDefault(
                                                        "intra_distance_deviation", Double.NaN)))
                .toList();
    }
}
