package org.centerloss.report.page;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.base.SpreadsheetCell;
import org.centerloss.format.CsvTable;

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
        CsvTable table = CsvTable.read(run.resolve("classes.csv"));
        Map<String, Map<String, Double>> classes = new LinkedHashMap<>();
        double[] epochs = table.numbers("epoch", "a whole number from 1 up", v -> v >= 1);
        for (int row = 0; row < epochs.length; row++) {
            String metric = table.text(row, "metric");
            double value = table.number(row, "value", "0 or more, or NaN", v -> !(v < 0));
            if (epochs[row] == epoch && !metric.equals("center_distance")) {
                String name = SpreadsheetCell.name(table.text(row, "class"));
                classes.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(metric, value);
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
